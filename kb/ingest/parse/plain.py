"""Plain text: UTF-8, UTF-16, Shift_JIS (CP932), EUC-JP, ISO-2022-JP or Windows-1252."""

from __future__ import annotations

import re

from kb.ingest.parse.blocks import TextBuilder
from kb.ingest.parse.decoding import decode
from kb.ingest.parse.kinds import MEDIA_TYPES
from kb.ingest.parse.lines import tidy
from kb.ingest.parse.parsed import Limits, Parsed
from kb.text.language import language_of

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_CHAPTER = re.compile(r"第([0-9一二三四五六七八九十百]+)([編部章節])\s+\S")
_LEVELS = {"編": 1, "部": 1, "章": 2, "節": 3}
_GLUED_CHAPTER = re.compile(r"(?<=[。)）])(?=第[0-9]+[章節][ \u3000])")
"""A chapter that begins where a sentence ended: reports saved as text have lost line feeds there."""
_LONGEST_HEADING = 60
_WRAPPED_SHARE = 0.5
_WRAP_WIDTHS = (55, 100)
_SENTENCE_END = re.compile(r"[.!?:;。」)]$")


def parse(data: bytes, *, limits: Limits) -> Parsed:
    """Text as one page. Line feeds stay, except in English wrapped by hand to a fixed width, where lines are joined."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n")
    text = _GLUED_CHAPTER.sub("\n", text)
    builder = TextBuilder(limits, language_of(text[:100_000]))
    for block in _PARAGRAPH.split(text):
        if _is_wrapped(block):
            builder.paragraph(block)
        else:
            _add_lines(builder, block)
    page = builder.page()
    first_line = page.text.split("\n", 1)[0]
    title = first_line if len(first_line) <= 100 and not _SENTENCE_END.search(first_line) else ""
    return Parsed(MEDIA_TYPES["text"], paged=False, pages=(page,), title=builder.title or title)


def _add_lines(builder: TextBuilder, block: str) -> None:
    """Lines as they stand; the chapters and sections of Japanese reports become headings."""
    gathered: list[str] = []
    for line in block.split("\n"):
        tidied = tidy(line)
        chapter = _CHAPTER.match(tidied)
        if chapter and len(tidied) <= _LONGEST_HEADING and not tidied.endswith("。"):
            builder.lines("\n".join(gathered))
            gathered = []
            builder.heading(_LEVELS[chapter.group(2)], tidied)
        else:
            gathered.append(line)
    builder.lines("\n".join(gathered))


def _is_wrapped(block: str) -> bool:
    """Whether the lines of a paragraph end where a fixed width made them end."""
    lines = block.rstrip().split("\n")
    if len(lines) < 2 or language_of(block) != "en":
        return False
    shortest, longest = _WRAP_WIDTHS
    filled = sum(shortest <= len(line.rstrip()) <= longest for line in lines[:-1])
    return filled / (len(lines) - 1) > _WRAPPED_SHARE and all(line[:1] not in "-*•\t " for line in lines if line)
