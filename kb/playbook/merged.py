"""A page made of two edits, with the places that somebody still has to decide about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kb.playbook.blocks import BlockKind
from kb.playbook.structure import NEWLINE

PieceKind = Literal["same", "mine", "theirs", "both", "conflict"]

BLANK = " \t\r\n"
"""What the blank lines after a block are made of."""

_FOLLOWS_ON: dict[BlockKind, BlockKind] = {
    "item": "item",
    "head": "row",
    "row": "row",
    "footnote": "footnote",
    "definition": "definition",
}
"""Kinds of which one may come right after the other, with no blank line between, and both stay what they are."""


@dataclass(frozen=True, slots=True)
class MergedPiece:
    """A block of the merged page, or one that was removed from it, whose `text` is empty.

    `kind` tells whose words it has: those of the base (`same`), of one edit, of `both` (each changed other words, or
    they made the same change), or of nobody yet: a `conflict` has no text, only those of each side. One of them may be
    empty, because that side removed the block. `before` is the block in the base, empty where it is new. The piece
    ends in at least so many `newlines` where another follows.
    """

    kind: PieceKind
    block: BlockKind
    text: str
    before: str = ""
    mine: str = ""
    theirs: str = ""
    newlines: int = 2

    @property
    def is_removed(self) -> bool:
        """Whether it is no longer part of the page."""
        return self.kind != "conflict" and not self.text

    @property
    def both(self) -> str:
        """The texts of both sides of a conflict one after the other, mine first."""
        if not self.mine or not self.theirs:
            return self.mine or self.theirs
        return _ended(self.mine, newlines_between(self.block, self.block)) + self.theirs


@dataclass(frozen=True, slots=True)
class Merged:
    """The pieces of a merged page, in order."""

    pieces: tuple[MergedPiece, ...]

    @property
    def conflicts(self) -> Sequence[MergedPiece]:
        """Pieces somebody has to decide about."""
        return [piece for piece in self.pieces if piece.kind == "conflict"]

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to decide."""
        return not self.conflicts

    @property
    def text(self) -> str:
        """The merged page; raises `ValueError` while there are conflicts."""
        return self.resolved(())

    def resolved(self, texts: Sequence[str]) -> str:
        """The page with `texts` in the places of its conflicts, in order; raises `ValueError` unless one is for each.

        Each text is kept apart from what follows; an empty one removes the block.
        """
        if len(texts) != len(self.conflicts):
            raise ValueError(f"{len(self.conflicts)} conflicts and {len(texts)} texts for them")
        return "".join(_ended(piece.text, piece.newlines) for piece in self._settled(texts))

    def with_both(self) -> str:
        """The page with the versions of both sides wherever they conflict, mine first."""
        return self.resolved([piece.both for piece in self.conflicts])

    def _settled(self, texts: Sequence[str]) -> Iterator[MergedPiece]:
        """Pieces that are part of the page, kept apart also where a conflict between them is resolved to nothing."""
        chosen = iter(texts)
        last: MergedPiece | None = None
        has_new_neighbour = False
        for piece in self.pieces:
            if piece.is_removed:
                continue
            settled = replace(piece, text=next(chosen)) if piece.kind == "conflict" else piece
            if not settled.text:
                has_new_neighbour = True
                continue
            if last is not None:
                between = newlines_between(last.block, piece.block)
                yield replace(last, newlines=max(between, last.newlines)) if has_new_neighbour else last
            last, has_new_neighbour = settled, False
        if last is not None:
            yield replace(last, newlines=0)


def newlines_between(first: BlockKind, second: BlockKind) -> int:
    """How many stand at the end of a block that another is put after: one, or two for a blank line."""
    return 1 if _FOLLOWS_ON.get(first) == second else 2


def newlines_in(end: str) -> int:
    """How many newlines there are in the white space after a block."""
    return len(NEWLINE.findall(end))


def _ended(text: str, newlines: int) -> str:
    """`text` with at least so many newlines at its end, of the sort it has."""
    missing = newlines - newlines_in(text[len(text.rstrip(BLANK)) :])
    if newlines and not text.endswith(("\n", "\r")):
        missing = max(missing, 1)
    return text + ("\r\n" if "\r\n" in text else "\n") * missing
