"""Add documents: limits first, a drop zone, what is known of the files, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, cast

import streamlit as st

from kb.errors import KbError
from kb.html import add as views
from kb.html import jobs, notices
from kb.html.search_address import COUNTRIES, DOCUMENT_TYPES
from kb.i18n import Texts
from kb.text.language import LANGUAGES
from kb.ui import session
from kb.ui.components import markup

_POLL_S = 1.0
_SHOWN = 20
_ROUND = "add.round"
"""Counts the uploads of a session, so that the form is empty after each."""
_ENDINGS = ["pdf", "docx", "md", "html", "htm", "txt"]


def show() -> None:
    """The form, and below it the files of everyone, with what is happening to them."""
    t = session.texts()
    session.title(t, t("add.title"))
    settings = session.library().settings
    markup.show(views.intro(t, max_upload_mb=settings.max_upload_mb, max_pages=settings.max_pages), key="add.intro")
    _form(t)
    active = any(jobs.is_active(job) for job in session.library().store.jobs.list(limit=_SHOWN))
    st.fragment(_progress, run_every=_POLL_S if active else None)()


def _form(t: Texts) -> None:
    round_number = st.session_state.setdefault(_ROUND, 0)
    with st.form(f"add.{round_number}", border=False):
        files = st.file_uploader(
            t("add.files"),
            type=_ENDINGS,
            accept_multiple_files=True,
            key=f"add.files.{round_number}",
            max_upload_size=session.library().settings.max_upload_mb,
        )
        markup.show(views.about(t), key="add.about")
        title = st.text_input(t("add.field.title"))
        publisher = st.text_input(t("add.field.publisher"))
        country = st.radio(t("add.field.country"), ("", *COUNTRIES), format_func=_named(t, "country.name"))
        language = st.radio(t("add.field.language"), ("", *LANGUAGES), format_func=_named(t, "language"))
        kind = st.selectbox(t("add.field.type"), ("", *DOCUMENT_TYPES), format_func=_named(t, "type"), filter_mode=None)
        published = st.text_input(t("add.field.published"))
        sent = st.form_submit_button(t("add.button"), type="primary")
    if not sent:
        return
    if not files:
        markup.show(views.no_file(t), key="add.none")
        return
    metadata = {
        "title": title if len(files) == 1 else "",
        "publisher": publisher,
        "country": country,
        "language": language,
        "document_type": kind,
        "published": published.strip(),
    }
    wanted = {name: value for name, value in metadata.items() if value}
    for file in files:
        try:
            session.library().add_upload(file.name, cast(BinaryIO, file), wanted)
        except KbError as error:
            markup.show(notices.problem(t, error), key=f"add.problem.{file.name}")
            return
    st.session_state[_ROUND] = round_number + 1
    st.rerun()


def _progress() -> None:
    """Files on their way; looks again while something happens, and the page rests once nothing does."""
    found = session.library().store.jobs.list(limit=_SHOWN)
    markup.show(jobs.job_list(session.texts(), found), key="add.jobs")
    if not any(jobs.is_active(job) for job in found) and st.session_state.pop("add.active", False):
        st.rerun()
    if any(jobs.is_active(job) for job in found):
        st.session_state["add.active"] = True


def _named(t: Texts, key: str) -> Callable[[str], str]:
    return lambda value: t(f"{key}.{value}") if value else t("add.unknown")
