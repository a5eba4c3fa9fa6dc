"""A map of documents by meaning: two dimensions in which near means alike.

The layout is t-SNE (van der Maaten and Hinton, JMLR 2008), started from the two first principal components (Kobak and
Berens, Nature Communications 2019) and run without chance, so that the same library always gives the same map. Both
languages lie on one map because their means are taken away first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kb.text.language import LANGUAGES, Language

Places = NDArray[np.float32]
"""Shape (n, 2): x from left to right and y from top to bottom, both from 0 to 1."""

LAYOUT = 1
"""Raised when the same documents are laid out in another way, so that maps that were kept are not used."""

MOST_LAID_OUT = 400
"""Documents that are laid out together: the cost grows with the square. The others are placed among their nearest."""

_Array = NDArray[np.float64]

_PERPLEXITY = 15.0
"""How many neighbours each document is held to."""
_STEPS = 400
_RATE = 1 / 12
"""Length of a step as a share of the number of documents (Belkina et al., Nature Communications 2019)."""
_MOMENTUM = 0.8
_START_SPREAD = 3.0
_MEAN_WORTH = 10
"""How many documents weigh as much as the assumption that documents of a language have the mean of its passages: one of
which there are few keeps its own direction."""
_NEAREST = 5
_BLOCK_ROWS = 500
_GAP, _ASPECT = 0.029, 1.7
"""Least distance between two documents and width of the picture, in heights of the picture."""
_SPREADING_STEPS = 80
_MOST_SPREAD = 800


def layout(vectors: NDArray[np.float32], languages: Sequence[Language]) -> Places:
    """Places of documents with unit `vectors` (n, dimension), which are in `languages`.

    The first `MOST_LAID_OUT` are laid out together, so their order should have nothing to do with their meaning.
    """
    count = len(vectors)
    if count < 3:
        return np.array([[(i + 1) / (count + 1), 0.5] for i in range(count)], np.float32).reshape(count, 2)
    units = _without_language(vectors.astype(np.float64), languages)
    first = units[:MOST_LAID_OUT]
    places = _embedded(first)
    if count > len(first):
        places = np.concatenate([places, _among(units[len(first) :], first, places)])
    return _spread(_filling(places)).astype(np.float32)


def nearest(vectors: NDArray[np.float32], languages: Sequence[Language], most: int) -> NDArray[np.int64]:
    """For each document the rows of `vectors` that are most alike, nearest first, shape (n, `most` or n - 1)."""
    units = _without_language(vectors.astype(np.float64), languages)
    found = np.zeros((len(units), min(most, len(units) - 1)), np.int64)
    for start in range(0, len(units), _BLOCK_ROWS):
        cosines = units[start : start + _BLOCK_ROWS] @ units.T
        cosines[np.arange(len(cosines)), start + np.arange(len(cosines))] = -np.inf
        found[start : start + len(cosines)] = np.argsort(-cosines, axis=1, kind="stable")[:, : found.shape[1]]
    return found


def _without_language(vectors: _Array, languages: Sequence[Language]) -> _Array:
    """Unit rows from which the mean of the documents of each language was taken."""
    centred = vectors.copy()
    spoken = np.array(languages)
    for language in LANGUAGES:
        members = spoken == language
        if members.any():
            centred[members] -= vectors[members].sum(axis=0) / (members.sum() + _MEAN_WORTH)
    return _units(centred)


def _units(rows: _Array) -> _Array:
    lengths: _Array = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.maximum(lengths, 1e-12)


def _principal(units: _Array) -> _Array:
    """The two first principal components, each with its largest weight positive: signs are otherwise arbitrary."""
    centred = units - units.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:2]
    axes *= np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])[:, None]
    components: _Array = centred @ axes.T
    return components


def _embedded(units: _Array) -> _Array:
    wanted = _affinities(units)
    places = _principal(units)
    places *= _START_SPREAD / max(float(places[:, 0].std()), 1e-9)
    speed = np.zeros_like(places)
    for _ in range(_STEPS):
        squares = (places**2).sum(axis=1)
        kernel = 1 / (1 + np.maximum(squares[:, None] + squares - 2 * places @ places.T, 0))
        np.fill_diagonal(kernel, 0)
        pull = (wanted - kernel / kernel.sum()) * kernel
        gradient = 4 * (pull.sum(axis=1)[:, None] * places - pull @ places)
        speed = _MOMENTUM * speed - _RATE * len(units) * gradient
        places = places + speed
    return places


def _affinities(units: _Array) -> _Array:
    """How near each pair is, summing to one: Gaussian, as wide around each document as its perplexity asks."""
    count = len(units)
    perplexity = min(_PERPLEXITY, (count - 1) / 3)
    distances = np.maximum(2 - 2 * units @ units.T, 0)
    np.fill_diagonal(distances, np.inf)
    distances -= distances.min(axis=1, keepdims=True)
    narrow, low, high = np.ones(count), np.zeros(count), np.full(count, np.inf)
    for _ in range(50):
        near = np.exp(-distances * narrow[:, None])
        near /= near.sum(axis=1, keepdims=True)
        entropy = -(near * np.log(np.maximum(near, 1e-300))).sum(axis=1)
        is_wide = entropy > np.log(perplexity)
        low, high = np.where(is_wide, narrow, low), np.where(is_wide, high, narrow)
        narrow = np.where(np.isinf(high), narrow * 2, (low + high) / 2)
    shared: _Array = np.maximum((near + near.T) / (2 * count), 1e-12)
    return shared


def _among(units: _Array, laid_out: _Array, places: _Array) -> _Array:
    """Places of more documents: the mean of those of the nearest that are laid out, weighted by how near they are."""
    cosines = units @ laid_out.T
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :_NEAREST]
    weights = np.exp(8 * np.take_along_axis(cosines, order, axis=1))
    found: _Array = (places[order] * weights[:, :, None]).sum(axis=1) / weights.sum(axis=1, keepdims=True)
    return found


def _filling(places: _Array) -> _Array:
    """The same places in the square from 0 to 1."""
    low, high = places.min(axis=0), places.max(axis=0)
    filled: _Array = (places - low) / np.maximum(high - low, 1e-9)
    return filled


def _spread(places: _Array) -> _Array:
    """The same places with a gap between any two, where there are not too many: each can be pointed at."""
    count = len(places)
    if count > _MOST_SPREAD:
        return places
    moved = places * [_ASPECT, 1.0] + 1e-6 * np.arange(count)[:, None] * [1.0, -1.0]  # equal places part
    gap = min(_GAP, 0.8 * np.sqrt(_ASPECT / count))
    for _ in range(_SPREADING_STEPS):
        apart = moved[:, None] - moved
        distances = np.sqrt((apart**2).sum(axis=2))
        np.fill_diagonal(distances, np.inf)
        lacking = np.maximum(gap - distances, 0)
        if not lacking.any():
            break
        moved += 0.5 * (apart / np.maximum(distances, 1e-9)[:, :, None] * lacking[:, :, None]).sum(axis=1)
    return _filling(moved)
