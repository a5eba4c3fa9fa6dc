"""Which words of a passage answer which words of a query in the other language.

The token vectors that rank a passage also say why: 「本人」 is near "identity" and far from the rest. Tokens are put
together to words, words of query and passage compared, and only pairs kept that stand out from what is usual in this
passage: where it is about the subject of the query, all its words are a little near.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.embedding.embedder import Spans
from kb.model.hits import WordPair
from kb.search.wording import STOP_WORDS
from kb.text.words import stem

MOST_PAIRS = 6
MOST_ANSWERS = 2
"""Different words of a passage that one word of the query is shown with."""

LEAST_COSINE = 0.38
LEAST_MARGIN = 0.22
"""How near two words are at least, and how much nearer than the passage's words usually are to that word of the query.

Chosen by reading pairs in both directions: below, what is merely on the same subject comes in, such as "session" and
「会議用」 (for meetings).
"""

_MOST_KATAKANA = 12
_WHOLE_TOKEN = 3
"""A katakana token of fewer characters is a piece of a word, not a word."""

_KATAKANA = r"\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_HAN = r"\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LATIN = r"[0-9A-Za-z\u00c0-\u024f]"
_RUN = re.compile(rf"(?P<katakana>[{_KATAKANA}]+)|(?P<han>[{_HAN}]+)|(?P<word>{_LATIN}+(?:['’]{_LATIN}+)*)")
"""What can be a word: hiragana alone is mostly grammar. Classes without rare kanji are looked up faster."""

_HIRAGANA = r"\u3041-\u309f"
_FIRST_JAPANESE = "\u3005"
_PARTICLE = "のをにはがとへでもや"
_ENDING = re.compile(rf"[いえきけちてみめりれせび](?=[{_PARTICLE}]|[^{_HIRAGANA}]|$)")
"""The last character of a noun made from a verb, as in 手続き, 取組み and 子育て."""

_VERB = re.compile(rf"[{_HIRAGANA}](?<![{_PARTICLE}])")
"""What follows a kanji that is the stem of a verb or an adjective, which means little when cut off."""

_JOINED_TO_NOTHING = frozenset("等向我及又各第")
_JAPANESE_STOP_WORDS = frozenset(
    "方 何 際 上 下 中 他 我 今後 一方 以外 以上 以下 以前 以後 場合 可能 必要 本 当 各 同 等 及 又 第 向 我国".split()  # noqa: SIM905
)


class Word(NamedTuple):
    """A word at characters `[start, end)` of a text, made of the tokens `first` to `last` (included)."""

    start: int
    end: int
    first: int
    last: int


def words(text: str, spans: Spans) -> list[Word]:
    """The words of `text` that say something, of the tokens at `spans`, ascending.

    An English word is whole. A Japanese one is as the tokenizer cuts it, without particles; what is cut into single
    characters or pieces of katakana is put together again, and stems of verbs are left out.
    """
    found: list[Word] = []
    number = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        while number < len(spans) and spans[number][1] <= start:
            number += 1
        pieces = []
        while number < len(spans) and spans[number][0] < end:
            pieces.append(Word(max(spans[number][0], start), min(spans[number][1], end), number, number))
            if spans[number][1] > end:
                break  # it goes on into the next run
            number += 1
        if not pieces:
            continue
        if run.lastgroup == "word":
            if run.group().lower() not in STOP_WORDS and not _is_letter(run.group()):
                found.append(Word(start, end, pieces[0].first, pieces[-1].last))
        elif run.lastgroup == "katakana":
            cut = any(piece.end - piece.start < _WHOLE_TOKEN for piece in pieces)
            found += [_joined(pieces)] if cut and end - start <= _MOST_KATAKANA else [] if cut else pieces
        else:
            found += [
                word
                for word in _kanji_words(text, pieces, end)
                if text[word.start : word.end] not in _JAPANESE_STOP_WORDS
            ]
    return found


def shifted(some: Sequence[Word], characters: int) -> list[Word]:
    """Words of a text without its first `characters`; those that begin in these are left out."""
    return [
        Word(word.start - characters, word.end - characters, word.first, word.last)
        for word in some
        if word.start >= characters
    ]


def together(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Character ranges ascending and disjoint; what touches is one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def align(
    query: str,
    query_words: Sequence[Word],
    text: str,
    text_words: Sequence[Word],
    cosines: NDArray[np.float32],
) -> tuple[WordPair, ...]:
    """The words of a passage that answer words of a query, in the order of the query.

    `cosines` are those of all tokens of the passage with all of the query, shape (passage tokens, query tokens).
    """
    if not query_words or not text_words:
        return ()
    near = _between_words(cosines, text_words, query_words)
    margin = near - near.mean(axis=0)
    near[_written_otherwise(query, query_words, text, text_words)] = -1.0
    asked = near.argmax(axis=1)
    answers = np.flatnonzero(
        (near.max(axis=1) >= LEAST_COSINE) & (margin[np.arange(len(asked)), asked] >= LEAST_MARGIN)
    ).tolist()
    same: dict[str, int] = {}  # a query may say a word twice
    by_pair: dict[tuple[int, str], list[tuple[int, int, float]]] = {}
    for start, end, column, cosine in _neighbours_joined(text, text_words, answers, asked.tolist(), near):
        column = same.setdefault(query[query_words[column].start : query_words[column].end].lower(), column)
        by_pair.setdefault((column, text[start:end].lower()), []).append((start, end, cosine))
    best = sorted(by_pair, key=lambda pair: -max(cosine for *_, cosine in by_pair[pair]))
    taken: list[tuple[int, str]] = []
    for pair in best:
        if len(taken) < MOST_PAIRS and sum(pair[0] == other[0] for other in taken) < MOST_ANSWERS:
            taken.append(pair)
    return tuple(
        WordPair(
            asked=query[query_words[column].start : query_words[column].end],
            found=text[by_pair[column, surface][0][0] : by_pair[column, surface][0][1]],
            ranges=tuple((start, end) for start, end, _ in by_pair[column, surface]),
            cosine=round(max(cosine for *_, cosine in by_pair[column, surface]), 4),
        )
        for column, surface in sorted(taken, key=lambda pair: pair[0])
    )


def _kanji_words(text: str, pieces: Sequence[Word], run_end: int) -> list[Word]:
    """Tokens of a run of kanji, single characters joined to each other or to what stands before or after them."""
    found: list[Word] = []
    pieces = [piece for piece in pieces if text[piece.start : piece.end] not in _JOINED_TO_NOTHING]
    for single, group in groupby(pieces, key=lambda piece: piece.end - piece.start == 1):
        some = list(group)
        if not single:
            found += some
        elif len(some) > 1 or not found:
            found.append(_joined(some))
        else:
            found[-1] = _joined([found[-1], *some])
    if len(found) > 1 and found[0].end - found[0].start == 1:
        found[:2] = [_joined(found[:2])]
    if found and found[-1].end == run_end:
        last = found[-1]
        if last.end - last.start == 1 and _VERB.match(text, run_end):
            found.pop()
        elif last.end - last.start > 1 and _ENDING.match(text, run_end):
            found[-1] = last._replace(end=run_end + 1)
    return found


def _joined(pieces: Sequence[Word]) -> Word:
    return Word(pieces[0].start, pieces[-1].end, pieces[0].first, pieces[-1].last)


def _written_otherwise(
    query: str, query_words: Sequence[Word], text: str, text_words: Sequence[Word]
) -> NDArray[np.bool_]:
    """Where both words are in Latin letters or digits and not the same, shape (text_words, query_words).

    Such words stand in a text of the other language as names, and a name is near other names that mean something else.
    """
    query_stems, text_stems = _stems(query, query_words), _stems(text, text_words)
    found = np.zeros((len(text_words), len(query_words)), bool)
    for row, said in text_stems.items():
        for column, asked in query_stems.items():
            found[row, column] = said != asked
    return found


def _stems(text: str, some: Sequence[Word]) -> dict[int, str]:
    """Stems of the words in Latin letters or digits, by their place among `some`."""
    return {i: stem(text[word.start : word.end]) for i, word in enumerate(some) if text[word.start] < _FIRST_JAPANESE}


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def _between_words(
    cosines: NDArray[np.float32], text_words: Sequence[Word], query_words: Sequence[Word]
) -> NDArray[np.float32]:
    """How near the words are, shape (text_words, query_words).

    Each token of a word is compared with the best of the other's, the mean taken, from both sides.
    """
    by_text, text_starts, text_sizes = _tokens_of(text_words)
    by_query, query_starts, query_sizes = _tokens_of(query_words)
    between = cosines[np.ix_(by_text, by_query)]
    best_text = np.maximum.reduceat(between, text_starts, axis=0)
    best_query = np.maximum.reduceat(between, query_starts, axis=1)
    of_query = np.add.reduceat(best_text, query_starts, axis=1) / query_sizes
    of_text = np.add.reduceat(best_query, text_starts, axis=0) / text_sizes[:, None]
    near: NDArray[np.float32] = ((of_query + of_text) / 2).astype(np.float32)
    return near


def _tokens_of(some: Sequence[Word]) -> tuple[list[int], NDArray[np.int64], NDArray[np.float32]]:
    """Tokens of words in a row, where each word begins in it, and how many tokens it has."""
    sizes = np.array([word.last - word.first + 1 for word in some])
    tokens = [token for word in some for token in range(word.first, word.last + 1)]
    return tokens, np.concatenate(([0], np.cumsum(sizes)[:-1])), sizes.astype(np.float32)


def _neighbours_joined(
    text: str, text_words: Sequence[Word], answers: Sequence[int], asked: Sequence[int], near: NDArray[np.float32]
) -> list[tuple[int, int, int, float]]:
    """Start, end, word of the query and cosine of each answer; words that touch and answer the same are one."""
    joined: list[tuple[int, int, int, float]] = []
    for place in answers:
        start, end, column = text_words[place].start, text_words[place].end, asked[place]
        cosine = float(near[place, column])
        if joined and joined[-1][1] == start and joined[-1][2] == column:
            joined[-1] = (joined[-1][0], end, column, max(joined[-1][3], cosine))
        else:
            joined.append((start, end, column, cosine))
    return joined
