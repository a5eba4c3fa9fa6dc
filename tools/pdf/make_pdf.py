"""Briefings as PDF: `make pdfs` turns the Markdown of this folder into the PDF files of `docs_corpus/documents/`.

Each gets a text layer with embedded, subset fonts, tags, bookmarks, its title and its language (PDF/UA-1). The Markdown
lies here and not in the corpus, so that no search finds the same sentence twice. Noto Sans CJK JP is under the SIL Open
Font License, which allows embedding.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Mapping
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import weasyprint
import yaml
from markdown_it import MarkdownIt

HERE = Path(__file__).resolve().parent
DOCUMENTS = HERE.parent.parent / "docs_corpus" / "documents"
MOST_BYTES = 1_000_000

_FRONT_MATTER = re.compile(r"---\n(.*?)\n---\n(.*)", re.DOTALL)
_JAPANESE = re.compile(r"[\u3001-\u30ff\u3400-\u9fff\uff01-\uff60々]+")
_TAG = re.compile(r"(<[^>]*>)")
_ANCHOR = re.compile(r"\s*\{#[a-z0-9-]+\}")
_WORDS = {
    "en": {
        "kicker": "Briefing · Kakehashi 架け橋",
        "sources": "Sources",
        "licence": "Licence: {}",
        "date": "{0} {1} {3}",
    },
    "ja": {
        "kicker": "解説資料 · 架け橋 Kakehashi",
        "sources": "出典",
        "licence": "ライセンス：{}",
        "date": "{3}年{2}月{0}日",
    },
}


def main() -> int:
    """Write every PDF; gives the number of those that turned out too large."""
    failures = 0
    for source in sorted(HERE.glob("*.md")):
        target = DOCUMENTS / f"{source.stem}.pdf"
        pdf = to_pdf(source.read_text(encoding="utf-8"))
        target.write_bytes(pdf)
        failures += len(pdf) > MOST_BYTES
        sys.stdout.write(f"{target.name}: {len(pdf) // 1000} KB\n")
    return failures


def to_pdf(markdown: str) -> bytes:
    """The PDF of one briefing; the same Markdown gives the same bytes."""
    match = _FRONT_MATTER.fullmatch(markdown)
    if match is None:
        raise ValueError("A briefing begins with front matter between two lines of hyphens.")
    front, body = yaml.safe_load(match[1]), match[2]
    page = weasyprint.HTML(string=to_html(front, body), base_url=str(HERE))
    css = weasyprint.CSS(filename=str(HERE / "print.css"))
    identifier = hashlib.sha256(markdown.encode()).hexdigest()[:32].encode()
    return bytes(page.write_pdf(stylesheets=[css], pdf_variant="pdf/ua-1", pdf_identifier=identifier) or b"")


def to_html(front: Mapping[str, Any], body: str) -> str:
    """The page: title, who and when, text, sources."""
    language, words = front["language"], _WORDS[front["language"]]
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    text = parser.render(_ANCHOR.sub("", body))
    day: date = front["published"]
    published = words["date"].format(day.day, day.strftime("%B"), day.month, day.year)
    facts = " · ".join((front["publisher"], published, words["licence"].format(front["licence"])))
    sources = " · ".join(map(_source, front.get("sources", [])))
    content = f"""<p class="kicker">{escape(words["kicker"])}</p><h1>{escape(front["title"])}</h1>
<p class="facts">{escape(facts)}</p>{text}<h2>{words["sources"]}</h2><p class="sources">{sources}</p>"""
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<title>{escape(front["title"])}</title>
<meta name="author" content="{escape(front["publisher"])}"><meta name="dcterms.created" content="{front["published"]}">
</head><body>{_with_languages(content) if language == "en" else content}</body></html>"""


def _source(source: Mapping[str, str]) -> str:
    """One source by publisher and date, leading to it; its title is the description of the link.

    A list of titles in the text would be the best match for every question about them, and answer none.
    """
    shown = ", ".join(escape(str(source[name])) for name in ("publisher", "date") if source.get(name))
    return f'<a href="{escape(str(source["url"]))}" title="{escape(str(source["title"]))}">{shown}</a>'


def _with_languages(content: str) -> str:
    """Japanese runs of an English text say so."""
    parts = _TAG.split(content)
    return "".join(
        part if part.startswith("<") else _JAPANESE.sub(r'<span lang="ja">\g<0></span>', part) for part in parts
    )


if __name__ == "__main__":
    sys.exit(main())
