"""What changed from one text of a page to another, block by block and word by word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.library.paragraphs import ComparedParagraph, compare_paragraphs, moved_paragraphs
from kb.library.sections import Paragraph
from kb.playbook.blocks import blocks
from kb.playbook.source import FIELDS, Source

_UNSAID = ("updated",)
"""Fields that change with every revision and say nothing about it."""


@dataclass(frozen=True, slots=True)
class ComparedField:
    """A value of the front matter before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ComparedTexts:
    """What differs between two texts of a page: values of the front matter, and blocks of the Markdown."""

    fields: tuple[ComparedField, ...]
    blocks: tuple[ComparedParagraph, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing differs but white space."""
        return not self.fields and all(each.kind == "same" for each in self.blocks)


def compare_texts(before: str, after: str) -> ComparedTexts:
    """`after` as made from `before`; both whole, with their front matter."""
    first, second = Source.read(before), Source.read(after)
    fields = tuple(
        ComparedField(name, first.one(name), second.one(name))
        for name in dict.fromkeys((*FIELDS, *first.fields, *second.fields))
        if name not in _UNSAID and first.one(name) != second.one(name)
    )
    compared = compare_paragraphs(_paragraphs(first.body), _paragraphs(second.body))
    return ComparedTexts(fields, tuple(moved_paragraphs([compared], [((), ())])[0]))


def _paragraphs(body: str) -> Sequence[Paragraph]:
    return [Paragraph(block.text.strip("\n"), 1, block.start) for block in blocks(body) if block.text.strip()]
