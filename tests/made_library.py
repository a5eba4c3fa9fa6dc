"""A library for tests: a folder of made files, and everything that works on it with the embedder for tests."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from hash_embedder import HashEmbedder
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from kb.index.builder import write_build
from kb.index.builds import Builds
from kb.index.reader import IndexReader
from kb.ingest.collections import open_collection
from kb.ingest.parse.runner import ParserProcess
from kb.ingest.pipeline import Pipeline, Progress
from kb.library.theme_vectors import theme_vectors
from kb.model.hits import Filters, Hit, SearchResult
from kb.model.receipts import Receipt
from kb.model.works import Version
from kb.search.engine import SearchEngine
from kb.settings import Settings
from kb.store import Store
from kb.text.glossary import GlossaryFile
from kb.text.language import Language

_JAPANESE_FONT = "HeiseiMin-W3"


@dataclass
class MadeLibrary:
    """One library and the folder its documents come from. `close` it; the fixture does."""

    settings: Settings
    folder: Path
    embedder: HashEmbedder = field(default_factory=HashEmbedder)
    parser: ParserProcess | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.store = Store(self.settings)
        self.builds = Builds(self.settings.index_path)
        self.reader = IndexReader(
            self.store,
            self.builds,
            self.embedder.model_id,
            lambda version_id: self.store.versions.get(version_id).title,
        )
        self.engine = SearchEngine(self.store, self.reader, self.embedder, GlossaryFile(self.settings.glossary_path))

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files, by path, into the folder."""
        for path, content in files.items():
            file = self.folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)

    def remove(self, path: str) -> None:
        """Take a file out of the folder."""
        (self.folder / path).unlink()

    def ingest(
        self, *, manifest: Path | None = None, on_progress: Callable[[Progress], None] = lambda _: None
    ) -> dict[str, Receipt]:
        """Bring the library up to date with the folder; receipts by path."""
        with Pipeline(self.settings, self.store, self.embedder, parser=self.parser) as pipeline:
            collection = open_collection(self.folder, manifest=manifest, name="made")
            return {r.path: r for r in pipeline.ingest(collection, on_progress=on_progress)}

    def build(self) -> Path:
        """Write and publish a build; gives its folder. Finds the vectors of the themes too, as a first start does."""
        theme_vectors(self.store.database, self.embedder.model_id, self.embedder)
        return write_build(self.store, self.builds, self.embedder.model_id, embedder=self.embedder)

    def search(self, text: str, *, limit: int = 10, **filters: object) -> SearchResult:
        """The search engine's answer; `filters` are fields of `Filters`."""
        return self.engine.search(text, filters=Filters(**filters), limit=limit)  # type: ignore[arg-type]

    def hits(self, text: str, language: Language | None = None, **filters: object) -> list[Hit]:
        """Hits in one language, that of the query unless told: this embedder knows nothing across languages."""
        found = self.search(text, **filters)
        return list(found.by_language[language or found.query.language].hits)

    def paths(self, text: str, language: Language | None = None, **filters: object) -> list[str]:
        """Paths of the documents of `hits`, best first, each once."""
        return list(dict.fromkeys(hit.version.path for hit in self.hits(text, language, **filters)))

    def version(self, path: str) -> Version:
        """The current version found at `path`, or the one that was last."""
        order = ("current", "superseded", "retired")
        return min((v for v in self.store.versions.list_all() if v.path == path), key=lambda v: order.index(v.status))

    def close(self) -> None:
        self.store.close()


def make_pdf(*pages: str, title: str = "") -> bytes:
    """A PDF with a text layer; one string a page, its lines as they are, English or Japanese."""
    pdfmetrics.registerFont(UnicodeCIDFont(_JAPANESE_FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    canvas.setTitle(title)
    for page in pages:
        for number, line in enumerate(page.splitlines()):
            canvas.setFont("Helvetica" if line.isascii() else _JAPANESE_FONT, 11)
            canvas.drawString(60, 780 - 16 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


CLOUD_EN = """---
title: Cloud First policy
publisher: Government Digital Service
country: uk
language: en
published: 2013-05-05
document_type: strategy
---
# Cloud First policy

Public sector organisations should consider and fully evaluate potential cloud solutions first, before any other
option. This approach is mandatory for central government and strongly recommended to the wider public sector.

## Choosing a service

Departments remain free to choose an alternative to the cloud but will need to demonstrate that it offers better value
for money. See standard DS-920 and point 10 of the Technology Code of Practice.
"""

CLOUD_JA = """---
title: 政府情報システムにおけるクラウドサービスの適切な利用に係る基本方針
publisher: デジタル庁
country: jp
language: ja
published: 2022-12-28
document_type: strategy
---
# 基本方針

政府情報システムは、クラウドサービスの利用を第一候補として、その検討を行うものとする。これをクラウド・バイ・デフォルト原則という。

## ガバメントクラウド

ガバメントクラウドは、政府共通のクラウドサービスの利用環境である。標準ガイドライン群のDS-310を参照すること。
"""

IDENTITY_EN = """# Proving identity

Identity verification checks that a person is who they say they are. Services choose a level of confidence: low,
medium, high or very high. Departments don't have to build this themselves.
"""

IDENTITY_JA = """本人確認の手法に関するガイドライン

行政手続におけるオンラインの本人確認は、身元確認と当人認証から成る。電子行政の推進にあたり、マイナンバーカードを用いる。
"""

DATA_HTML = """<!doctype html><html lang="en"><head><title>National Data Strategy</title></head><body>
<h1>National Data Strategy</h1><p>Better use of data can help organisations of every kind succeed, across the public,
private and third sectors.</p><h2>Data foundations</h2><p>Data should be fit for purpose, recorded in standardised
formats on modern, future-proof systems.</p></body></html>"""

SMALL: Mapping[str, str | bytes] = {
    "cloud.en.md": CLOUD_EN,
    "cloud.ja.md": CLOUD_JA,
    "identity.en.md": IDENTITY_EN,
    "identity.ja.txt": IDENTITY_JA,
    "data.html": DATA_HTML,
}
"""Five documents in two languages and three formats, small enough for every test."""


def small_pdf() -> bytes:
    """Two English pages and a Japanese one."""
    return make_pdf(
        "Service Standard\n\nPoint 1 Understand users and their needs.\nTake a view of the whole problem they have.",
        "Point 10 Define what success looks like\nand publish performance data for everyone to see.",
        "サービスデザイン思考の導入\n利用者の視点に立ち、サービスの全体を設計する。",
        title="Service Standard of the made library",
    )
