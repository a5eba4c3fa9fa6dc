"""The sentences that refuse a file, in one place; the same stand in the catalogue in both languages.

A fact named `reason` is the key of a more exact sentence than that of the code (`error.limit-pages`).
"""

from __future__ import annotations

from kb.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedPdfError,
    GarbledTextError,
    LimitExceededError,
    NoTextLayerError,
    WrongTypeError,
)
from kb.ingest.parse.parsed import Limits, ParsedPage


def empty() -> EmptyFileError:
    """No bytes at all."""
    return EmptyFileError(
        "The file is empty.", remedy="Export or download it again and check that it opens before you add it."
    )


def wordless() -> EmptyFileError:
    """Bytes, but no words in them."""
    return EmptyFileError(
        "The file holds no words.",
        remedy="Check that it is the file you meant and add one with text.",
        reason="empty-file-words",
    )


def unsupported(suffix: str) -> WrongTypeError:
    """A kind of file that is not read here."""
    return WrongTypeError(
        f"Files of the kind “{suffix}” cannot be read.",
        remedy="Save the document as PDF, Word (.docx), HTML, Markdown or plain text and add that.",
        reason="wrong-type-unsupported",
        suffix=suffix,
    )


def mistaken(*, suffix: str, looks_like: str) -> WrongTypeError:
    """Bytes of another kind than the name says; `looks_like` is the name of that kind, empty where it is unknown."""
    if not looks_like:
        return WrongTypeError(
            f"The name ends in “{suffix}”, but the content is something else.",
            remedy="Open the file, save or export it again in the format of its name, and add that.",
            reason="wrong-type-unknown",
            suffix=suffix,
        )
    return WrongTypeError(
        f"The name ends in “{suffix}”, but the content looks like {looks_like}.",
        remedy="Give the file the ending of its real format, or save it again in the format of its name.",
        reason="wrong-type-mismatch",
        suffix=suffix,
        looks_like=looks_like,
    )


def program() -> WrongTypeError:
    """Something that a computer runs, whatever it is called."""
    return WrongTypeError(
        "This is a program and cannot be added.",
        remedy="Add the document itself. If somebody sent you this file as a document, do not open it.",
        reason="wrong-type-program",
    )


def damaged(detail: str = "") -> DamagedFileError:
    """Broken beyond reading; `detail` is for the log, not for the sentence."""
    return DamagedFileError(
        "The file is damaged or incomplete and cannot be read.",
        remedy="Download or export it again, check that it opens, and add that copy.",
        detail=detail[:200],
    )


def broken_off(detail: str) -> DamagedFileError:
    """The process that read it ended, which says less of the file: it may go well another time."""
    return DamagedFileError(
        "Reading the file broke off.",
        remedy="Try it again. If that fails too, the file is damaged: download or export it again, and add that copy.",
        reason="damaged-broken-off",
        detail=detail[:200],
    )


def encrypted() -> EncryptedPdfError:
    """A password is needed."""
    return EncryptedPdfError(
        "The file opens only with a password.", remedy="Save a copy without a password and add that."
    )


def no_text_layer(pages: int) -> NoTextLayerError:
    """Pictures of words."""
    return NoTextLayerError(
        "The file holds no text: its pages may be scanned pictures.",
        remedy="Run text recognition (OCR) on the document, save it as a PDF with text, and add that.",
        pages=pages,
    )


def readable_by_ocr(refused: NoTextLayerError) -> NoTextLayerError:
    """What `no_text_layer` refused, where the program that could read the pictures is not installed."""
    return NoTextLayerError(
        refused.message,
        remedy="Ask whoever runs this service to install Tesseract, which can read them, and add the file again; "
        "or add a PDF with text.",
        **{**refused.facts, "reason": "no-text-layer-readable"},
    )


def illegible(pages: int) -> NoTextLayerError:
    """Pictures in which no words could be made out."""
    return NoTextLayerError(
        "The file holds no text, and text recognition (OCR) could make out no words in its pictures.",
        remedy="Check that the pages are upright and sharp (300 dpi or more), scan them again, and add that; "
        "or add another format.",
        reason="no-text-layer-illegible",
        pages=pages,
    )


def garbled(pages: int, example: str = "") -> GarbledTextError:
    """Characters that mean nothing, such as those of the `example`."""
    return GarbledTextError(
        "The text inside the file cannot be understood: its characters do not stand for the letters shown.",
        remedy="Export the PDF again from its source, run text recognition (OCR) on it, or add another format.",
        pages=pages,
        example=example,
    )


def too_many_pages(pages: int, limits: Limits) -> LimitExceededError:
    """More pages than are read."""
    return LimitExceededError(
        f"The document has {pages:,} pages; at most {limits.max_pages:,} are read.",
        remedy="Split it into parts and add those, or raise KB_MAX_PAGES.",
        reason="limit-pages",
        pages=pages,
        limit=limits.max_pages,
    )


def too_much_text(limits: Limits) -> LimitExceededError:
    """More text than is read."""
    return LimitExceededError(
        f"The document holds more than {limits.max_characters:,} characters of text.",
        remedy="Split it into parts and add those, or raise KB_MAX_TEXT_MB.",
        reason="limit-text",
        limit=limits.max_characters,
    )


def too_slow(timeout_s: int) -> LimitExceededError:
    """Reading took too long and was stopped."""
    return LimitExceededError(
        f"Reading the file took longer than {timeout_s:,} seconds and was stopped.",
        remedy="Split it into parts or save it in a simpler form and add that, or raise KB_PARSE_TIMEOUT_S.",
        reason="limit-time",
        limit=timeout_s,
    )


def too_big_in_memory(memory_mb: int) -> LimitExceededError:
    """Reading took too much memory and was stopped."""
    return LimitExceededError(
        f"Reading the file needed more than {memory_mb:,} MB of memory and was stopped.",
        remedy="Split it into parts or save it in a simpler form and add that, or raise KB_PARSE_MEMORY_MB.",
        reason="limit-memory",
        limit=memory_mb,
    )


def too_large(limit_mb: int) -> LimitExceededError:
    """More bytes than are read."""
    return LimitExceededError(
        f"The file is larger than {limit_mb:,} MB.",
        remedy="Split it into parts or leave out large pictures, and add that, or raise KB_MAX_UPLOAD_MB.",
        reason="limit-size",
        limit=limit_mb,
    )


def too_large_unpacked(limit_mb: int) -> LimitExceededError:
    """A packed file that would unpack to more than is read."""
    return LimitExceededError(
        f"The file unpacks to more than {limit_mb:,} MB.",
        remedy="Leave out large pictures or split the document, and add that.",
        reason="limit-unpacked",
        limit=limit_mb,
    )


def check_pages(pages: int, limits: Limits) -> None:
    """Refuse a document of too many pages."""
    if pages > limits.max_pages:
        raise too_many_pages(pages, limits)


def check_text(characters: int, limits: Limits) -> None:
    """Refuse a document of too much text."""
    if characters > limits.max_characters:
        raise too_much_text(limits)


def check_words(pages: tuple[ParsedPage, ...]) -> None:
    """Refuse a document without a letter or digit in it."""
    if not any(character.isalnum() for page in pages for character in page.text):
        raise wordless()
