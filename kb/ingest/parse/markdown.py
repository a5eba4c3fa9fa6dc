"""Markdown, with the front matter and template tags of static site generators."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from kb.errors import ManifestError
from kb.ingest.parse.blocks import TextBuilder
from kb.ingest.parse.decoding import decode
from kb.ingest.parse.kinds import MEDIA_TYPES
from kb.ingest.parse.markup import text_of_fragment
from kb.ingest.parse.parsed import Limits, Parsed
from kb.ingest.parse.templates import without_tags
from kb.text.language import language_of
from kb.text.normalise import normalise, one_line

_FRONT_MATTER = re.compile(r"\A\ufeff?---[^\S\n]*\n(.*?)^(?:---|\.\.\.)[^\S\n]*$\n?", re.DOTALL | re.MULTILINE)
_MOST_FRONT_MATTER = 100_000
_TITLE_KEYS = ("title", "page_title", "name")
_DATE_KEYS = ("published", "date", "publish_date", "first_published", "dateAdded", "last_updated", "dateUpdated")
_AUTHOR_KEYS = ("author", "authors", "publisher", "organisation", "organization")
_LOOSE_NOTE = re.compile(r"\[\^[^\]\s]{1,20}\]")
"""The mark of a footnote that the file does not hold."""
_TASK = re.compile(r"\A\[(?P<done>[ xX])\][^\S\n]+(?=\S)")
"""How an item of a list of tasks begins."""
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def parse(data: bytes, *, limits: Limits) -> Parsed:
    """Markdown as one page; raises `ManifestError` where its front matter is not YAML."""
    text = decode(data).replace("\r\n", "\n").replace("\r", "\n")
    front_matter, body = split_front_matter(text)
    builder = TextBuilder(limits, language_of(body[:100_000]))
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    _add_blocks(builder, reader.parse(without_tags(body)))
    title = _first_text(front_matter, _TITLE_KEYS) or builder.title
    date = _DATE.match(_first_text(front_matter, _DATE_KEYS))
    return Parsed(
        MEDIA_TYPES["markdown"],
        paged=False,
        pages=(builder.page(),),
        title=one_line(normalise(title)),
        published=date.group() if date else "",
        author=one_line(normalise(_first_text(front_matter, _AUTHOR_KEYS))),
        front_matter=front_matter,
    )


def split_front_matter(text: str) -> tuple[dict[str, object], str]:
    """Front matter, empty where there is none, and the text after it; `ManifestError` where it is no YAML mapping."""
    match = _FRONT_MATTER.match(text[:_MOST_FRONT_MATTER])
    if match is None:
        return {}, text
    try:
        loaded = yaml.safe_load(match.group(1))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable_front_matter(error) from error
    if loaded is not None and not isinstance(loaded, dict):
        if ":" in match.group(1):
            raise _unreadable_front_matter(ValueError("not a mapping"))
        return {}, text  # a text between two rules, not front matter
    return {str(key): _plain(value) for key, value in (loaded or {}).items()}, text[match.end() :]


def _unreadable_front_matter(error: Exception) -> ManifestError:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 2 if mark is not None else 1
    return ManifestError(
        f"The block between the --- lines at the top of the file cannot be understood (line {line}).",
        remedy="Correct it: one “name: value” a line, values with a colon in quotation marks.",
        reason="manifest-front-matter",
        line=line,
    )


def _plain(value: object) -> object:
    """`value` with dates as text, so that it can be written as JSON."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _first_text(front_matter: Mapping[str, object], keys: tuple[str, ...]) -> str:
    for key in keys:
        value = front_matter.get(key)
        if isinstance(value, list):
            value = ", ".join(str(part) for part in value)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value)
    return ""


def _add_blocks(builder: TextBuilder, tokens: list[Token]) -> None:
    """Walk the tokens; `markers` holds one entry for each open list: its bullet, or the next number."""
    markers: list[str | int] = []
    pending = ""
    cells: list[str] = []
    for index, token in enumerate(tokens):
        match token.type:
            case "bullet_list_open":
                markers.append("-")
            case "ordered_list_open":
                markers.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                markers.pop()
            case "list_item_open":
                marker = markers[-1]
                pending = f"{marker}. " if isinstance(marker, int) else "- "
                if isinstance(marker, int):
                    markers[-1] = marker + 1
            case "tr_open":
                cells = []
            case "tr_close":
                builder.row(cells)
            case "fence" | "code_block":
                builder.code(token.content)
            case "html_block":
                text_of_fragment(builder, token.content)
            case "inline":
                text = _inline_text(token)
                opener = tokens[index - 1].type
                if opener in ("th_open", "td_open"):
                    cells.append(text)
                elif opener == "heading_open":
                    builder.heading(int(tokens[index - 1].tag[1:]), text)
                elif markers and text.strip():
                    builder.item(pending + (_TASK.sub(_box, text) if pending else text))
                    pending = ""
                else:
                    builder.paragraph(text)


def _box(task: re.Match[str]) -> str:
    return "☐ " if task["done"] == " " else "☑ "


def _inline_text(token: Token) -> str:
    """Text of an inline token: links and images as their words, tags of HTML dropped."""
    parts: list[str] = []
    for child in token.children or ():
        match child.type:
            case "text":
                parts.append(_LOOSE_NOTE.sub("", child.content))
            case "code_inline":
                parts.append(child.content)
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "image":
                parts.append(_inline_text(child) or child.content)
            case "html_inline" if child.content.lower().startswith("<br"):
                parts.append("\n")
    return "".join(parts)
