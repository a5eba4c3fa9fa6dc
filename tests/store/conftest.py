"""A store, and documents put into it without reading a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from kb.model.passages import Page, Passage, PlacedHeading
from kb.model.works import Metadata, Version
from kb.settings import Settings
from kb.store import Store
from kb.store.database import next_revision
from kb.store.pages import replace_pages
from kb.store.passages import replace_passages
from kb.store.versions import insert_version

VERSION = Version(
    id="aaaabbbbcccc",
    work_id="cloud-first",
    sha256="00" * 32,
    path="cloud.md",
    media_type="text/markdown",
    size_bytes=100,
    page_count=None,
    passage_count=2,
    word_count=10,
    status="current",
    metadata=Metadata(title="Cloud First", language="en", publisher="GDS", country="uk", published="2013-05"),
    added_at="2026-01-01T00:00:00.000+00:00",
)

Put = Callable[..., Version]


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    store = Store(settings)
    yield store
    store.close()


@pytest.fixture
def put(store: Store) -> Put:
    """Puts a version with the given passages into the store: `put(["one", "two"], id="...")`; again to replace them."""

    def put(texts: Sequence[str] = (), **changed: object) -> Version:
        metadata = replace(VERSION.metadata, **{k: v for k, v in changed.items() if hasattr(VERSION.metadata, k)})
        own = {k: v for k, v in changed.items() if not hasattr(VERSION.metadata, k)}
        if "id" in own:
            own = {"sha256": f"{own['id']:0<64}", "work_id": f"work-{own['id']}", **own}
        version = replace(VERSION, metadata=metadata, **own)
        page, passages = "", []
        for ordinal, text in enumerate(texts):
            passages.append(
                Passage(f"{version.id}-{text}", version.id, None, ordinal, len(page), len(page) + len(text), text, "en")
            )
            page += f"{text}\n"
        with store.database.write() as connection:
            if version.id not in store.versions.get_many([version.id]):
                insert_version(connection, version)
            replace_pages(connection, version.id, [Page(1, page, "en")], [PlacedHeading(1, version.title, 1, 0)])
            replace_passages(connection, version.id, version.title, passages, revision=next_revision(connection))
        return version

    return put
