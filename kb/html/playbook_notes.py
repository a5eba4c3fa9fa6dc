"""Below the text of a page: the passages it cites, by number, each with its words, its document and how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import actions, addresses, labels
from kb.html.blocks import is_structured
from kb.html.editions import changes_link
from kb.html.element import el, spaced
from kb.html.hits import version_href
from kb.html.page_text import quotation
from kb.html.pictures import picture_on_demand
from kb.html.receipt import ocr_label
from kb.html.snippet import snippet
from kb.i18n import Texts
from kb.library.evidence.standing import is_as_quoted, standing
from kb.model.evidence import Evidence, Lost
from kb.model.passages import Passage, heading_end
from kb.playbook.render import Note
from kb.playbook.sources import PageSources

_SHORT = {"en": 360, "ja": 190}
"""Characters of a passage up to which it is shown whole."""


def note_list(t: Texts, notes: Sequence[Note], sources: PageSources) -> Markup | None:
    """The list that the numbers in the text lead to; nothing for a page that cites nothing."""
    if not notes:
        return None
    return el(
        "section",
        el("h2", t("citing.notes"), id="notes-title"),
        el("ol", [_note(t, each, sources) for each in notes]),
        lang=t.language,
        aria_labelledby="notes-title",
        class_="kb-notes",
    )


def quoted(t: Texts, passage: Passage, *, structured: bool, name: str) -> Markup:
    """The words of a passage; of a long one the beginning, and the whole on demand. `name` tells lists apart."""
    start = heading_end(passage)
    if len(passage.text) - start <= _SHORT[passage.language]:
        return quotation(passage, structured=structured)
    words = snippet(passage.text, (), passage.language, skip=start, structured=structured)
    return el(
        "div",
        el("blockquote", el("p", words), lang=passage.language, class_="kb-quotation"),
        el(
            "details",
            el("summary", t("citing.whole")),
            quotation(passage, structured=structured),
            id=f"whole-{name}-{passage.id}",
            class_="kb-whole",
        ),
    )


def place(t: Texts, evidence: Evidence) -> Markup:
    """The document of a passage with publisher and edition, and where in it the passage stands."""
    version, passage = evidence.version, evidence.passage
    href = version_href(t, version, page=passage.page, passage=passage.id)
    title = el("span", version.title, lang=version.metadata.language)
    where = spaced([labels.section_path(passage), labels.page_word(t, passage), ocr_label(t, passage)])
    return el(
        "div",
        el("p", title if evidence.withdrawal else el("a", title, href=href), class_="kb-note-title"),
        el("p", labels.facts_line(t, version, with_country=True), class_="kb-facts"),
        el("p", where, class_="kb-where") if where else None,
    )


def told(t: Texts, evidence: Evidence | Lost) -> Markup | None:
    """What has become of a passage that does not stand as it was quoted, with ways to what replaced it."""
    if is_as_quoted(evidence):
        return None
    links: list[Markup | None] = []
    if isinstance(evidence, Evidence) and evidence.successor is not None:
        there = evidence.fates.there
        if there is not None and there.passage_id:
            href = addresses.screen(addresses.passage(there.passage_id), t.language)
            links.append(el("a", t("basket.newer"), href=href))
        links.append(changes_link(t, evidence.version, evidence.successor.version))
    return el("p", standing(t, evidence), " ", spaced(links), class_="kb-standing kb-standing-warned")


def _note(t: Texts, note: Note, sources: PageSources) -> Markup:
    evidence = sources.evidence.get(note.passage_id)
    link = addresses.passage(note.passage_id)
    permanent = el("a", t("citing.link"), _of(t, note), href=addresses.screen(link, t.language))
    drifted = (
        el("p", el("strong", t("citing.drifted")), class_="kb-drift") if note.passage_id in sources.drifted else None
    )
    shown: list[Markup | None] = []
    links: list[Markup | None] = [permanent]
    if isinstance(evidence, Evidence):
        structured = is_structured(evidence.version)
        words = quoted(t, evidence.passage, structured=structured, name="note")
        shown = [
            words if evidence.may_be_quoted else el("p", t("withdrawn.not_quoted")),
            place(t, evidence),
        ]
        if evidence.withdrawal is None:
            links.append(actions.copy_link(t, link, of=evidence.version.title))
    elif evidence is not None:
        shown = [el("p", t("basket.lost"), class_="kb-note-title")]
    picture = None
    if isinstance(evidence, Evidence) and evidence.withdrawal is None:
        picture = picture_on_demand(t, evidence.passage, evidence.version, name="note")
    return el(
        "li",
        drifted,
        shown,
        told(t, evidence) if evidence is not None else None,
        el("ul", [el("li", each) for each in (*links, *_ways_back(t, note)) if each], class_="kb-actions"),
        picture,
        id=note.id,
        tabindex="-1",
    )


def _ways_back(t: Texts, note: Note) -> list[Markup]:
    """Links to each place of the text that cites the passage."""
    one = len(note.marks) == 1
    keys = ["citing.back" if one else "citing.back.place" for _ in note.marks]
    return [
        el("a", t(key, number=str(number)), _of(t, note), href=f"#{mark}")
        for number, (key, mark) in enumerate(zip(keys, note.marks, strict=True), 1)
    ]


def _of(t: Texts, note: Note) -> Markup:
    return el("span", f" {t('citing.of', number=str(note.number))}", class_="kb-hidden")
