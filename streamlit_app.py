"""Start everything with `streamlit run streamlit_app.py`: the screens, permanent links, files and the worker."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from kb.app import open_library
from kb.settings import load_settings
from kb.ui import session
from kb.ui.failures import show_failure
from kb.web.site import Site

site = Site(
    Path(st.__file__).parent / "static" / "index.html",
    open_library=lambda: session.install(open_library(load_settings())),
)
app = st.App(
    "kb/ui/app.py",
    routes=site.routes(),
    middleware=site.middleware(),
    lifespan=site.lifespan,
    on_script_error=show_failure,
)
