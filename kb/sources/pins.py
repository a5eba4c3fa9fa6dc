"""What was fetched last of each source: its checksum and marks, in one file of the data folder."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path

from kb.errors import FetchError
from kb.settings import Settings
from kb.sources.download import Marks

try:
    import fcntl
except ImportError:  # Windows, where two fetches at once are left to the care of whoever starts them
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Pin:
    """One source as it was fetched. `described` stands for the catalogue's words about it at that time."""

    sha256: str
    size_bytes: int
    version_id: str
    fetched_at: str
    described: str
    marks: Marks = field(default_factory=Marks)


def sources_folder(settings: Settings) -> Path:
    """Where a library keeps what it knows of fetched sources, and what broke off on the way."""
    return settings.data_dir / "sources"


def fetched_versions(settings: Settings) -> Mapping[str, str]:
    """Ids of the versions that were fetched, by the id of their source."""
    return {source_id: pin.version_id for source_id, pin in Pins(settings).all().items()}


class Pins:
    """The pins of one library: read at once, written whole after every change."""

    def __init__(self, settings: Settings) -> None:
        self.folder = sources_folder(settings)
        self._file = self.folder / "pins.json"

    def all(self) -> Mapping[str, Pin]:
        """Every pin by the id of its source; a file that was damaged counts as none, and everything is fetched anew."""
        try:
            state = self._file.stat()
        except OSError:
            return {}
        return _read(self._file, state.st_mtime_ns, state.st_size)

    def save(self, source_id: str, pin: Pin) -> None:
        """Keep a pin; it is there whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        pins = {**self.all(), source_id: pin}
        table = {name: asdict(each) for name, each in sorted(pins.items())}
        temporary = self._file.with_suffix(".new")
        with temporary.open("w", encoding="utf-8") as out:
            json.dump(table, out, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(self._file)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold off every other fetch into this library; raises `FetchError` where one is running."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w", encoding="utf-8") as lock:
            if fcntl is not None:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError as error:
                    raise FetchError(
                        "Sources are being fetched into this library already.", remedy="Wait until that is done."
                    ) from error
            yield


@lru_cache(maxsize=4)
def _read(file: Path, *_: int) -> Mapping[str, Pin]:
    try:
        table = json.loads(file.read_text(encoding="utf-8"))
        return {name: Pin(**{**pin, "marks": Marks(**pin["marks"])}) for name, pin in table.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}
