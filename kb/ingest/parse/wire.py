"""`Parsed`, pictures and errors as plain JSON values.

The parent reads this from a process that has read a hostile file, so nothing here can run code: every value is taken
apart by name and type, and an error becomes one of the known classes or `DamagedFileError`.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from kb.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedPdfError,
    GarbledTextError,
    KbError,
    LimitExceededError,
    ManifestError,
    NoTextLayerError,
    WrongTypeError,
)
from kb.ingest.parse.parsed import Heading, Parsed, ParsedPage, Recognised
from kb.model.pictures import PagePicture
from kb.model.receipts import Notice
from kb.text.language import Language

_JPEG = b"\xff\xd8\xff"
_ERRORS: dict[str, type[KbError]] = {
    error.code: error
    for error in (
        DamagedFileError,
        EmptyFileError,
        EncryptedPdfError,
        GarbledTextError,
        LimitExceededError,
        ManifestError,
        NoTextLayerError,
        WrongTypeError,
    )
}


def parsed_to_wire(parsed: Parsed) -> dict[str, Any]:
    """Values that `json.dumps` takes."""
    return {
        "media_type": parsed.media_type,
        "paged": parsed.paged,
        "pages": [
            [
                page.number,
                page.text,
                page.language,
                page.label,
                [[heading.level, heading.title, heading.start] for heading in page.headings],
            ]
            for page in parsed.pages
        ],
        "title": parsed.title,
        "published": parsed.published,
        "author": parsed.author,
        "front_matter": dict(parsed.front_matter),
        "pages_without_text": list(parsed.pages_without_text),
        "blank_pages": list(parsed.blank_pages),
        "garbled_pages": list(parsed.garbled_pages),
        "garbled_example": parsed.garbled_example,
        "pictures": list(parsed.pictures.items()),
        "tables": list(parsed.tables.items()),
        "notices": [[notice.code, dict(notice.facts)] for notice in parsed.notices],
    }


def parsed_from_wire(value: Mapping[str, Any]) -> Parsed:
    """The reverse; raises `KeyError`, `TypeError` or `ValueError` for anything of another shape."""
    return Parsed(
        media_type=str(value["media_type"]),
        paged=bool(value["paged"]),
        pages=tuple(_page(*page) for page in value["pages"]),
        title=str(value["title"]),
        published=str(value["published"]),
        author=str(value["author"]),
        front_matter=dict(value["front_matter"]),
        pages_without_text=_numbers(value["pages_without_text"]),
        blank_pages=_numbers(value["blank_pages"]),
        garbled_pages=_numbers(value["garbled_pages"]),
        garbled_example=str(value["garbled_example"]),
        pictures=_counts(value["pictures"]),
        tables=_counts(value["tables"]),
        notices=tuple(Notice(str(code), _facts(facts)) for code, facts in value["notices"]),
    )


def picture_to_wire(picture: PagePicture) -> dict[str, Any]:
    """Values that `json.dumps` takes."""
    return {
        "jpeg": base64.b64encode(picture.jpeg).decode("ascii"),
        "width": picture.width_px,
        "height": picture.height_px,
        "boxed": picture.boxed,
        "underlined": picture.underlined,
    }


def picture_from_wire(value: Mapping[str, Any]) -> PagePicture:
    """The reverse; raises `KeyError`, `TypeError` or `ValueError` for anything of another shape."""
    jpeg = base64.b64decode(str(value["jpeg"]), validate=True)
    width_px, height_px = int(value["width"]), int(value["height"])
    if not jpeg.startswith(_JPEG) or min(width_px, height_px) < 1:
        raise ValueError("it is no picture")
    return PagePicture(jpeg, width_px, height_px, bool(value["boxed"]), bool(value["underlined"]))


def recognised_to_wire(recognised: Recognised) -> dict[str, Any]:
    """Values that `json.dumps` takes."""
    return {"text": recognised.text, "confidence": recognised.confidence}


def recognised_from_wire(value: Mapping[str, Any]) -> Recognised:
    """The reverse; raises `KeyError`, `TypeError` or `ValueError` for anything of another shape."""
    return Recognised(str(value["text"]), float(value["confidence"]))


def error_to_wire(error: KbError) -> dict[str, Any]:
    """Class, sentence, remedy and facts of `error`."""
    return {"code": error.code, "message": error.message, "remedy": error.remedy, "facts": error.facts}


def error_from_wire(value: Mapping[str, Any]) -> KbError:
    """The error, of the class it had."""
    kind = _ERRORS.get(str(value["code"]), DamagedFileError)
    return kind(str(value["message"]), remedy=str(value["remedy"]), **_facts(value["facts"]))


def _page(number: int, text: str, language: str, label: str, headings: list[list[Any]]) -> ParsedPage:
    told: Language = "ja" if language == "ja" else "en"
    found = tuple(Heading(int(level), str(title), int(start)) for level, title, start in headings)
    return ParsedPage(int(number), str(text), told, str(label), found)


def _numbers(values: Iterable[Any]) -> tuple[int, ...]:
    return tuple(int(value) for value in values)


def _counts(pairs: Iterable[tuple[Any, Any]]) -> dict[int, int]:
    return {int(page): int(count) for page, count in pairs}


def _facts(facts: Mapping[str, Any]) -> dict[str, str | int | float]:
    return {str(key): value if isinstance(value, str | int | float) else str(value) for key, value in facts.items()}
