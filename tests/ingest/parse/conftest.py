"""Files for the parsers, made small here or taken from the shared material beside the checkout."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.ingest.parse.parsed import Limits
from kb.ingest.parse.runner import ParserProcess
from kb.settings import Settings, load_settings

SHARED = Path(__file__).resolve().parents[4] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the shared evaluation material is not beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return load_settings(data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def parser(settings: Settings) -> Iterator[ParserProcess]:
    with ParserProcess(settings) as process:
        yield process


@pytest.fixture
def limits() -> Limits:
    return Limits(max_pages=100, max_characters=100_000)


@pytest.fixture(scope="session")
def heavy_pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small file whose one page unpacks to millions of text operators: slow to read and large in memory."""
    stream = zlib.compress(b"BT /F1 9 Tf\n" + b"(a) Tj 1 0 Td\n" * 3_000_000 + b"ET", 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, start=1))
    path = tmp_path_factory.mktemp("heavy") / "heavy.pdf"
    path.write_bytes(body + b"trailer << /Root 1 0 R /Size 5 >>\n%%EOF\n")
    return path
