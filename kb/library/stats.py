"""Counts of what a library holds."""

from __future__ import annotations

from collections import Counter
from contextlib import closing

from kb.errors import IndexUnavailableError
from kb.index.builds import Builds, read_manifest
from kb.library.presence import require_library
from kb.settings import Settings
from kb.store import Store


def library_stats(settings: Settings) -> dict[str, object]:
    """Figures of a library by name, ready for JSON; raises `NotFoundError` where there is no library."""
    require_library(settings)
    with closing(Store(settings)) as store:
        return _figures(store, Builds(settings.index_path))


def _figures(store: Store, builds: Builds) -> dict[str, object]:
    versions = store.versions.list_all()
    live = [version for version in versions if version.status != "retired"]
    return {
        "works": len({version.work_id for version in live}),
        "documents": len(live),
        "pages": sum(version.page_count or 0 for version in live),
        "passages": sum(version.passage_count for version in live),
        "words": sum(version.word_count for version in live),
        "size_bytes": sum(version.size_bytes for version in live),
        "by_status": dict(Counter(version.status for version in versions)),
        "by_country": dict(Counter(version.metadata.country for version in live)),
        "by_language": dict(Counter(version.metadata.language for version in live)),
        "by_document_type": dict(Counter(version.metadata.document_type for version in live)),
        "files_not_read": len(store.receipts.problems()),
        "last_changed": store.versions.last_changed(),
        "model": _model(builds),
    }


def _model(builds: Builds) -> str:
    folder = builds.current()
    try:
        return read_manifest(folder).model_id if folder else ""
    except IndexUnavailableError:  # doctor says so; everything else can be counted all the same
        return ""
