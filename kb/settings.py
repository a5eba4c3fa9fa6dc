"""Everything that can be configured, read once and passed in.

Each field is an environment variable with the prefix `KB_` (`KB_MODEL`, `KB_THREADS`, ...); a `.env` file in the
working folder is read too. `docs/configuration.md` documents every field, and a test fails where it does not.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kb.errors import SettingsError

PROJECT_DIR = Path(__file__).resolve().parent.parent
"""The checkout: holds `docs_corpus/`, the default library (`data/`) and its derived data (`index/`)."""


class Settings(BaseSettings):
    """One immutable set of settings. Build it with `load_settings`."""

    model_config = SettingsConfigDict(env_prefix="KB_", env_file=".env", frozen=True, extra="ignore")

    data_dir: Path = PROJECT_DIR / "data"
    """The truth of the library: database and files."""
    index_dir: Path | None = None
    """Derived data. Unset: `index/` beside `docs_corpus/` for the default library, `<data_dir>/index` for any other."""
    corpus_dir: Path = PROJECT_DIR / "docs_corpus"
    """Starter documents, playbook pages, glossary and catalogue of official sources."""
    glossary_file: Path | None = None
    """The glossary. Unset: `glossary.toml` in the folder of the starter documents."""

    model: str = "default"
    """`default`, a sentence-transformers folder, or a hub name such as `intfloat/multilingual-e5-small`."""
    model_cache_dir: Path = PROJECT_DIR / "index" / "models"
    """Where a prepared model is kept; may be shared by many libraries."""
    fast_path: bool = True
    """Use the OpenVINO form of the model where it was verified against the reference."""
    threads: int = Field(default=0, ge=0)
    """Threads for embedding; 0 means one for each core."""

    passage_tokens: int = Field(default=270, ge=40, le=480)
    """Longest passage, in tokens of the model, title and section path not counted."""
    passage_overlap_tokens: int = Field(default=50, ge=0, le=200)
    """How far neighbouring passages of one page overlap, in tokens of the model."""

    max_upload_mb: int = Field(default=50, ge=1)
    """Largest file that is accepted, in megabytes of 1,000,000 bytes."""
    max_pages: int = Field(default=5_000, ge=1)
    """Most pages of one document."""
    max_text_mb: int = Field(default=40, ge=1)
    """Most text of one document, in millions of characters."""
    parse_timeout_s: int = Field(default=60, ge=1)
    """Longest time one file may take to be read."""
    parse_memory_mb: int = Field(default=900, ge=200)
    """Most memory the process that reads a file may take."""
    ocr: Literal["auto", "off"] = "auto"
    """Read pages without usable text by OCR where Tesseract is installed, or never."""
    ocr_timeout_s: int = Field(default=900, ge=1)
    """Longest time the OCR of one file may take; pages not reached stay without text."""

    worker_memory_mb: int = Field(default=2_000, ge=500)
    """Memory above which the worker begins anew after a file, in megabytes."""
    worker: bool = True
    """Start the worker that reads uploads together with the app."""
    base_url: str = ""
    """Address readers use, such as `https://kakehashi.example`; empty: links start at the address in the browser."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """Least severe message that is logged."""

    @property
    def index_path(self) -> Path:
        """Folder of derived data of this library."""
        if self.index_dir is not None:
            return self.index_dir
        if self.data_dir.resolve() == (PROJECT_DIR / "data").resolve():
            return PROJECT_DIR / "index"
        return self.data_dir / "index"

    @property
    def glossary_path(self) -> Path:
        """The file of the glossary, whether it is there or not."""
        return self.glossary_file or self.corpus_dir / "glossary.toml"

    @property
    def thread_count(self) -> int:
        """Threads for embedding, at least one."""
        return self.threads or os.cpu_count() or 1

    @property
    def files_dir(self) -> Path:
        """Bytes of every version, named by their SHA-256."""
        return self.data_dir / "files"

    @property
    def images_dir(self) -> Path:
        """Images of the playbook, named by their SHA-256."""
        return self.data_dir / "playbook-images"


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment, with `overrides` on top; raises `SettingsError` naming the wrong one."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # pydantic validates what the signature cannot say
    except ValidationError as error:
        first = error.errors()[0]
        name = "KB_" + str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise SettingsError(
            f"The setting {name} is not usable: {first['msg']}.",
            remedy="Correct it or remove it; docs/configuration.md lists every setting.",
            name=name,
            detail=first["msg"],
        ) from error
