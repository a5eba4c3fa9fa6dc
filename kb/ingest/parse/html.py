"""HTML pages: what is said in them, without menus, banners and scripts."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.element import Tag

from kb.ingest.parse.blocks import TextBuilder
from kb.ingest.parse.decoding import decode
from kb.ingest.parse.kinds import MEDIA_TYPES
from kb.ingest.parse.markup import add_tree
from kb.ingest.parse.parsed import Limits, Parsed
from kb.text.language import Language, language_of
from kb.text.normalise import normalise, one_line

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})|<\?xml[^>]{0,200}encoding=[\"']([\w.-]{2,40})",
    re.IGNORECASE,
)
_CP932 = ("shift_jis", "shift-jis", "x-sjis", "sjis", "windows-31j", "ms932")
"""Names by which pages declare what Windows calls 932; the standard's own table lacks the characters people use."""
_APART = frozenset(("nav", "aside", "footer", "form"))
_APART_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "complementary", "dialog"))
_APART_CLASSES = re.compile(
    r"(?:^|[-_\s])(?:cookie|breadcrumbs?|skip-?link|visually-hidden|screen-reader-text|sr-only|navbar|sidebar|pagination|share)(?:$|[-_\s])"
)
_MAIN = ("main", "article", '[role="main"]', "#content", "#main", "#contents")
_LEAST_SHARE = 0.25
"""A main part with less than this share of the page's text is taken for a mistake of markup."""
_DATE_NAMES = (
    "article:published_time", "dcterms.issued", "dc.date.issued", "dc.date", "date", "govuk:first-published-at",
    "govuk:public-updated-at", "article:modified_time", "dcterms.modified",
)  # fmt: skip
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")


def parse(data: bytes, *, limits: Limits) -> Parsed:
    """An HTML page as one page."""
    soup = BeautifulSoup(decode(data, _declared(data)), "lxml")
    root = _main_part(soup)
    text = root.get_text()
    builder = TextBuilder(limits, language_of(text, _language(soup)))
    add_tree(builder, root, dropped=_is_apart)
    page = builder.page()
    return Parsed(
        MEDIA_TYPES["html"],
        paged=False,
        pages=(page,),
        title=_title(soup) or builder.title,
        published=_published(soup),
        author=_meta(soup, "author") or _meta(soup, "dcterms.creator"),
    )


def _declared(data: bytes) -> str:
    match = _DECLARED.search(data[:4096])
    if match is None:
        return ""
    name = (match.group(1) or match.group(2)).decode("ascii").lower()
    return "cp932" if name in _CP932 else name


def _language(soup: BeautifulSoup) -> Language:
    root = soup.find("html")
    return "ja" if isinstance(root, Tag) and str(root.get("lang", "")).lower().startswith("ja") else "en"


def _main_part(soup: BeautifulSoup) -> Tag:
    body = soup.body or soup
    whole = len(body.get_text())
    for selector in _MAIN:
        part = soup.select_one(selector)
        if part is not None and len(part.get_text()) >= _LEAST_SHARE * whole:
            return part
    return body


def _is_apart(tag: Tag) -> bool:
    """Whether `tag` holds a menu, a banner or something hidden."""
    if tag.name in _APART or tag.get("hidden") is not None or tag.get("aria-hidden") == "true":
        return True
    if tag.name == "header":
        return tag.find(["h1", "h2"]) is None  # the header of an article carries its heading
    if str(tag.get("role", "")) in _APART_ROLES:
        return True
    classes = tag.get("class")
    return bool(classes) and _APART_CLASSES.search(" ".join(classes or ())) is not None


def _title(soup: BeautifulSoup) -> str:
    for candidate in (_meta(soup, "og:title"), soup.title.get_text() if soup.title else ""):
        if candidate.strip():
            return one_line(normalise(candidate))
    return ""


def _meta(soup: BeautifulSoup, name: str) -> str:
    for attribute in ("name", "property"):
        tag = soup.find("meta", attrs={attribute: re.compile(f"^{re.escape(name)}$", re.IGNORECASE)})
        if isinstance(tag, Tag) and tag.get("content"):
            return one_line(normalise(str(tag["content"])))
    return ""


def _published(soup: BeautifulSoup) -> str:
    candidates = [_meta(soup, name) for name in _DATE_NAMES]
    times = soup.find_all("time", attrs={"datetime": True}, limit=1)
    candidates += [str(tag["datetime"]) for tag in times]
    return next((match.group() for value in candidates if (match := _DATE.match(value))), "")
