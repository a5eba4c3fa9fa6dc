"""The starter library as it lies in the repository: documents, playbook pages, glossary and catalogue."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from kb.settings import PROJECT_DIR

CORPUS = PROJECT_DIR / "docs_corpus"
DOCUMENTS = CORPUS / "documents"
PRINTED = PROJECT_DIR / "tools" / "pdf"
"""Briefings that are published as PDF, in Markdown."""
PLAYBOOK = CORPUS / "playbook"

DISCARDED = re.compile(
    r"枠組み契約|枠組契約|枠組協定|フレームワーク契約|PDL 1\.0|サーバ(?!ー)"
    r"|閣僚級|政務級|GDS長官|月曜日のチェックリスト|データ庁|ライブラリー|能力枠組み"
)
"""Japanese forms that once stood beside the one in use: 枠組み協定, PDL1.0, サーバー, 年次会合, データ局 and others."""

_FRONT_MATTER = re.compile(r"---\n(?P<front>.*?)\n---\n(?P<body>.*)", re.DOTALL)


@dataclass(frozen=True)
class Text:
    """One Markdown file: what stands between its lines of hyphens, and the rest."""

    file: Path
    front: Mapping[str, object]
    body: str

    @property
    def name(self) -> str:
        return self.file.relative_to(PROJECT_DIR).as_posix()

    @property
    def language(self) -> str:
        """As its place says."""
        return self.file.parent.name if PLAYBOOK in self.file.parents else self.file.stem.rpartition(".")[2]

    @property
    def slug(self) -> str:
        """What both languages share."""
        return self.file.stem if PLAYBOOK in self.file.parents else self.file.stem.rpartition(".")[0]


def read(file: Path) -> Text:
    match = _FRONT_MATTER.fullmatch(file.read_text(encoding="utf-8"))
    assert match, f"{file.name} has no front matter"
    return Text(file, yaml.safe_load(match["front"]), match["body"])


def briefings() -> list[Text]:
    return [read(file) for file in (*sorted(DOCUMENTS.glob("*.md")), *sorted(PRINTED.glob("*.md")))]


def playbook_pages() -> list[Text]:
    return [read(file) for file in sorted(PLAYBOOK.glob("*/*.md"))]
