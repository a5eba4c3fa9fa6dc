"""What a run of a screen stands on: the library, the language of the reader and the address in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import streamlit as st

from kb.html import addresses
from kb.html.basket_counter import secret_in
from kb.html.frame import Holdings
from kb.i18n import COOKIE, Texts, choose
from kb.library import overview
from kb.playbook.watching import owner_in
from kb.text.language import Language

if TYPE_CHECKING:
    from kb.app import Kakehashi

_libraries: list[Kakehashi] = []


def install(library: Kakehashi) -> Kakehashi:
    """Give every session of this process its library; gives it back."""
    _libraries[:] = [library]
    return library


def library() -> Kakehashi:
    """The library of this process."""
    return _libraries[-1]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader is: the screen and the parameters of its address, each with all its values."""

    screen: str
    parameters: dict[str, list[str]]

    def one(self, name: str) -> str:
        """First value of a parameter; empty if there is none."""
        return next(iter(self.parameters.get(name, [])), "")

    def address(self, language: Language) -> str:
        """Address of this place."""
        pairs = [(name, value) for name, values in self.parameters.items() for value in values if name != "lang"]
        return addresses.screen(self.screen, language, pairs)


def place(screen: str) -> Place:
    """The place that the browser shows."""
    return Place(screen, {name: st.query_params.get_all(name) for name in st.query_params})


def texts() -> Texts:
    """The texts in the language of the reader: as the address says, else the cookie, else the browser."""
    cookie = st.context.cookies.get(COOKIE, "")
    return Texts(choose(st.query_params.get("lang", ""), cookie, (st.context.locale or "")[:2]))


def holdings() -> Holdings:
    """How much the library holds and when that changed."""
    store = library().store
    return Holdings(documents=sum(overview.facets(store).languages.values()), last_changed=overview.last_changed(store))


def collected_count() -> int:
    """How many passages the reader had collected when they opened the app; what comes later the page knows itself."""
    return library().store.baskets.count(secret_in(st.context.cookies))


def owner() -> str:
    """Whose watched pages and drafts the reader's are; empty for a browser that has none."""
    return owner_in(st.context.cookies)


def title(t: Texts, words: str) -> None:
    """Name the page in the title of the browser."""
    st.set_page_config(page_title=t("frame.title.page", title=words), layout="wide")


def split(address: str) -> tuple[str, list[tuple[str, str]]]:
    """An address as its path and its parameters."""
    parts = urlsplit(address)
    return parts.path, parse_qsl(parts.query)
