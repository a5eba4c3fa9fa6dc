"""The frame of every screen: which there are, the top bar and the footer, and the way from one to the next."""

from __future__ import annotations

import streamlit as st

from kb.errors import KbError
from kb.html import addresses, frame, notices
from kb.ui import session
from kb.ui.components import markup
from kb.ui.screens import add, document, edit, glossary, library, playbook, search

SCREENS = {
    addresses.SEARCH: st.Page(search.show, title="Kakehashi", default=True),
    addresses.LIBRARY: st.Page(library.show, title="Library", url_path="library"),
    addresses.DOCUMENT: st.Page(document.show, title="Document", url_path="document"),
    addresses.PLAYBOOK: st.Page(playbook.show, title="Playbook", url_path="wiki"),
    addresses.GLOSSARY: st.Page(glossary.show, title="Glossary", url_path="terms"),
    addresses.ADD: st.Page(add.show, title="Add documents", url_path="add"),
    addresses.EDIT: st.Page(edit.show, title="Details of a document", url_path="edit"),
}

page = st.navigation(list(SCREENS.values()), position="hidden")
if destination := markup.destination():
    path, parameters = session.split(destination)
    st.switch_page(SCREENS.get(path, SCREENS[addresses.SEARCH]), query_params=parameters)

screen = f"/{page.url_path}"
t = session.texts()
markup.show_frame(
    {
        "kb-top": frame.top_bar(
            t,
            screen=screen,
            place=session.place(screen).address(t.language),
            collected=session.collected_count(),
        ),
        "kb-foot": frame.footer(t, session.holdings()),
    },
    language=t.language,
    description=t("frame.description"),
)
try:
    page.run()
except KbError as error:
    markup.show(notices.problem(t, error), key="problem")
session.library().page_shown()
