"""Bytes to characters for files that may not say how they are encoded."""

from __future__ import annotations

import codecs
import re

from kb.ingest.parse import refusals
from kb.text.language import KANA

_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_JAPANESE = ("cp932", "euc_jp")
_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
_SAMPLE_BYTES = 200_000
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HALF_WIDTH_KANA = re.compile(r"[\uff61-\uff9f]")


def decode(data: bytes, declared: str = "") -> str:
    """Text of `data`: by its byte order mark, as UTF-8, as `declared`, else in the likeliest encoding.

    Raises `DamagedFileError` for bytes that are no text in any of them.
    """
    text = _decoded(data, declared)
    if len(_NOT_TEXT.findall(text[:_SAMPLE_BYTES])) > len(text[:_SAMPLE_BYTES]) // 200:
        raise refusals.damaged("more control characters than text has")
    return text


def _decoded(data: bytes, declared: str) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    if any(escape in data[:_SAMPLE_BYTES] for escape in _ESCAPES):
        return data.decode("iso2022_jp_2004", errors="replace")
    wide = _utf16_without_bom(data)
    for encoding in ("utf-8", wide, declared):
        if encoding and (text := _try(data, encoding)) is not None:
            return text
    candidates = [text for encoding in _JAPANESE if (text := _try(data, encoding)) is not None]
    likely = [text for text in candidates if _japanese_score(text) > 0]
    if likely:
        return max(likely, key=_japanese_score)
    return data.decode("utf-8" if _is_mostly_utf8(data) else "cp1252", errors="replace")


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _utf16_without_bom(data: bytes) -> str:
    """UTF-16 of mostly Latin text shows as zero bytes in every other place."""
    sample = data[:2000]
    if len(sample) >= 8 and sample[1::2].count(0) > len(sample) * 0.4:
        return "utf-16-le"
    if len(sample) >= 8 and sample[0::2].count(0) > len(sample) * 0.4:
        return "utf-16-be"
    return ""


def _japanese_score(text: str) -> int:
    """Kana speak for a Japanese decoding; half-width kana against it, since wrong decodings are full of them."""
    sample = text[:_SAMPLE_BYTES]
    return len(KANA.findall(sample)) - 2 * len(_HALF_WIDTH_KANA.findall(sample))


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether only a few bytes spoil an otherwise good UTF-8 text."""
    text = data[:_SAMPLE_BYTES].decode("utf-8", errors="replace")
    wide = sum(character > "\x7f" for character in text)
    return text.count("\ufffd") * 5 < wide
