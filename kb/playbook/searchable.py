"""Published pages as a collection that search reads whenever the playbook has changed."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.ingest.collections import PLAYBOOK, Collection, Entry
from kb.model.playbook import WikiPage
from kb.playbook.plain import searchable
from kb.store import Store
from kb.store.wiki_pages import changes, changes_read, note_read
from kb.text.language import Language


class PublishedPages:
    """What search should know of the playbook: every published page that is neither archived nor deleted."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def change(self) -> int:
        """The number of the last change that search does not know yet; 0 where it knows all."""
        with self._store.database.read() as connection:
            change = changes(connection)
            return change if change > changes_read(connection) else 0

    @contextmanager
    def collection(self) -> Iterator[Collection]:
        """The pages as files, for as long as the block is."""
        titles: dict[Language, dict[str, str]] = {"en": {}, "ja": {}}
        pages = self._store.wiki.list()
        for page in pages:
            for language in titles:
                body = page.body(language)
                titles[language][page.slug] = body.title if body else ""
        with tempfile.TemporaryDirectory(prefix="kakehashi-pages-") as folder:
            entries = [entry for page in pages for entry in self._entries(page, Path(folder), titles)]
            yield Collection(PLAYBOOK, tuple(entries), complete=True)

    def note_read(self, change: int) -> None:
        """Keep that search knows the playbook up to a change."""
        with self._store.database.write() as connection:
            note_read(connection, change)

    def _entries(self, page: WikiPage, folder: Path, titles: dict[Language, dict[str, str]]) -> Iterator[Entry]:
        for language, body in page.bodies.items():
            if not body.published:
                continue
            path = f"{PLAYBOOK}/{language}/{page.slug}.md"
            text = self._store.revisions.get(page.id, language, body.published).text
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            shown = searchable(text, language, title_of=lambda slug, own=language: titles[own].get(slug, ""))  # type: ignore[misc]
            file.write_bytes(shown.encode())
            yield Entry(file, path)
