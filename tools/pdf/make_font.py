"""Make the font that evidence is set in as PDF: the characters of Latin and Japanese texts out of Noto Sans CJK JP.

    .venv-pdf/bin/python tools/pdf/make_font.py NotoSansCJK-Regular.ttc

`make pdfs` makes that environment. The characters are those of JIS X 0213, of Windows' own Japanese code page, and of
the Latin, punctuation and symbol blocks of Unicode: what governments of both countries print.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

TARGET = Path(__file__).resolve().parents[2] / "kb" / "library" / "evidence" / "fonts" / "NotoSansCJKjp-Regular.otf"
_FACE = "Noto Sans CJK JP"
_CODE_PAGES = ("cp932", "euc_jis_2004")
_BLOCKS = (
    *((0x20, 0x250), (0x2010, 0x2070), (0x20A0, 0x20C0), (0x2100, 0x2200), (0x2460, 0x2700)),
    *((0x3000, 0x3100), (0x3200, 0x3400), (0xFF00, 0xFFF0)),
)


def characters() -> Iterator[int]:
    """Code points of the font."""
    for first, after in _BLOCKS:
        yield from range(first, after)
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            for name in _CODE_PAGES:
                try:
                    yield from map(ord, bytes((lead, trail)).decode(name))
                except UnicodeDecodeError:
                    continue


def main(collection: str) -> None:
    """Write the font."""
    font = next(face for face in TTCollection(collection).fonts if face["name"].getDebugName(1) == _FACE)
    options = subset.Options(hinting=False, name_IDs=["*"], layout_features=["kern", "palt", "ccmp", "locl", "mark"])
    options.drop_tables += ["VORG", "vhea", "vmtx"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=set(characters()))
    subsetter.subset(font)
    font.save(TARGET)


if __name__ == "__main__":
    main(sys.argv[1])
