"""Changes of the playbook as an Atom feed (RFC 4287)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from xml.etree import ElementTree as ET

from kb.html import addresses
from kb.html.frame import LANGUAGE_NAMES
from kb.i18n import Texts
from kb.model.playbook import Revision, WikiPage
from kb.store.database import now

_ATOM = "http://www.w3.org/2005/Atom"
_IDS = uuid.UUID("6f1a3c7e-5d0b-4f43-9a66-2b1f0f6f5f10")
"""Namespace of the ids of entries: the same revision has the same id in every language and under every host name."""


def atom(
    t: Texts,
    revisions: Sequence[Revision],
    pages: Mapping[int, WikiPage],
    *,
    absolute: Callable[[str], str],
    query: str = "",
) -> bytes:
    """The feed of `revisions`, newest first; `query` is that of its own address, which tells feeds apart."""
    ET.register_namespace("", _ATOM)
    feed = ET.Element(f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": t.language})
    own = f"{addresses.WRITING}/changes.atom" + (f"?{query}" if query else "")
    _text(feed, "id", _identity("feed", query.replace(f"lang={t.language}", "")))
    _text(feed, "title", t("reports.feed.title"))
    _text(feed, "updated", revisions[0].made_at if revisions else now())
    ET.SubElement(feed, f"{{{_ATOM}}}link", {"rel": "self", "href": absolute(own)})
    ET.SubElement(feed, f"{{{_ATOM}}}link", {"href": absolute(addresses.writing(t.language, "changes"))})
    for revision in revisions:
        page = pages[revision.page_id]
        entry = ET.SubElement(feed, f"{{{_ATOM}}}entry")
        title = page.bodies[revision.language].title or page.slug
        _text(entry, "id", _identity(str(revision.page_id), revision.language, str(revision.number)))
        _text(entry, "title", t("reports.feed.entry", title=title, name=LANGUAGE_NAMES[revision.language]))
        _text(entry, "updated", revision.made_at)
        _text(ET.SubElement(entry, f"{{{_ATOM}}}author"), "name", revision.author)
        _text(entry, "summary", revision.summary or t(f"history.origin.{revision.origin}"))
        parameters = [("body", revision.language), ("to", str(revision.number))]
        href = addresses.writing(t.language, "compare", page.slug, parameters)
        if revision.number == 1:
            href = addresses.in_language(addresses.playbook_page(page.slug), t.language)
        ET.SubElement(entry, f"{{{_ATOM}}}link", {"href": absolute(href)})
    ET.indent(feed)
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text


def _identity(*parts: str) -> str:
    return uuid.uuid5(_IDS, "/".join(parts)).urn


def _text(parent: ET.Element, name: str, words: str) -> None:
    """An element with text; characters that no XML may hold are left out."""
    allowed = (character for character in words if character in "\t\n\r" or character >= " ")
    ET.SubElement(parent, f"{{{_ATOM}}}{name}").text = "".join(c for c in allowed if c not in "\ufffe\uffff")
