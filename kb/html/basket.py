"""The page of what a reader has collected as evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from markupsafe import Markup

from kb.html import actions, addresses, labels
from kb.html.basket_notes import FORM, note_field
from kb.html.blocks import is_structured
from kb.html.editions import changes_link
from kb.html.element import el, spaced
from kb.html.hits import version_href
from kb.html.page_text import quotation
from kb.html.pictures import picture_on_demand
from kb.html.receipt import ocr_label
from kb.i18n import Texts, date_text, licence_text
from kb.library.evidence.standing import is_as_quoted, standing
from kb.model.evidence import Evidence, Lost

Change = Literal["add", "remove", "note", "up", "down", "take-out", "clear", "put-back"]
"""`remove` leads back to where it was sent from; `take-out` is the same on the page of evidence."""

FORMATS = ("pdf", "docx", "md")
CITATIONS = ("bib", "json")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the page says of how long a basket is kept and how long a note may be."""

    kept_days: int
    note_characters: int


@dataclass(frozen=True, slots=True)
class Done:
    """What was just done: `removed` is the moment to put back, `noted` the passage whose note was saved.

    `problem` is why it was not done; `unsaved` are the notes that were not saved then, by passage.
    """

    removed: str = ""
    noted: str = ""
    problem: Markup | None = None
    unsaved: Mapping[str, str] = field(default_factory=dict)


NOTHING_DONE = Done()


def basket(t: Texts, evidence: Sequence[Evidence | Lost], limits: Limits, done: Done = NOTHING_DONE) -> Markup:
    """The page of what is collected."""
    kept = el("p", t("basket.kept", days=str(limits.kept_days)), class_="kb-hint")
    form = el("form", id=FORM, method="post", action=_action(t, "note"))
    parts = [el("h1", t("basket.title")), done.problem, _removed(t, done), form]
    if not evidence:
        search = el("a", t("basket.empty.search"), href=addresses.screen(addresses.SEARCH, t.language))
        empty = [el("p", t("basket.empty")), el("p", t("basket.empty.how")), el("p", search)]
        return el("div", parts, el("div", empty, class_="kb-notice"), kept)
    last = len(evidence)
    entries = [_entry(t, each, number, last, limits, done) for number, each in enumerate(evidence, 1)]
    return el(
        "div",
        parts,
        el("p", t("basket.lead"), class_="kb-lead"),
        kept,
        _downloads(t),
        el("h2", t("basket.passages", n=last), id="passages"),
        el("ol", entries, class_="kb-evidence"),
        _clear(t),
        class_="kb-basket",
    )


def _downloads(t: Texts) -> Markup:
    def links(formats: Sequence[str]) -> Markup:
        found = [
            el("a", t(f"basket.format.{each}"), href=addresses.evidence_file(t.language, each), download=True)
            for each in formats
        ]
        return el("ul", [el("li", link) for link in found], class_="kb-actions")

    return el(
        "section",
        el("h2", t("basket.download"), id="download"),
        el("p", t("basket.download.whole")),
        links(FORMATS),
        el("p", t("basket.download.citations")),
        links(CITATIONS),
        aria_labelledby="download",
        data_notes=True,
        class_="kb-downloads",
    )


def _entry(t: Texts, evidence: Evidence | Lost, number: int, last: int, limits: Limits, done: Done) -> Markup:
    identity = evidence.item.passage_id
    name = t("basket.lost") if isinstance(evidence, Lost) else evidence.version.title
    warned = "" if is_as_quoted(evidence) else " kb-standing-warned"
    return el(
        "li",
        el("h3", name) if isinstance(evidence, Lost) else _shown(t, evidence),
        el("p", standing(t, evidence), " ", _newer(t, evidence), class_=f"kb-standing{warned}"),
        _facts(t, evidence),
        _note(t, evidence, limits, done),
        _moves(t, identity, number, last, name),
        id=f"p-{identity}",
        tabindex="-1",
    )


def _shown(t: Texts, evidence: Evidence) -> list[Markup | None]:
    version, passage = evidence.version, evidence.passage
    href = version_href(t, version, page=passage.page, passage=passage.id)
    where = spaced([labels.section_path(passage), labels.page_word(t, passage), ocr_label(t, passage)])
    links = [
        actions.open_file(t, version, page=passage.page),
        actions.copy_link(t, addresses.passage(passage.id), of=version.title),
    ]
    return [
        el("h3", el("a", version.title, href=href), lang=version.metadata.language),
        el("p", labels.facts_line(t, version, with_country=True), class_="kb-facts"),
        el("p", where, class_="kb-where") if where else None,
        quotation(passage, structured=is_structured(version))
        if evidence.may_be_quoted
        else el("p", t("withdrawn.not_quoted")),
        None if evidence.withdrawal else el("ul", [el("li", link) for link in links if link], class_="kb-actions"),
        None if evidence.withdrawal else picture_on_demand(t, passage, version, name="basket"),
    ]


def _newer(t: Texts, evidence: Evidence | Lost) -> Markup | None:
    """Ways to the newer edition: to the place in it, and to what changed."""
    if isinstance(evidence, Lost) or evidence.successor is None:
        return None
    there = evidence.fates.there
    place = None
    if there is not None and there.passage_id:
        href = addresses.screen(addresses.passage(there.passage_id), t.language)
        place = el("a", t("basket.newer"), href=href)
    return spaced([place, changes_link(t, evidence.version, evidence.successor.version)])


def _facts(t: Texts, evidence: Evidence | Lost) -> Markup:
    item = evidence.item
    link = addresses.passage(item.passage_id)
    known: list[tuple[str, Markup | str]] = [
        ("link", el("a", link, href=addresses.screen(link, t.language))),
        ("retrieved", date_text(t.language, item.retrieved_at)),
    ]
    if isinstance(evidence, Evidence):
        metadata = evidence.version.metadata
        source = metadata.source_url
        if metadata.published:
            known.insert(0, ("published", date_text(t.language, metadata.published, era=True)))
        if source.startswith(("https://", "http://")):
            known.append(("source", el("a", source, href=source, rel="noopener noreferrer")))
        known.append(("licence", licence_text(t.language, metadata.licence) or t("basket.licence.unknown")))
    if item.query:
        known.append(("query", item.query))
    rows = [(el("dt", t(f"basket.term.{term}")), el("dd", value)) for term, value in known]
    return el("dl", rows, class_="kb-terms")


def _note(t: Texts, evidence: Evidence | Lost, limits: Limits, done: Done) -> Markup:
    identity = evidence.item.passage_id
    return note_field(
        t,
        identity,
        evidence.item.note,
        save=_action(t, "note"),
        most=limits.note_characters,
        typed=done.unsaved.get(identity, ""),
        is_saved=done.noted == identity and not done.problem,
    )


def _moves(t: Texts, identity: str, number: int, last: int, name: str) -> Markup:
    steps: list[tuple[Change, bool]] = [("up", number > 1), ("down", number < last), ("take-out", True)]
    buttons = [_button(t, change, identity, name) for change, is_there in steps if is_there]
    return el("ul", [el("li", each) for each in buttons], class_="kb-actions")


def _button(t: Texts, change: Change, identity: str, name: str) -> Markup:
    about = el("span", f" {t('basket.of', title=name)}", class_="kb-hidden")
    return el(
        "button",
        t(f"basket.{change}"),
        about,
        name="passage",
        value=identity,
        form=FORM,
        formaction=_action(t, change),
        class_="kb-link-button",
    )


def _clear(t: Texts) -> Markup:
    words = t("basket.clear.button")
    return el(
        "details",
        el("summary", t("basket.clear")),
        el("p", t("basket.clear.sure")),
        el("button", words, form=FORM, formaction=_action(t, "clear"), class_="kb-button kb-button-plain"),
        id="clear",
        class_="kb-clear",
    )


def _removed(t: Texts, done: Done) -> Markup | None:
    if not done.removed:
        return None
    back = el(
        "button",
        t("basket.put_back"),
        name="removed",
        value=done.removed,
        form=FORM,
        formaction=_action(t, "put-back"),
        class_="kb-link-button",
    )
    return el("div", el("p", t("basket.removed"), " ", back), class_="kb-notice", role="status")


def _action(t: Texts, change: Change) -> str:
    return addresses.basket_change(t.language, change)
