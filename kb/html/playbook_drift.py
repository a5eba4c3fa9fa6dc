"""On a page: that sources of it have changed since somebody last checked what it says."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el
from kb.i18n import Texts
from kb.model.evidence import Evidence
from kb.playbook.render import Note
from kb.playbook.sources import PageSources


def drift_notice(t: Texts, slug: str, notes: Sequence[Note], sources: PageSources) -> Markup | None:
    """What has drifted, with ways to each note and to where it is checked; nothing where all is as it was checked."""
    drifted = [each for each in notes if each.passage_id in sources.drifted]
    if not drifted:
        return None
    check = addresses.citations(t.language, page=slug)
    return el(
        "div",
        el("p", t("citing.notice", n=len(drifted))),
        el("ul", [el("li", _link(t, each, sources)) for each in drifted]),
        el("p", el("a", t("citing.notice.check"), href=check)),
        role="note",
        class_="kb-notice kb-notice-edition",
    )


def _link(t: Texts, note: Note, sources: PageSources) -> list[Markup | str]:
    evidence = sources.evidence.get(note.passage_id)
    link = el("a", t("playbook.cite", number=note.number), href=f"#{note.id}")
    if not isinstance(evidence, Evidence):
        return [link]
    return [link, t("citing.between"), el("span", evidence.version.title, lang=evidence.version.metadata.language)]
