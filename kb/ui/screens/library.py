"""The library: every document in a table."""

from __future__ import annotations

from kb.html import addresses
from kb.html import library as views
from kb.library import overview
from kb.model.hits import Filters
from kb.ui import session
from kb.ui.components import markup


def show() -> None:
    """The documents that meet the filters of the address."""
    t = session.texts()
    address = views.library_address(session.place(addresses.LIBRARY).parameters)
    session.title(t, t("library.title"))
    store = session.library().store
    counts = overview.facets(store, Filters(current_only=address.filters.current_only))
    markup.show(views.library(t, address, store.versions.list(address.filters), counts), key="library")
