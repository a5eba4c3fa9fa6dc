"""What changed between two editions: how much, where, and word by word."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from kb.html import addresses, difference
from kb.html.comparison_parts import Part, Row, ShownSection, part_of, parts
from kb.html.element import el, spaced
from kb.i18n import Texts, date_text
from kb.library.comparison import ComparedSection, Comparison
from kb.library.paragraphs import ComparedParagraph
from kb.model.works import Version
from kb.text.difference import Segment, SegmentKind
from kb.text.difference import difference as word_difference
from kb.text.language import Language

_KINDS = ("same", "changed", "added", "removed", "moved")
_LITTLE = 0.05
"""Share of the text that is the same below which two editions have little in common."""


def comparison(t: Texts, before: Version, after: Version, found: Comparison, *, part: int = 1) -> Markup:
    """The page of what changed from `before` to `after`, at a `part` of it, counted from 1."""
    shown = parts(found)
    part = min(max(part, 1), max(len(shown), 1))
    language = after.metadata.language
    turn = _turn(t, before, after, part, len(shown)) if len(shown) > 1 else None
    return el(
        "div",
        _head(t, before, after),
        el("section", el("h2", t("changes.summary"), id="summary"), _summary(t, found), aria_labelledby="summary"),
        _key(t) if shown else None,
        _contents(t, before, after, found, shown, part) if found.headed and shown else None,
        turn,
        [
            _section(t, each, before, after, language, headed=found.headed)
            for each in (shown[part - 1] if shown else ())
        ],
        turn,
        class_="kb-changes",
    )


def not_comparable(t: Texts, before: Version, after: Version, *, why: str) -> Markup:
    """The page of two versions whose words cannot be compared, and why."""
    links = [el("li", _edition(t, version)) for version in (before, after)]
    return el(
        "div",
        _head(t, before, after, linked=False),
        el("div", el("p", t(f"changes.{why}")), el("p", t("changes.languages.remedy")), class_="kb-notice"),
        el("ul", links),
    )


def summary(t: Texts, found: Comparison) -> str:
    """How much changed, in a sentence or two."""
    unit, counts = ("section", found.counts) if found.headed else ("paragraph", found.paragraph_counts)
    if not any(number for kind, number in counts.items() if kind != "same"):
        return t("changes.none")
    listed = [t(f"changes.{unit}.{kind}", n=counts[kind]) for kind in _KINDS if counts.get(kind)]
    sentence = t("changes.sentence", counts=t("changes.list").join(listed))
    share = t("changes.share", percent=str(int(found.same_share * 100)))
    return f"{sentence}{'' if t.language == 'ja' else ' '}{share}"


def _head(t: Texts, before: Version, after: Version, *, linked: bool = True) -> Markup:
    rows = [(t("changes.before"), before), (t("changes.after"), after)]
    return el(
        "div",
        el("p", t("changes.kicker"), class_="kb-back"),
        el("h1", after.title, lang=after.metadata.language),
        el("dl", [(el("dt", name), el("dd", _edition(t, each))) for name, each in rows], class_="kb-terms kb-editions")
        if linked
        else None,
    )


def _edition(t: Texts, version: Version) -> Markup:
    href = addresses.screen(addresses.edition(version), t.language)
    link = el("a", version.title, href=href, lang=version.metadata.language)
    facts = [date_text(t.language, version.metadata.published, era=True), t(f"edition.{version.status}")]
    return spaced([link, *facts])


def _summary(t: Texts, found: Comparison) -> list[Markup]:
    lines = [el("p", summary(t, found), class_="kb-lead")]
    if found.same_share < _LITTLE:
        lines.append(el("p", t("changes.little")))
    if not found.headed and any(number for kind, number in found.counts.items() if kind != "same"):
        lines.append(el("p", t("changes.headless"), class_="kb-hint"))
    return lines


def _key(t: Texts) -> Markup:
    marks = [el("ins", t("changes.key.added")), el("del", t("changes.key.removed"))]
    return el("p", t("changes.key"), t("changes.key.colon"), spaced(marks), class_="kb-hint kb-difference")


def _contents(t: Texts, before: Version, after: Version, found: Comparison, shown: Sequence[Part], part: int) -> Markup:
    pages = part_of(shown)
    changed = [section for section in found.sections if section.kind != "same"]
    items = []
    for number, section in enumerate(changed, 1):
        anchor = f"section-{number}"
        page = pages[number]
        href = (
            f"#{anchor}" if page == part else addresses.changes(t.language, before, after, part=page, fragment=anchor)
        )
        title = el("a", _title(t, section), href=href, lang=_language(section, after))
        items.append(el("li", title, " ", _tags(t, section)))
    same = [section for section in found.sections if section.kind == "same"]
    unchanged = [el("li", _title(t, section), lang=_language(section, after)) for section in same]
    return el(
        "nav",
        el("h2", t("changes.contents"), id="contents-title"),
        el("ol", items, class_="kb-plain"),
        el("details", el("summary", t("changes.unchanged", n=len(same))), el("ul", unchanged)) if same else None,
        aria_labelledby="contents-title",
        class_="kb-changes-contents",
    )


def _section(
    t: Texts, shown: ShownSection, before: Version, after: Version, language: Language, *, headed: bool
) -> Markup:
    section = shown.section
    name = el("span", _title(t, section), lang=_language(section, after)) if headed else el("span", t("changes.whole"))
    heading = f"section-{shown.number}"
    title = el("h2", name, " " + t("changes.continued") if shown.continued else None, id=heading)
    side = section.after or section.before
    above = side.path[:-1] if side and headed else ()
    return el(
        "section",
        el("p", " › ".join(above), lang=language, class_="kb-where") if above else None,
        title,
        el(
            "p", spaced([_tags(t, section) if headed else None, *_places(t, section, before, after)]), class_="kb-facts"
        ),
        _renamed(t, section, language) if section.renamed and not shown.continued else None,
        [_row(t, row, before, after, language) for row in shown.rows if row.paragraphs or len(shown.rows) > 1],
        el("p", t(f"changes.{_empty(section)}.empty"), class_="kb-hint") if _empty(section) else None,
        aria_labelledby=heading,
        class_="kb-change",
    )


def _row(t: Texts, row: Row, before: Version, after: Version, language: Language) -> Markup:
    if not row.paragraphs:
        return el("p", t("changes.skipped", n=row.unchanged), class_="kb-skipped")
    first = row.paragraphs[0]
    return el(
        "div",
        el("p", spaced([_note(t, first, language), *_page_words(t, first, before, after)]), class_="kb-hint"),
        [_words(t, each, language) for each in row.paragraphs if not each.is_trace],
        class_=f"kb-changed kb-changed-{first.kind}",
    )


def _words(t: Texts, each: ComparedParagraph, language: Language) -> Markup:
    """The words of a paragraph, with those marked that came or went."""
    if each.segments:
        return difference.words(t, each.segments, language)
    kind: SegmentKind = "same" if each.kind == "moved" else "added" if each.after else "removed"
    side = each.after or each.before
    return difference.words(t, [Segment(kind, side.text)] if side else [], language)


def _note(t: Texts, each: ComparedParagraph, language: Language) -> Markup | str:
    if each.kind != "moved":
        return t(f"changes.kind.{each.kind}")
    if not each.elsewhere:
        return t("changes.moved.within" if each.is_trace else "changes.moved.here")
    section = el("span", each.elsewhere[-1], lang=language)
    return Markup(t("changes.moved.to" if each.is_trace else "changes.moved.from", section=section))


def _page_words(t: Texts, each: ComparedParagraph, before: Version, after: Version) -> list[Markup]:
    """Links to the pages on which a paragraph stands, where the documents have pages."""
    found = []
    for name, version, paragraph in (("before", before, each.before), ("after", after, each.after)):
        if paragraph is not None and version.page_count and not (each.is_trace and name == "before"):
            href = addresses.document(t.language, version.id, page=paragraph.page)
            found.append(el("a", t(f"changes.at.{name}", page=str(paragraph.page)), href=href))
    return found


def _places(t: Texts, section: ComparedSection, before: Version, after: Version) -> list[Markup]:
    """Links to the pages on which a section begins, where the documents have pages."""
    found = []
    for name, version, side in (("before", before, section.before), ("after", after, section.after)):
        if side is not None and version.page_count:
            href = addresses.document(t.language, version.id, page=side.page)
            found.append(el("a", t(f"changes.at.{name}", page=str(side.page)), href=href))
    return found


def _renamed(t: Texts, section: ComparedSection, language: Language) -> Markup | None:
    if section.before is None or section.after is None:
        return None
    segments = word_difference(section.before.title, section.after.title)
    return el(
        "div",
        el("p", t("changes.kind.renamed"), class_="kb-hint"),
        difference.words(t, segments, language),
        class_="kb-changed",
    )


def _empty(section: ComparedSection) -> str:
    """What to say where no paragraph shows what kind of change this is."""
    if any(each.kind != "same" for each in section.paragraphs):
        return ""
    return "renamed" if section.renamed else "moved" if section.moved else ""


def _tags(t: Texts, section: ComparedSection) -> Markup:
    kinds = [section.kind]
    if section.moved and section.kind == "changed":
        kinds.append("moved")
    return spaced([el("span", t(f"changes.kind.{kind}"), class_=f"kb-tag kb-tag-{kind}") for kind in kinds])


def _title(t: Texts, section: ComparedSection) -> str:
    side = section.after or section.before
    return (side.title if side else "") or t("changes.beginning")


def _language(section: ComparedSection, version: Version) -> Language | None:
    side = section.after or section.before
    return version.metadata.language if side and side.title else None


def _turn(t: Texts, before: Version, after: Version, part: int, last: int) -> Markup:
    steps = [("changes.previous", part - 1)] if part > 1 else []
    steps += [("changes.next", part + 1)] if part < last else []
    links = [el("li", el("a", t(key), href=addresses.changes(t.language, before, after, part=to))) for key, to in steps]
    position = el("li", t("changes.page", page=str(part), last=str(last)))
    return el("nav", el("ul", [position, *links]), aria_label=t("changes.pages"), class_="kb-pages")
