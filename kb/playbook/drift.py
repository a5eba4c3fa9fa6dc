"""Citations whose source drifted: moved, changed, replaced or gone since somebody last checked the page."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from kb.errors import PlaybookError
from kb.library.evidence.collected import collected
from kb.library.families import stamps
from kb.model.evidence import BasketItem, Evidence, Lost
from kb.model.playbook import WikiPage
from kb.playbook.standing import DriftKind, better_than, is_news, kind_of, state_of
from kb.store import Store
from kb.store.citation_checks import Check, set_check
from kb.store.cited_passages import Cause, Suspect
from kb.text.language import Language


@dataclass(frozen=True, slots=True)
class Drift:
    """A citation first under `heading` of a body whose passage stands otherwise than when it was last checked.

    `check` is that last check, None where nobody has checked it since it was cited. `better` is the passage that the
    current edition has in its place, empty where there is none. `state` is what a check of it now would keep.
    """

    page: WikiPage
    language: Language
    heading: str
    cause: Cause
    kind: DriftKind
    state: str
    evidence: Evidence | Lost
    check: Check | None
    better: str

    @property
    def passage_id(self) -> str:
        """The passage that is cited."""
        return self.evidence.item.passage_id


@dataclass(frozen=True, slots=True)
class Counts:
    """How many citations of published pages have drifted: all, and those of each cause and language."""

    total: int = 0
    causes: Mapping[Cause, int] = field(default_factory=dict)
    languages: Mapping[Language, int] = field(default_factory=dict)
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Some of the drifted citations of every page. `counts` are of all, `found` is how many the choice left."""

    counts: Counts
    found: int
    shown: Sequence[Drift]


def drifts(store: Store, page: WikiPage | None = None) -> Sequence[Drift]:
    """Citations of a page, or of every published page, that nobody has checked since their passage drifted."""
    return _followed(store, _drifted(store, page.id if page else None))


def report(
    store: Store,
    page: WikiPage | None = None,
    *,
    cause: str = "",
    language: str = "",
    skipped: int = 0,
    limit: int = 20,
) -> Report:
    """The drifted citations of a page or of every page, by address and place, of one `cause` or `language` if given.

    They are counted by the tables; only those that are shown are looked for in the texts.
    """
    every = _drifted(store, page.id if page else None)
    chosen = [each for each in every if cause in ("", each.cause) and language in ("", each.language)]
    shown = _followed(store, chosen[skipped : skipped + limit])
    return Report(_counted(every), len(chosen), shown)


def find(store: Store, page: WikiPage, language: Language, passage_id: str) -> Drift | None:
    """One drifted citation as it stands now; None where there is nothing to check any more."""
    wanted = [each for each in _drifted(store, page.id) if (each.language, each.passage_id) == (language, passage_id)]
    return next(iter(_followed(store, wanted)), None)


def confirm(store: Store, page: WikiPage, language: Language, passage_id: str, *, by: str, state: str) -> None:
    """Keep that a page still says the truth about a passage, as whoever says so saw it: in this `state`.

    Raises `PlaybookError` where it stands otherwise by now.
    """
    families, evidence = _told(store, {passage_id})
    if state_of(evidence[passage_id]) != state:
        raise changed_again()
    _keep(store, (page.id, language), families, evidence, by=by)


def changed_again() -> PlaybookError:
    """A source that stands otherwise than whoever wants to do something about it has seen."""
    return PlaybookError(
        "The source has changed again since you opened the page.",
        remedy="Look at it as it stands now.",
        reason="citing-changed",
    )


def note_cited(
    store: Store, page_id: int, language: Language, passage_ids: Collection[str], *, by: str, seen_at: str = ""
) -> None:
    """Whoever cites a passage has seen how it stands: what had drifted already, by `seen_at` if given, is no news."""
    if not passage_ids:
        return
    suspects = set(passage_ids) - store.cited_passages.settled(passage_ids)
    families, evidence = _told(store, suspects)
    seen = {name: each for name, each in evidence.items() if not _came_since(each, seen_at)}
    _keep(store, (page_id, language), families, seen, by=by)


def _drifted(store: Store, page_id: int | None = None) -> Sequence[Suspect]:
    """The citations that have drifted, by what the tables say of nearly all of them.

    The texts are asked of those whose document was read anew, and of those that were checked before their editions
    changed again.
    """
    suspects = store.cited_passages.suspects(page_id)
    families = stamps(store, {each.version_id for each in suspects if each.check})
    kept = [each for each in suspects if not _is_checked(each, families)]
    unsure = [each for each in kept if each.check or each.cause == "reading"]
    told = {name: state_of(each) for name, each in _evidence(store, {each.passage_id for each in unsure}).items()}
    return [each for each in kept if each.passage_id not in told or is_news(told[each.passage_id], each.check)]


def _is_checked(suspect: Suspect, families: Mapping[str, str]) -> bool:
    """Whether it was checked, and nothing of its editions has changed since."""
    return suspect.check is not None and suspect.check.stamp == families.get(suspect.version_id, suspect.cause)


def _followed(store: Store, suspects: Sequence[Suspect]) -> Sequence[Drift]:
    evidence = _evidence(store, {each.passage_id for each in suspects})
    pages = store.wiki.get_many({each.page_id for each in suspects})
    return [_drift(each, evidence[each.passage_id], pages[each.page_id]) for each in suspects]


def _drift(suspect: Suspect, evidence: Evidence | Lost, page: WikiPage) -> Drift:
    return Drift(
        *(page, suspect.language, suspect.heading, suspect.cause),
        kind=kind_of(evidence),
        state=state_of(evidence),
        evidence=evidence,
        check=suspect.check,
        better=better_than(evidence),
    )


def _counted(suspects: Sequence[Suspect]) -> Counts:
    causes: dict[Cause, int] = {}
    languages: dict[Language, int] = {}
    for each in suspects:
        causes[each.cause] = causes.get(each.cause, 0) + 1
        languages[each.language] = languages.get(each.language, 0) + 1
    return Counts(len(suspects), causes, languages, len({each.page_id for each in suspects}))


def _told(store: Store, passage_ids: Collection[str]) -> tuple[Mapping[str, str], Mapping[str, Evidence | Lost]]:
    """Stamps of the families of passages, and what is known of them: in this order, so that no stamp is too new."""
    held = store.passages.get_many(sorted(passage_ids))
    families = stamps(store, {each.version_id for each in held.values()})
    return families, _evidence(store, passage_ids)


def _keep(
    store: Store,
    body: tuple[int, Language],
    families: Mapping[str, str],
    evidence: Mapping[str, Evidence | Lost],
    *,
    by: str,
) -> None:
    states = {name: state_of(each) for name, each in evidence.items()}
    news = {name: state for name, state in states.items() if is_news(state, None)}
    if not news:
        return
    with store.database.write() as connection:
        for name, state in news.items():
            told = evidence[name]
            stamp = "lost" if isinstance(told, Lost) else families.get(told.version.id, "")
            set_check(connection, (*body, name), state, stamp=stamp, by=by)


def _came_since(evidence: Evidence | Lost, moment: str) -> bool:
    """Whether what replaced the passage or took it away came after this moment."""
    if isinstance(evidence, Lost):
        return bool(moment) and (evidence.deleted_at or "") > moment
    came = [evidence.withdrawal.withdrawn_at if evidence.withdrawal else ""]
    came += [evidence.successor.first.added_at if evidence.successor else ""]
    return bool(moment) and max(came) > moment


def _evidence(store: Store, passage_ids: Collection[str]) -> Mapping[str, Evidence | Lost]:
    if not passage_ids:
        return {}
    items = [BasketItem(identity, "", "", "") for identity in sorted(passage_ids)]
    return {each.item.passage_id: each for each in collected(store, items)}
