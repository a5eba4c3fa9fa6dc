"""Search, which is also the first page."""

from __future__ import annotations

import streamlit as st
from markupsafe import Markup

from kb.errors import IndexUnavailableError, KbError, NotFoundError
from kb.html import addresses, home, notices, results, sources
from kb.html.element import el
from kb.html.filters import filter_form
from kb.html.search_address import SearchAddress, search_address
from kb.i18n import Texts
from kb.library import overview
from kb.model.hits import Filters
from kb.playbook.pages import Playbook
from kb.sources.catalogue import held_versions, shown_sources
from kb.sources.pins import fetched_versions
from kb.ui import session
from kb.ui.components import markup

_POLL_S = 1.0


def show() -> None:
    """The search box, and below it the answer, or what the library holds while nothing is asked."""
    t = session.texts()
    address = search_address(session.place(addresses.SEARCH).parameters)
    session.title(t, address.text or t("frame.title.search"))
    markup.show(home.search_box(t, address), key="search.box")
    if address.like:
        _show_related(t, address)
    elif address.text:
        _show_results(t, address)
    else:
        _show_start(t)


def _show_results(t: Texts, address: SearchAddress) -> None:
    library = session.library()
    if library.readiness.state == "preparing":
        _wait_until_ready()
        return
    try:
        result = library.search(address.text, filters=address.filters, limit=address.limit, aligned=True)
    except KbError as error:
        _show_problem(t, error)
        return
    counts = overview.facets(library.store, Filters(current_only=address.filters.current_only))
    kept = [pair for pair in address.parameters() if pair[0] in ("q", "view")]
    form = filter_form(t, counts, address.filters, action=addresses.SEARCH, kept=kept)
    body = el("div", form, results.results(t, address, result, remark=_remark(t)), class_="kb-beside")
    markup.show(body, key="search.results", said=results.summary(t, result))


def _show_related(t: Texts, address: SearchAddress) -> None:
    library = session.library()
    if library.readiness.state == "preparing":
        _wait_until_ready()
        return
    try:
        passage = library.store.passages.get(address.like)
        version = library.store.versions.get(passage.version_id)
        hits = library.related(address.like, limit=address.limit)
    except NotFoundError:
        markup.show(notices.gone(t), key="search.gone")
        return
    except KbError as error:
        _show_problem(t, error)
        return
    markup.show(results.related(t, passage, version, hits), key="search.related")


def _show_start(t: Texts) -> None:
    library = session.library()
    newest = overview.newest(library.store, home.NEWEST, t.language)
    if not session.holdings().documents:
        markup.show(notices.empty_library(t), key="search.empty")
        return
    themes = Playbook(library.store).themes(t.language)
    markup.show(home.start(t, overview.facets(library.store), newest, themes, remark=_remark(t)), key="search.start")


def _remark(t: Texts) -> Markup | None:
    """Says so while the library holds nothing but our own texts."""
    library = session.library()
    kinds = overview.facets(library.store).document_types
    catalogue = shown_sources(library.settings) if sources.OWN_TYPES.issuperset(kinds) else ()
    held = (
        held_versions(catalogue, overview.every(library.store), fetched_versions(library.settings)) if catalogue else {}
    )
    return sources.own_only(t, catalogue, held, kinds)


def _show_problem(t: Texts, error: KbError) -> None:
    empty = isinstance(error, IndexUnavailableError) and not session.holdings().documents
    markup.show(notices.empty_library(t) if empty else notices.problem(t, error), key="search.problem")


@st.fragment(run_every=_POLL_S)
def _wait_until_ready() -> None:
    """Say that the search is getting ready, and go on by itself when it is."""
    if session.library().readiness.state != "preparing":
        st.rerun()
    markup.show(notices.getting_ready(session.texts()), key="search.ready")
