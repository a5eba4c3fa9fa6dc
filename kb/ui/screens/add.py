"""Add documents: limits first, the form that sends files, and what becomes of them."""

from __future__ import annotations

import secrets

import streamlit as st

from kb.html import add as views
from kb.html import addresses, jobs
from kb.library.uploads import UploadPage, upload_page
from kb.ui import session
from kb.ui.components import markup

_POLL_S = 1.5
_RESTING_POLL_S = 5.0
"""While nothing happens: somebody else may add files at any moment."""
_ACTIVE = "add.active"
_BATCH = "add.batch"
"""Name of the batch of this session's form, so that the form stays as it is while the list below it changes."""


def show() -> None:
    """The form, and below it the files of everyone, with what is happening to them."""
    t = session.texts()
    session.title(t, t("add.title"))
    settings = session.library().settings
    markup.show(views.intro(t, max_upload_mb=settings.max_upload_mb, max_pages=settings.max_pages), key="add.intro")
    batch = st.session_state.setdefault(_BATCH, secrets.token_hex(8))
    form = views.form(t, batch=batch, max_upload_mb=settings.max_upload_mb, screen=addresses.ADD)
    markup.show(form, key="add.form")
    st.session_state[_ACTIVE] = _page(_listing()).is_active
    st.fragment(_progress, run_every=_POLL_S if st.session_state[_ACTIVE] else _RESTING_POLL_S)()


def _progress() -> None:
    """Files on their way; looked at more often while something happens."""
    if markup.is_leaving():
        st.rerun()
    t, listing = session.texts(), _listing()
    page = _page(listing)
    is_over = st.session_state[_ACTIVE] and not page.is_active
    said = jobs.finished_words(t, page) if is_over else ""  # the end is read out, not every step
    markup.show(jobs.job_list(t, page, listing), key="add.jobs", said=said)
    if page.is_active != st.session_state[_ACTIVE]:
        st.rerun()


def _listing() -> jobs.Listing:
    parameters = {name: st.query_params[name] for name in ("show", "files") if name in st.query_params}
    return jobs.Listing.of(parameters, addresses.ADD)


def _page(listing: jobs.Listing) -> UploadPage:
    return upload_page(session.library().store, which=listing.which, number=listing.number)
