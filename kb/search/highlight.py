"""Which words of a passage match a query."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import pairwise

from kb.index.words import WordQuery
from kb.model.passages import Passage
from kb.text.morphemes import MARK
from kb.text.normalise import one_line
from kb.text.words import BIGRAM, WORD, identifiers, stem, terms

_HIRAGANA_ONLY = re.compile(r"^[\u3041-\u309f\u30fc]+$")
_KATAKANA_ONLY = re.compile(r"^[\u30a1-\u30fa\u30fc]+$")
_LONGEST_FRAGMENT = 3
"""Characters of katakana in a row that may match by chance."""


def matches(text: str, query: WordQuery) -> tuple[tuple[int, int], ...]:
    """Character ranges of `text` that the query's terms account for, ascending and disjoint; neighbours joined."""
    wanted = frozenset(query.weights).union(*query.phrases)
    found = [match.span(1) for match in _japanese(wanted, query.prefixes).finditer(text)]
    beginnings = {term[:1] for term in wanted}  # a stem begins like its word; most words do not even begin like one
    found += [
        match.span()
        for match in WORD.finditer(text)
        if (word := match.group())[:1].lower() in beginnings and stem(word) in wanted
    ]
    if any("#" in term for term in wanted):
        found += [(t.start, t.end) for t in identifiers(text) if t.value in wanted]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(each for each in joined if not _is_fragment(text, *each, wanted))


def _is_fragment(text: str, start: int, end: int, wanted: frozenset[str]) -> bool:
    """Whether a range is a few katakana out of another word, such as ライン in オンライン, which say nothing."""
    found = text[start:end]
    if end - start > _LONGEST_FRAGMENT or not _KATAKANA_ONLY.match(found) or MARK + found in wanted:
        return False
    return bool(_KATAKANA_ONLY.match(text[start - 1 : start]) or _KATAKANA_ONLY.match(text[end : end + 1].strip("ー")))


@functools.lru_cache(maxsize=64)
def _japanese(wanted: frozenset[str], prefixes: tuple[str, ...]) -> re.Pattern[str]:
    """Finds every place, overlapping ones too, of the Japanese terms that say something; in group 1."""
    said = sorted(term for term in wanted if BIGRAM.fullmatch(term) and not _HIRAGANA_ONLY.match(term))
    said += sorted(prefixes)
    return re.compile(f"(?=({'|'.join(map(re.escape, said))}))" if said else r"(?!)()")


def phrase_places(text: str, phrases: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where phrases stand in `text`, regardless of case and of how lines break; ascending and disjoint."""
    if not phrases:
        return ()
    return tuple(match.span() for match in _literal(tuple(phrases)).finditer(text))


@functools.lru_cache(maxsize=64)
def _literal(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile("|".join(r"\s*".join(map(_spaced, phrase.split())) for phrase in longest_first), re.IGNORECASE)


def _spaced(word: str) -> str:
    """A pattern of `word` whose Japanese characters may stand on two lines."""
    joints = [r"\s*" if not (a.isascii() or b.isascii()) else "" for a, b in pairwise(word)]
    return "".join(re.escape(char) + joint for char, joint in zip(word, [*joints, ""], strict=True))


def matched_words(text: str, ranges: tuple[tuple[int, int], ...], *, most: int = 8) -> tuple[str, ...]:
    """The words at `ranges`, each once regardless of case, as they stand in the passage."""
    once = {text[start:end].lower(): text[start:end] for start, end in reversed(ranges)}
    return tuple(reversed(list(once.values())))[:most]


def holds_phrases(passage: Passage, phrases: Sequence[str]) -> bool:
    """Whether every phrase stands in the passage or its headings, regardless of case and of how lines break."""
    text = _folded("\n".join((*passage.section, passage.text)))
    return all(_folded(phrase) in text for phrase in phrases)


def holds_any(passage: Passage, title: str, phrases: Sequence[str]) -> bool:
    """Whether one of `phrases` stands in the passage or above it: Japanese to the letter, other words in any form."""
    text = "\n".join((title, *passage.section, passage.text))
    for phrase in phrases:
        run = [term for term in terms(phrase) if term.kind != "identifier"]
        if any(term.kind == "cjk" for term in run):
            if _folded(phrase) in _folded(text):
                return True
        elif _holds_run(text, [term.value for term in run]):
            return True
    return False


def _holds_run(text: str, run: Sequence[str]) -> bool:
    """Whether the stems of `run` follow one another in `text`."""
    beginnings = {value[:1] for value in run}
    words = (word for word in WORD.findall(text) if word[:1].lower() in beginnings)
    if not set(run) <= set(map(stem, words)):  # most texts lack one of them, and cutting a text into terms is slow
        return False
    stems = [term.value for term in terms(text) if term.kind != "identifier"]
    return any(stems[i : i + len(run)] == run for i in range(len(stems) - len(run) + 1))


def _folded(text: str) -> str:
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", one_line(text)).casefold()
