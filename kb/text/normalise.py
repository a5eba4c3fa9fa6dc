"""One spelling for what readers see as one character."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_SPACE = re.compile(r"\s+")
_RADICAL_SUPPLEMENT = {
    0x2E81: "厂",
    0x2EA0: "民",
    0x2EC4: "西",
    0x2ED1: "長",
    0x2ED8: "青",
    0x2EE9: "黄",
    0x2EEB: "斉",
}
"""Radicals seen in fonts' reverse maps that NFKC leaves alone (it maps U+2F00 to U+2FD5 and two of these)."""


def normalise(text: str) -> str:
    """`text` in NFKC with radicals as ideographs and without control, invisible or half characters.

    Line feeds and tabs stay. Applied once when a page is read, so that everything stored is in this form, and to
    every query. Idempotent.
    """
    composed = unicodedata.normalize("NFKC", text.translate(_RADICAL_SUPPLEMENT))
    return unicodedata.normalize("NFKC", _CONTROL.sub("", composed.replace("\r\n", "\n").replace("\r", "\n")))


def squash(text: str) -> str:
    """`text` normalised and without any white space: two squashed texts are equal where readers see no difference."""
    return _SPACE.sub("", normalise(text))


def one_line(text: str) -> str:
    """`text` with every run of white space as one space, none at the ends."""
    return _SPACE.sub(" ", text).strip()
