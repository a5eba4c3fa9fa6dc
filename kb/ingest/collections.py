"""Collections: folders, manifests and single files, as a list of entries to read."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kb.errors import ManifestError
from kb.ingest.parse.kinds import SUFFIXES

MANIFEST_NAME = "MANIFEST.tsv"
CATALOGUE_NAME = "sources.toml"

UPLOADS = "uploads"
"""Name of the collection that uploads belong to."""


PLAYBOOK = "playbook"
"""Name of the collection that the published pages of the playbook are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to read: where it is, what it is called in its collection, what is said about it."""

    file: Path
    path: str
    described: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collection:
    """Entries that belong together. `complete`: what is not among the entries any more has gone away."""

    name: str
    entries: tuple[Entry, ...]
    complete: bool


def open_collection(path: Path, *, manifest: Path | None = None, name: str = "", without: str = "") -> Collection:
    """The collection at `path`: one file, or a folder with everything readable below it.

    A folder may describe its files in `sources.toml` (`[[source]]` tables with a `path`) or `MANIFEST.tsv`; with a
    manifest only the files it names are read, and none outside the folder. What is below `without`, a folder in it, is
    left out. Raises `ManifestError`.
    """
    if not path.exists():
        raise ManifestError(f"There is no file or folder {path}.", remedy="Check the path.", path=str(path))
    if path.is_file():
        rows = _by_path(read_manifest(manifest)) if manifest else {}
        described = next((row for key, row in rows.items() if Path(key).name == path.name), {})
        collection = name or path.parent.resolve().as_posix()
        entry = Entry(path, described.get("path") or _readable(Path(path.name)), described)
        return Collection(collection, (entry,), complete=False)
    collection = name or path.resolve().as_posix()
    listed = manifest or (path / MANIFEST_NAME if (path / MANIFEST_NAME).is_file() else None)
    if listed:
        entries = tuple(_listed(row, roots=(path, listed.parent), manifest=listed) for row in read_manifest(listed))
        return Collection(collection, entries, complete=True)
    described_by = _by_path(read_catalogue(path / CATALOGUE_NAME)) if (path / CATALOGUE_NAME).is_file() else {}
    found = (file for file in sorted(path.rglob("*")) if file.is_file() and file.suffix.lower() in SUFFIXES)
    visible = ((file, file.relative_to(path)) for file in found)
    return Collection(
        collection,
        tuple(
            Entry(file, _readable(inside), described_by.get(_readable(inside), {}))
            for file, inside in visible
            if not any(part.startswith(".") for part in inside.parts) and inside.parts[0] != without
        ),
        complete=True,
    )


def read_manifest(manifest: Path) -> Sequence[Mapping[str, str]]:
    """Rows of a tab-separated manifest with a header; `path` is the one column it must have."""
    try:
        with manifest.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
            if "path" not in (reader.fieldnames or ()):
                raise ManifestError(
                    f"The manifest {manifest.name} has no column “path”.",
                    remedy="Write a header line with tab-separated column names, “path” among them.",
                    path=str(manifest),
                )
            return [{key: (value or "").strip() for key, value in row.items() if key} for row in reader if row["path"]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ManifestError(
            f"The manifest {manifest} cannot be read: {error}.", remedy="Save it as UTF-8 text.", path=str(manifest)
        ) from error


def read_catalogue(catalogue: Path) -> Sequence[Mapping[str, str]]:
    """The `[[source]]` tables of a catalogue, every value as text; lists and tables inside them as JSON."""
    try:
        tables = tomllib.loads(catalogue.read_text(encoding="utf-8")).get("source", [])
        return [{key: _as_text(value) for key, value in table.items()} for table in tables]
    except (OSError, ValueError, AttributeError, TypeError) as error:  # the last two: `source` is no list of tables
        raise ManifestError(
            f"The catalogue {catalogue} cannot be read: {error}.", remedy="Correct that line.", path=str(catalogue)
        ) from error


def _as_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else str(value)


def _readable(path: Path) -> str:
    """`path` as text; bytes of a name that are no UTF-8, which SQL and JSON refuse, become question marks."""
    return path.as_posix().encode(errors="replace").decode()


def _by_path(rows: Sequence[Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    return {row["path"]: row for row in rows if row.get("path")}


def _listed(row: Mapping[str, str], *, roots: Sequence[Path], manifest: Path) -> Entry:
    """The entry of one line; a file that is not there is one too, so that it becomes a line of the report."""
    files = [(root / row["path"]).resolve() for root in roots]
    inside = [file for file, root in zip(files, roots, strict=True) if file.is_relative_to(root.resolve())]
    if not inside:
        raise ManifestError(
            f"The manifest {manifest.name} names {row['path']}, which is outside its folder.",
            remedy="Move the file into the folder or remove its line.",
            path=row["path"],
        )
    return Entry(next(filter(Path.is_file, inside), inside[0]), row["path"], row)
