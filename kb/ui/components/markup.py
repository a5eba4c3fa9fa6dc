"""The one component of the screens: shows HTML built in Python and turns its links and forms into moves in the app.

A form marked `data-entered` hands over what was entered in it instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from markupsafe import Markup

_DESTINATION = "kb.destination"
_ENTERED = "kb.entered"


def show(html: Markup, *, key: str, said: str = "") -> None:
    """Show `html`; a link or form marked `data-nav` in it leads to `destination()` in the run that follows.

    `said` is read out by screen readers when the markup changes.
    """
    _mount(key, {"html": str(html), "said": said})


def show_frame(slots: Mapping[str, Markup], *, language: str, description: str) -> None:
    """Fill the parts of the page around the app, and tell the browser the language and description of the page."""
    filled = {name: str(html) for name, html in slots.items()}
    _mount("frame", {"html": "", "slots": filled, "language": language, "description": description})


def destination() -> str:
    """The address a reader has just asked for, once; empty if none."""
    return str(st.session_state.pop(_DESTINATION, ""))


def is_leaving() -> bool:
    """Whether a reader has asked for an address that the whole app has still to go to.

    A link in a fragment runs the fragment only: it asks this first, and has everything run.
    """
    return _DESTINATION in st.session_state


def entered() -> Mapping[str, str]:
    """The fields of a form marked `data-entered` that a reader has just sent, once; empty if none."""
    fields: Mapping[str, object] = st.session_state.pop(_ENTERED, None) or {}
    return {str(name): str(value) for name, value in fields.items()}


def _mount(key: str, data: Mapping[str, object]) -> None:
    def remember() -> None:
        st.session_state[_DESTINATION] = st.session_state[key].nav

    def keep() -> None:
        st.session_state[_ENTERED] = st.session_state[key].entered

    _component()(data=data, key=key, on_nav_change=remember, on_entered_change=keep)


@cache
def _component() -> Any:
    script = Path(__file__).with_name("markup.js").read_text(encoding="utf-8")
    return st.components.v2.component(
        "kb_markup", html='<div class="kb-markup"></div>', js=script, isolate_styles=False
    )
