"""Documents that look like editions of one publication: by their titles and by how much of their text is the same.

A text is taken as the set of its runs of three words, or of five characters where it is Japanese. How alike two texts
are is the resemblance of these sets: the runs they share among all the runs of both (Broder, 1997). A sketch of 256
minima of hashed runs estimates it for every document at once; what comes near is compared in full. The limits are those
of `docs/decisions/0019-corrections-and-likeness.md`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from kb.embedding.embedder import Embedder
from kb.i18n import same_publishers
from kb.model.hits import Filters
from kb.model.receipts import Receipt
from kb.model.works import Version
from kb.store import Store
from kb.text.language import HAN, KANA
from kb.text.titles import is_contained, stem

SAME_TEXT = 0.40
"""Resemblance from which two texts are proposed whatever they are called."""
CONTAINED_TITLE = 0.20
"""The same where one title contains the other."""
SAME_TITLE = 0.05
"""The same where the titles are one but for dates and words for the edition; of the same publisher none is needed."""

_MINIMA = 256
_DOUBT = 0.10
"""What an estimate may be short of a limit, three standard errors, before the texts are compared in full."""
_MOST_COMPARED = 20
_LIKE_TITLE = 70.0
"""Score of rapidfuzz from which titles are looked at more closely."""
_SHORTEST_STEM = 4
_RUN_WORDS, _RUN_CHARACTERS = 3, 5
_PIECE = re.compile(rf"{KANA.pattern}|{HAN.pattern}|(?:(?!{KANA.pattern}|{HAN.pattern})[^\W_])+")
_JAPANESE_FROM = "\u3005"
_MIX = np.uint64(0x9E3779B97F4A7C15)
_RANDOM = np.random.default_rng(20_191)
_FACTORS = _RANDOM.integers(1, 2**63, _MINIMA, np.uint64) * np.uint64(2) + np.uint64(1)
_OFFSETS = _RANDOM.integers(0, 2**63, _MINIMA, np.uint64)
_BLOCK_RUNS = 20_000


@dataclass(frozen=True, slots=True)
class Likeness:
    """Another version that may be an edition of the same publication.

    `same_title`: the titles are one but for dates and words for the edition. `resemblance` of the texts is 0 to 1.
    """

    version: Version
    same_title: bool
    resemblance: float

    @property
    def shared(self) -> float:
        """How much of the two texts together both have, 0 to 1 (the coefficient of Dice)."""
        return 2 * self.resemblance / (1 + self.resemblance)


def alike(store: Store, version: Version, *, limit: int = 3) -> Sequence[Likeness]:
    """Documents of which `version` may be another edition, most alike first; one of each work.

    Those in its language, neither withdrawn nor known to be its editions already, and about which nobody has answered.
    """
    if version.status != "current" or version.slug:
        return []
    candidates = {other.id: other for other in _candidates(store, version)}
    own = runs_of(_texts(store, version.id))
    sketches = store.sketches.every(version.metadata.language)
    estimates = _estimates(_sketch(own), {key: sketches[key] for key in candidates if key in sketches})
    titles = {key: other.title for key, other in candidates.items()}
    named = process.extract(
        version.title, titles, scorer=fuzz.partial_ratio, score_cutoff=_LIKE_TITLE, limit=_MOST_COMPARED
    )
    limits = {
        key: least_resemblance(version, candidates[key]) for key in {key for _, _, key in named} | estimates.keys()
    }
    near = [key for key, limit_ in limits.items() if estimates.get(key, 0.0) >= limit_ - _DOUBT]
    near.sort(key=lambda key: (limits[key], -estimates.get(key, 0.0)))
    found: dict[str, Likeness] = {}
    for key in near[:_MOST_COMPARED]:
        other = candidates[key]
        resemblance = resemblance_of(own, runs_of(_texts(store, key)))
        known = found.get(other.work_id)
        if resemblance >= limits[key] and (known is None or resemblance > known.resemblance):
            found[other.work_id] = Likeness(other, limits[key] <= SAME_TITLE, resemblance)
    return sorted(found.values(), key=lambda each: (each.same_title, each.resemblance), reverse=True)[:limit]


def propose_edition(store: Store, embedder: Embedder, receipt: Receipt) -> Mapping[str, str]:
    """What the worker asks whoever added a document (see `kb.ingest.upload.Check`): the version it may be another
    edition of, as `edition`; nothing where none is alike."""
    del embedder
    found = alike(store, store.versions.get(receipt.version_id), limit=1) if receipt.version_id else []
    return {"edition": found[0].version.id} if found else {}


def is_asked(store: Store, version: Version, proposed_id: str) -> bool:
    """Whether it is still to be said what a version is to the one that `propose_edition` named.

    Where that has been replaced meanwhile, the current edition of its work is asked about.
    """
    proposed = store.versions.get_many([proposed_id]).get(proposed_id)
    if proposed is None or version.status != "current" or version.slug:
        return False
    family = [each for each in store.versions.by_work(proposed.work_id) if each.status != "retired"]
    asked = [each for each in family if each.status == "current"] or family
    answers = store.corrections.answers(version.id)
    return any(
        each.id != version.id
        and each.metadata.language == version.metadata.language
        and answers.get(each.id, "open") == "open"
        and not _are_settled(version, each)
        for each in asked
    )


def sketch_of(texts: Iterable[str]) -> NDArray[np.uint32]:
    """The sketch of a text given in pages: shape (256,); of an empty text all ones."""
    return _sketch(runs_of(texts))


def sketch_missing(store: Store, *, limit: int) -> int:
    """Sketch versions that an older release read, at most `limit`; gives how many these were."""
    lacking = store.sketches.lacking(limit=limit)
    for version_id in lacking:
        store.sketches.save(version_id, sketch_of(_texts(store, version_id)))
    return len(lacking)


def _texts(store: Store, version_id: str) -> list[str]:
    return [page.text for page in store.pages.list(version_id)]


def _candidates(store: Store, version: Version) -> list[Version]:
    """Versions that may be proposed: of each other work the current one, and current ones of its own beside it."""
    answered = {other for other, answer in store.corrections.answers(version.id).items() if answer != "open"}
    found: dict[str, Version] = {}
    beside: list[Version] = []
    for other in store.versions.list(Filters(languages=(version.metadata.language,), current_only=False)):
        if other.id == version.id or other.slug or other.id in answered or _are_settled(version, other):
            continue
        if other.work_id == version.work_id:
            beside += [other] if other.status == "current" else []
        elif other.status == "current" or other.work_id not in found:
            found[other.work_id] = other
    return [*beside, *found.values()]


def _are_settled(one: Version, other: Version) -> bool:
    """Whether one of the two says that it supersedes the other."""
    return any(
        later.metadata.supersedes in (earlier.id, earlier.work_id) for later, earlier in ((one, other), (other, one))
    )


def least_resemblance(version: Version, other: Version) -> float:
    """How alike the texts of two versions have to be, given their titles."""
    own, others = stem(version.title), stem(other.title)
    if own == others and len(own) >= _SHORTEST_STEM:
        publisher = version.metadata.publisher
        return 0.0 if publisher and other.metadata.publisher in same_publishers([publisher]) else SAME_TITLE
    return CONTAINED_TITLE if is_contained(own, others) else SAME_TEXT


def runs_of(texts: Iterable[str]) -> NDArray[np.uint64]:
    """The distinct runs of a text as hashes, ascending; shape (n,)."""
    pieces = [piece for text in texts for piece in _PIECE.findall(text.casefold())]
    hashes = np.fromiter((zlib.crc32(piece.encode()) for piece in pieces), np.uint64, len(pieces))
    japanese = sum(piece >= _JAPANESE_FROM for piece in pieces)
    length = min(_RUN_CHARACTERS if 2 * japanese > len(pieces) else _RUN_WORDS, max(len(pieces), 1))
    runs = np.zeros(max(len(pieces) - length + 1, 0), np.uint64)
    for place in range(length if len(pieces) else 0):
        runs = runs * _MIX + hashes[place : place + len(runs)]
        runs ^= runs >> np.uint64(29)
    return np.unique(runs)


def _sketch(runs: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The least of each of 256 hashes over all runs (Broder's minima)."""
    least = np.full(_MINIMA, np.iinfo(np.uint32).max, np.uint32)
    for start in range(0, len(runs), _BLOCK_RUNS):
        block = runs[start : start + _BLOCK_RUNS]
        for number in range(_MINIMA):
            hashed = (block * _FACTORS[number] + _OFFSETS[number]) >> np.uint64(32)
            least[number] = min(least[number], np.uint32(hashed.min()))
    return least


def _estimates(own: NDArray[np.uint32], sketches: Mapping[str, NDArray[np.uint32]]) -> dict[str, float]:
    """Estimated resemblance to each sketch that has any minimum in common."""
    if not sketches:
        return {}
    equal = (np.array(list(sketches.values())) == own).mean(axis=1)
    return {key: float(share) for key, share in zip(sketches, equal, strict=True) if share}


def resemblance_of(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> float:
    """Share of the runs of two texts, together, that both have: 0 to 1."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / max(len(one) + len(other) - common, 1)
