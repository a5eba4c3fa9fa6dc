"""Libraries of any size to measure: the passages there are, and beyond these made ones.

A made passage is sentences of real ones put together anew, with the vector of one of them moved at random and its token
vectors as they are. Nothing is embedded for that.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kb.index.builds import Builds, read_manifest
from kb.index.means import token_codec
from kb.model.passages import Passage, embedded_text
from kb.model.works import Version
from kb.settings import Settings
from kb.store import Store, embeddings, passages, versions
from kb.store.database import next_revision
from kb.store.passages import live, text_hash
from kb.text.language import LANGUAGES, Language

_PASSAGES_PER_VERSION = 200
_NOISE = 0.5
"""Length of the random vector added to one of unit length: the cosine between the two is about 0.9."""
_SENTENCE = re.compile(r"[^。！？.!?\n]+[。！？.!?\n]*\s*")
_SEED = 20_261_122


class Embedded(NamedTuple):
    """A text with its vector (dimension,) and the codes of its token vectors."""

    text: str
    vector: NDArray[np.float32]
    codes: bytes


@dataclass(frozen=True, slots=True)
class Sample:
    """What made passages of one language are made of: real ones, their vectors (n, dimension) and token codes."""

    passages: Sequence[Passage]
    vectors: NDArray[np.float32]
    codes: Sequence[bytes]

    def made(self, count: int, random: np.random.Generator) -> Iterator[Embedded]:
        """`count` texts of sentences put together anew, each with a vector near that of a real passage."""
        sentences = [s for passage in self.passages for s in _SENTENCE.findall(passage.text)]
        for origin in random.integers(len(self.passages), size=count):
            wanted, text = len(self.passages[origin].text), ""
            while len(text) < wanted:
                text += sentences[random.integers(len(sentences))]
            vector = perturbed(self.vectors[origin], random)
            yield Embedded(text[: wanted + 200].strip(), vector, self.codes[origin])


def perturbed(vector: NDArray[np.float32], random: np.random.Generator) -> NDArray[np.float32]:
    """A unit vector whose cosine with `vector` (dimension,) is about 0.9."""
    noise = random.standard_normal(len(vector))
    moved = vector + _NOISE * noise / np.linalg.norm(noise)
    return (moved / np.linalg.norm(moved)).astype(np.float32)


def fill(source: Settings, target: Settings, size: int) -> None:
    """Write a library of `size` passages at `target`: real ones of `source`, and made ones for the rest."""
    folder = Builds(source.index_path).current()
    assert folder is not None, "the library that passages are taken from has no index"
    model_id = read_manifest(folder).model_id
    real, samples = _read(source, model_id)
    random = np.random.default_rng(_SEED)
    store = Store(target)
    share = {
        language: len(sample.passages) / sum(len(s.passages) for s in samples.values())
        for language, sample in samples.items()
    }
    for language, sample in samples.items():
        wanted = round(size * share[language])
        described = [version for version in real.values() if version.metadata.language == language]
        there = zip(sample.passages[:wanted], sample.vectors, sample.codes, strict=False)
        kept = (Embedded(passage.text, vector, codes) for passage, vector, codes in there)
        rest = sample.made(max(wanted - len(sample.passages), 0), random)
        for number, block in enumerate(_blocks(chain(kept, rest))):
            _save(store, model_id, described[number % len(described)], language, number, block)
    store.close()


def _read(source: Settings, model_id: str) -> tuple[dict[str, Version], dict[Language, Sample]]:
    store = Store(source)
    by_id = {version.id: version for version in store.versions.list_all()}
    with store.database.read() as connection:
        stored = list(live(connection))
        hashes = [each.text_hash for each in stored]
        vectors = embeddings.find(connection, model_id, hashes)
        codes = {
            hashed: some
            for language in LANGUAGES
            for hashed, some in embeddings.find_codes(connection, model_id, token_codec(language), hashes).items()
        }
    store.close()
    samples = {}
    for language in LANGUAGES:
        members = [each for each in stored if each.passage.language == language]
        matrix = np.array([vectors[each.text_hash] for each in members], np.float32)
        samples[language] = Sample(
            [each.passage for each in members], matrix, [codes[each.text_hash] for each in members]
        )
    return by_id, samples


def _blocks(made: Iterator[Embedded]) -> Iterator[Sequence[Embedded]]:
    while block := list(islice(made, _PASSAGES_PER_VERSION)):
        yield block


def _save(
    store: Store,
    model_id: str,
    like: Version,
    language: Language,
    number: int,
    block: Sequence[Embedded],
) -> None:
    """One version of these passages, described like a real one."""
    name = f"{language}-{number}"
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    version_id = base64.b32encode(bytes.fromhex(sha256)).decode().lower()[:12]
    version = replace(
        like,
        id=version_id,
        work_id=version_id,
        sha256=sha256,
        path=f"{name}.txt",
        passage_count=len(block),
        metadata=replace(like.metadata, title=f"{like.title} {number}", supersedes=""),
        slug="",
    )
    members = [
        Passage(f"{name}-{ordinal}", version_id, None, ordinal, 0, len(one.text), one.text, language)
        for ordinal, one in enumerate(block)
    ]
    hashes = [text_hash(embedded_text(version.title, passage)) for passage in members]
    with store.database.write() as connection:
        versions.insert_version(connection, version)
        embeddings.save(connection, model_id, hashes, np.stack([one.vector for one in block]))
        codes = {hashed: one.codes for hashed, one in zip(hashes, block, strict=True)}
        embeddings.save_codes(connection, model_id, token_codec(language), codes)
        passages.replace_passages(connection, version_id, version.title, members, revision=next_revision(connection))
