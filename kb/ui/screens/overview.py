"""The library as a picture: publications in time, coverage by theme and year, a map by meaning."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from kb.html import overview as views
from kb.html import sources
from kb.html.coverage import coverage
from kb.html.map import library_map
from kb.html.publications import publications
from kb.html.timeline import timeline
from kb.i18n import Texts
from kb.index.builds import Builds
from kb.library import overview
from kb.library.meaning import document_map, themes
from kb.sources.catalogue import held_versions, shown_sources
from kb.sources.pins import fetched_versions
from kb.ui import session
from kb.ui.components import markup


def show(t: Texts, address: views.OverviewAddress) -> None:
    """The view of the address, of the documents that meet its filters."""
    session.title(t, t(f"overview.title.{address.view}"))
    picture = _map(t, address) if address.view == "map" else _publications(t, address)
    markup.show(views.overview(t, address, picture), key="library")


def _map(t: Texts, address: views.OverviewAddress) -> Markup:
    store, builds = session.library().store, Builds(session.library().settings.index_path)
    drawn, shown = document_map(store, builds), store.versions.list(address.filters)
    if not shown:
        return views.nothing(t, address.filters)
    if drawn is None:
        return views.waiting(t, "map_waits")
    known = themes(store, builds) or {}
    return library_map(t, shown, places=drawn.places, neighbours=drawn.neighbours, themes=known)


def _publications(t: Texts, address: views.OverviewAddress) -> Markup:
    library = session.library()
    known = themes(library.store, Builds(library.settings.index_path))
    catalogue = shown_sources(library.settings)
    filters = replace(address.filters, current_only=False)
    shown = publications(
        t,
        library.store.versions.list(filters),
        known or {},
        catalogue=sources.meeting(catalogue, filters),
        held=held_versions(catalogue, overview.every(library.store), fetched_versions(library.settings)),
    )
    if not shown:
        return views.nothing(t, address.filters)
    if address.view == "timeline":
        picture = timeline(t, shown)
    else:
        picture = coverage(t, shown, timeline_href=views.view_href(t, "timeline", address.filters))
    return picture if known is not None else Markup("").join([views.waiting(t, "themes_wait"), picture])
