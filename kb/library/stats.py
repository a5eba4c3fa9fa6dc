"""Counts of what a library holds."""

from __future__ import annotations

from collections import Counter

from kb.index.builds import Builds, read_manifest
from kb.settings import Settings
from kb.store import Store


def library_stats(settings: Settings) -> dict[str, object]:
    """Figures of a library by name, ready for JSON."""
    store = Store(settings)
    versions = store.versions.list_all()
    live = [version for version in versions if version.status != "retired"]
    folder = Builds(settings.index_path).current()
    figures: dict[str, object] = {
        "works": len({version.work_id for version in live}),
        "documents": len(live),
        "pages": sum(version.page_count or 0 for version in live),
        "passages": store.passages.count(),
        "words": sum(version.word_count for version in live),
        "size_bytes": sum(version.size_bytes for version in live),
        "by_status": dict(Counter(version.status for version in versions)),
        "by_country": dict(Counter(version.metadata.country for version in live)),
        "by_language": dict(Counter(version.metadata.language for version in live)),
        "by_document_type": dict(Counter(version.metadata.document_type for version in live)),
        "files_not_read": len(store.receipts.problems()),
        "last_changed": store.versions.last_changed(),
        "model": read_manifest(folder).model_id if folder else "",
    }
    store.close()
    return figures
