"""The library: every document in a table, the official sources that belong into it, and the pictures of both."""

from __future__ import annotations

from kb.html import addresses
from kb.html import library as views
from kb.html.overview import overview_address
from kb.library import overview
from kb.model.hits import Filters
from kb.sources.catalogue import held_versions, shown_sources
from kb.sources.pins import fetched_versions
from kb.ui import session
from kb.ui.components import markup
from kb.ui.screens import overview as pictures


def show() -> None:
    """The documents that meet the filters of the address, as a list or as the picture it asks for."""
    t = session.texts()
    parameters = session.place(addresses.LIBRARY).parameters
    if (picture := overview_address(parameters)) is not None:
        pictures.show(t, picture)
        return
    address = views.library_address(parameters)
    session.title(t, t("library.title"))
    store = session.library().store
    counts = overview.facets(store, Filters(current_only=address.filters.current_only))
    settings = session.library().settings
    catalogue = shown_sources(settings)
    held = held_versions(catalogue, overview.every(store), fetched_versions(settings))
    shown = store.versions.list(address.filters)
    page = views.library(
        t,
        address,
        shown,
        counts,
        catalogue=catalogue,
        held=held,
        health=overview.health(store),
        successor=store.succession.successor,
    )
    markup.show(page, key="library")
