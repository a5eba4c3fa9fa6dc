"""Evidence as a document, before it has a format: the same words for Markdown, Word and PDF."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kb.errors import KbError
from kb.i18n import Texts, date_text, licence_text, publisher_name
from kb.library.evidence.standing import is_as_quoted, standing
from kb.model.evidence import Evidence, Lost
from kb.model.passages import Passage
from kb.model.pictures import PagePicture
from kb.model.works import Version
from kb.text.language import Language

log = logging.getLogger(__name__)

_DRAWING_S = 45.0
"""For all pictures of one document; a reader waits for it. What is not drawn by then is said to be missing."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is known: a term, its value, and where that leads. `language` is that of the value."""

    term: str
    value: str
    language: Language
    href: str = ""


@dataclass(frozen=True, slots=True)
class SheetPicture:
    """A page as a picture: JPEG, its absolute address, and what it shows in words."""

    jpeg: bytes
    width_px: int
    height_px: int
    address: str
    alternative: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage. `quotation` are its lines, empty where it may not be shown or is not held any more."""

    heading: str
    language: Language
    facts: tuple[Fact, ...]
    standing: str
    is_as_quoted: bool
    quotation: tuple[str, ...] = ()
    note: tuple[str, ...] = ()
    picture: SheetPicture | None = None
    remark: str = ""
    """Why words or a picture are missing."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole document in the language of its reader. `made_on` is a date, ISO 8601."""

    language: Language
    title: str
    lead: str
    note_term: str
    made_on: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """What the sheet needs from whoever knows addresses, all absolute, and from whoever draws.

    `picture` raises a `KbError` where a page cannot be drawn.
    """

    passage: Callable[[str], str]
    page_picture: Callable[[Version, int, str], str]
    picture: Callable[[Version, int, Passage], PagePicture]


def sheet(t: Texts, evidence: Sequence[Evidence | Lost], places: Places, *, made_at: str) -> Sheet:
    """The document of `evidence`, in its order; `made_at` is the moment of the export, ISO 8601."""
    until = time.monotonic() + _DRAWING_S
    entries = tuple(_entry(t, number, each, places, until) for number, each in enumerate(evidence, 1))
    date = date_text(t.language, made_at)
    return Sheet(
        language=t.language,
        title=t("basket.sheet.title"),
        lead=t("basket.sheet.lead", n=len(entries), date=date),
        note_term=t("basket.note"),
        made_on=made_at[:10],
        entries=entries,
    )


def facts(t: Texts, evidence: Evidence, places: Places) -> tuple[Fact, ...]:
    """What a citation needs, in the order in which one reads it."""
    version, passage, item = evidence.version, evidence.passage, evidence.item
    metadata, own = version.metadata, version.metadata.language
    permanent = places.passage(passage.id)
    source = metadata.source_url if metadata.source_url.startswith(("https://", "http://")) else ""
    edition = t("basket.edition", status=t(f"edition.{version.status}"), id=version.id)
    page = t("basket.page", page=str(passage.page), last=str(version.page_count)) if passage.page else ""
    known = [
        Fact("publisher", publisher_name(t.language, metadata.publisher), t.language),
        Fact("published", date_text(t.language, metadata.published, era=True), t.language),
        Fact("edition", edition, t.language),
        Fact("section", " › ".join(passage.section), own),
        Fact("page", page, t.language),
        Fact("text", t("ocr.label") if passage.source == "ocr" else "", t.language),
        Fact("link", permanent, "en", permanent),
        Fact("source", source, "en", source),
        Fact("retrieved", date_text(t.language, item.retrieved_at), t.language),
        Fact("licence", licence_text(t.language, metadata.licence) or t("basket.licence.unknown"), t.language),
        Fact("query", item.query, t.language),
    ]
    return tuple(
        Fact(t(f"basket.term.{each.term}"), each.value, each.language, each.href) for each in known if each.value
    )


def _entry(t: Texts, number: int, evidence: Evidence | Lost, places: Places, until: float) -> Entry:
    note = tuple(evidence.item.note.split("\n")) if evidence.item.note else ()
    said = standing(t, evidence)
    if isinstance(evidence, Lost):
        link = places.passage(evidence.item.passage_id)
        retrieved = Fact(t("basket.term.retrieved"), date_text(t.language, evidence.item.retrieved_at), t.language)
        known = (Fact(t("basket.term.link"), link, "en", link), retrieved)
        return Entry(f"{number}. {t('basket.lost')}", t.language, known, said, False, note=note)
    quoted = evidence.may_be_quoted
    picture = _picture(t, evidence, places, until) if quoted and evidence.withdrawal is None else None
    missing = picture is None and quoted and evidence.withdrawal is None and _has_pictures(evidence)
    remark = t("withdrawn.not_quoted") if not quoted else t("basket.no_picture") if missing else ""
    return Entry(
        f"{number}. {evidence.version.title}",
        evidence.version.metadata.language,
        facts(t, evidence, places),
        said,
        is_as_quoted(evidence),
        quotation=tuple(line for line in evidence.passage.text.split("\n") if line.strip()) if quoted else (),
        note=note,
        picture=picture,
        remark=remark,
    )


def _has_pictures(evidence: Evidence) -> bool:
    return evidence.version.media_type == "application/pdf" and bool(evidence.passage.page)


def _picture(t: Texts, evidence: Evidence, places: Places, until: float) -> SheetPicture | None:
    version, passage = evidence.version, evidence.passage
    if not _has_pictures(evidence) or passage.page is None or time.monotonic() > until:
        return None
    try:
        drawn = places.picture(version, passage.page, passage)
    except KbError as error:
        log.info("Page %s of %s is not in an export: %s", passage.page, version.id, error)
        return None
    key = "picture.alt.boxed" if drawn.boxed else "picture.alt"
    return SheetPicture(
        drawn.jpeg,
        drawn.width_px,
        drawn.height_px,
        places.page_picture(version, passage.page, passage.id),
        t(key, page=str(passage.page), title=version.title),
    )
