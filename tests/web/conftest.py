"""The HTTP side over a small library."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from kb.web.site import Site
from tests.ui.conftest import library  # noqa: F401  the same small library

INDEX = """<!DOCTYPE html>
<html lang="en">
  <head>
    <!-- agent -->
    <link rel="shortcut icon" href="./favicon.png" />
    <link rel="service-desc" href="./_stcore/agent/openapi.json" />
    <title>Streamlit</title>
    <script>
      window.prerenderReady = false
    </script>
    <script type="module" src="./static/js/index.js"></script>
  </head>
  <body>
    <noscript>You need to enable JavaScript to run this app.</noscript>
    <div id="root"></div>
  </body>
</html>"""


@pytest.fixture
def client(library, tmp_path):  # noqa: F811  a fixture
    page = tmp_path / "index.html"
    page.write_text(INDEX, encoding="utf-8")
    site = Site(page, open_library=lambda: library)
    app = Starlette(routes=site.routes(), middleware=site.middleware(), lifespan=site.lifespan)
    with TestClient(app, base_url="http://kakehashi.test") as opened:
        yield opened
