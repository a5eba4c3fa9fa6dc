"""Which addresses an author may lead readers to: the web, mail, and places of this site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_REFUSED = re.compile(r"[\x00-\x20\\\x7f-\x9f\u2028\u2029]|%5c", re.IGNORECASE)
"""Browsers read past control characters and take a backslash for a slash; a well-formed address has neither."""
_WEB = re.compile(r"https?://[^/?#]", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^/?#]", re.IGNORECASE)


def is_allowed(address: str) -> bool:
    """Whether `address`, its entities resolved and its odd characters percent-encoded, may become a link."""
    if _REFUSED.search(address):
        return False
    return is_local(address) or is_external(address) or _MAIL.match(address) is not None


def is_local(address: str) -> bool:
    """Whether `address` is a path of this site or a place on the page, and never another host."""
    return address.startswith("#") or (address.startswith("/") and not address.startswith("//"))


def is_external(address: str) -> bool:
    """Whether `address` is a page of the web. One that names a person before its host pretends to be another one."""
    if not _WEB.match(address):
        return False
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False
