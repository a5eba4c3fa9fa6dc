"""Comments beside the paragraphs they are about, also after these were edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from kb.playbook.blocks import Block, blocks
from kb.store.wiki_comments import Comment

MOST_CHARACTERS = 4_000
"""Of a comment."""
QUOTED_CHARACTERS = 300
"""Of the paragraph that a comment is about, by which it is found again."""
_ALIKE = 0.5
"""Likeness from which a paragraph is the one that was commented on in another wording."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and what was answered to it, oldest first."""

    comment: Comment
    answers: tuple[Comment, ...]


@dataclass(frozen=True, slots=True)
class Discussed:
    """A paragraph with the threads about it."""

    block: Block
    threads: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class Discussion:
    """A body by paragraphs, and threads about what stands in it no more or about the whole."""

    paragraphs: Sequence[Discussed]
    elsewhere: Sequence[Thread]


def discussion(body: str, comments: Sequence[Comment]) -> Discussion:
    """`body` with each of `comments` at the paragraph with the same words, else at the most alike of its section."""
    parts = [block for block in blocks(body) if block.text.strip() and block.kind not in ("blank", "container", "rule")]
    threads = [
        Thread(each, tuple(answer for answer in comments if answer.answers == each.id))
        for each in comments
        if each.answers is None
    ]
    placed: dict[int, list[Thread]] = {}
    elsewhere = []
    for thread in threads:
        at = _place(thread.comment, parts)
        if at is None:
            elsewhere.append(thread)
        else:
            placed.setdefault(at, []).append(thread)
    return Discussion([Discussed(each, tuple(placed.get(i, ()))) for i, each in enumerate(parts)], elsewhere)


def quoted(block: Block) -> str:
    """The beginning of a paragraph, in one line."""
    return " ".join(block.text.split())[:QUOTED_CHARACTERS]


def _place(comment: Comment, parts: Sequence[Block]) -> int | None:
    if not comment.quoted:
        return None
    words = [quoted(each) for each in parts]
    same = [i for i, each in enumerate(words) if each == comment.quoted]
    if same:
        return min(same, key=lambda i: parts[i].heading_id != comment.heading)
    near = [i for i, each in enumerate(parts) if each.heading_id == comment.heading] or range(len(parts))
    likeness = {i: Indel.normalized_similarity(words[i], comment.quoted, score_cutoff=_ALIKE) for i in near}
    best = max(likeness, key=lambda i: likeness[i], default=None)
    return best if best is not None and likeness[best] > 0 else None
