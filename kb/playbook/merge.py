"""Two edits of one page made one: block by block, within a block word by word; nothing that anybody wrote is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Indel

from kb.playbook.blocks import Block, blocks, word_key
from kb.playbook.edits import edit
from kb.playbook.merge_words import merge_words
from kb.playbook.merged import BLANK, Merged, MergedPiece, PieceKind, newlines_between, newlines_in


def merge(base: str, mine: str, theirs: str) -> Merged:
    """The bodies `mine` and `theirs`, both edited from `base`, as one.

    Blocks are followed through each edit by itself. So edits of different blocks do not conflict, nor do those of
    different rows of a table or items of a list. What both inserted at one place is all kept, mine first; the same
    only once. A block that one removed and the other changed is a conflict.
    """
    before, first, second = blocks(base), blocks(mine), blocks(theirs)
    my_edit, their_edit = edit(before, first), edit(before, second)
    parts: list[_Part] = []
    for i in range(len(before) + 1):
        parts += _inserted(
            [(j, first[j]) for j in my_edit.inserted[i]], [(j, second[j]) for j in their_edit.inserted[i]]
        )
        if i < len(before):
            parts.append(_part(before[i], _place(first, my_edit.became[i]), _place(second, their_edit.became[i])))
    return Merged(tuple(_pieces(parts)))


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """A field of the front matter that both changed in different ways; None where there is no such field."""

    name: str
    base: str | None
    mine: str | None
    theirs: str | None


def merge_values(
    base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> tuple[dict[str, str], tuple[FieldConflict, ...]]:
    """The fields of two edits as one, and those that both changed; of these it has mine, or theirs if I removed it."""
    merged: dict[str, str] = {}
    conflicts: list[FieldConflict] = []
    for name in dict.fromkeys((*base, *mine, *theirs)):
        before, my_value, their_value = (fields.get(name) for fields in (base, mine, theirs))
        value = their_value if my_value == before else my_value
        if my_value != their_value and before not in (my_value, their_value):
            conflicts.append(FieldConflict(name, before, my_value, their_value))
            value = their_value if my_value is None else my_value
        if value is not None:
            merged[name] = value
    return merged, tuple(conflicts)


_Place = tuple[int, Block]
"""A block of an edited body and its number there."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece and where the edits have it."""

    piece: MergedPiece
    mine: _Place | None = None
    theirs: _Place | None = None


def _place(side: Sequence[Block], number: int | None) -> _Place | None:
    return None if number is None else (number, side[number])


def _part(before: Block, mine: _Place | None, theirs: _Place | None) -> _Part:
    """What the edits made of a block of the base."""
    if mine is None or theirs is None:
        return _where_removed(before, mine, theirs)
    (words, end), (my_words, my_end), (their_words, their_end) = (_cut(block) for block in (before, mine[1], theirs[1]))
    kind, merged = _merged(words, my_words, their_words)
    if merged is None:
        return _conflict(before, mine, theirs)
    merged += my_end if their_end == end else their_end if my_end == end else max(my_end, their_end, key=len)
    block = mine[1].kind if my_words != words else theirs[1].kind
    return _Part(MergedPiece(kind, block, merged, before.text), mine, theirs)


def _merged(base: str, mine: str, theirs: str) -> tuple[PieceKind, str | None]:
    if mine == theirs:
        return "same" if mine == base else "both", mine
    if mine == base:
        return "theirs", theirs
    if theirs == base:
        return "mine", mine
    return "both", merge_words(base, mine, theirs)


def _where_removed(before: Block, mine: _Place | None, theirs: _Place | None) -> _Part:
    """A block that at least one side removed; that the other changed the blank lines after it is no objection."""
    stayed = mine or theirs
    if stayed and _cut(stayed[1])[0] != _cut(before)[0]:
        return _conflict(before, mine, theirs)
    kind: PieceKind = "theirs" if mine else "mine" if theirs else "both"
    return _Part(MergedPiece(kind, before.kind, "", before.text))


def _conflict(before: Block, mine: _Place | None, theirs: _Place | None) -> _Part:
    stayed = mine or theirs
    kind = stayed[1].kind if stayed else before.kind
    my_text, their_text = (each[1].text if each else "" for each in (mine, theirs))
    return _Part(MergedPiece("conflict", kind, "", before.text, my_text, their_text), mine, theirs)


def _inserted(mine: Sequence[_Place], theirs: Sequence[_Place]) -> Iterator[_Part]:
    """New blocks of both at one place of the base; those that both have stand once, and the others around them."""
    i = j = 0
    for step in Indel.opcodes([word_key(block) for _, block in mine], [word_key(block) for _, block in theirs]):
        if step.tag == "equal":
            yield from _one_after_the_other(mine[i : step.src_start], theirs[j : step.dest_start])
            i, j = step.src_end, step.dest_end
            for first, second in zip(mine[step.src_start : i], theirs[step.dest_start : j], strict=True):
                (words, my_end), (_, their_end) = _cut(first[1]), _cut(second[1])
                text = words + max(my_end, their_end, key=len)
                yield _Part(MergedPiece("both", first[1].kind, text), first, second)
    yield from _one_after_the_other(mine[i:], theirs[j:])


def _one_after_the_other(mine: Sequence[_Place], theirs: Sequence[_Place]) -> Iterator[_Part]:
    my_parts = [_Part(MergedPiece("mine", place[1].kind, place[1].text), mine=place) for place in mine]
    their_parts = [_Part(MergedPiece("theirs", place[1].kind, place[1].text), theirs=place) for place in theirs]
    for parts in sorted((my_parts, their_parts), key=_belongs_later):
        yield from parts


def _belongs_later(parts: Sequence[_Part]) -> int:
    """Rows and items go on with the table or list before them; after a heading begins another section."""
    kind = parts[0].piece.block if parts else "paragraph"
    return {"item": 0, "row": 0, "heading": 2}.get(kind, 1)


def _pieces(parts: Sequence[_Part]) -> Sequence[MergedPiece]:
    """The pieces of `parts`, told how far to stay from what follows."""
    following: _Part | None = None
    found: list[MergedPiece] = []
    for part in reversed(parts):
        newlines = _newlines(part, following) if following else 0
        found.append(replace(part.piece, newlines=newlines))
        if not part.piece.is_removed:
            following = part
    return found[::-1]


def _newlines(part: _Part, following: _Part) -> int:
    """Newlines between two parts: as many as in the edits where they are neighbours too."""
    found = [
        newlines_in(_cut(here[1])[1])
        for here, there in ((part.mine, following.mine), (part.theirs, following.theirs))
        if here and there and there[0] == here[0] + 1
    ]
    return max(1, min(found, default=newlines_between(part.piece.block, following.piece.block)))


def _cut(block: Block) -> tuple[str, str]:
    """The words of a block and the blank lines after it."""
    words = block.text.rstrip(BLANK)
    return words, block.text[len(words) :]
