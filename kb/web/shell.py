"""The page that carries the app: Streamlit's own index.html with our language, title, styles, top bar and footer.

The frame stands outside the app's root element, so that it is there with the first byte, before any script, and the
landmarks of the page are where assistive technology expects them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markupsafe import Markup

from kb.html import addresses, frame
from kb.html.element import el
from kb.i18n import Texts
from kb.web.assets import (
    address_script_href,
    basket_script_href,
    script_href,
    stylesheet_href,
    upload_script_href,
)

_ROOT = '<div id="root"></div>'
_DROPPED = (
    re.compile(r"<!--.*?-->", re.DOTALL),
    re.compile(r'<link\s+rel="(?:service-desc|preload|shortcut icon)"[^>]*>', re.DOTALL),
    re.compile(r"<script>\s*window\.prerenderReady.*?</script>", re.DOTALL),
    re.compile(r"<noscript>.*?</noscript>", re.DOTALL),
)
"""What Streamlit's page says to others than our readers, and a font that is not used."""


@dataclass(frozen=True, slots=True)
class Shell:
    """Makes the page of each screen from `index_html`, the page that Streamlit ships."""

    index_html: str

    def page(self, t: Texts, *, screen: str, place: str, holdings: frame.Holdings, collected: int = 0) -> str:
        """The page of `screen` at the address `place`, for a reader who has `collected` so many passages."""
        html = self.index_html
        for pattern in _DROPPED:
            html = pattern.sub("", html)
        html = html.replace('<html lang="en">', f'<html lang="{t.language}">', 1)
        html = re.sub(r"<title>.*?</title>", lambda _: str(_head(t, screen)), html, count=1, flags=re.DOTALL)
        return html.replace(_ROOT, str(_body(t, screen, place, holdings, collected)), 1)


def _head(t: Texts, screen: str) -> Markup:
    return Markup("\n").join(
        [
            el("title", t(f"frame.title.{_SCREEN_NAMES[screen]}")),
            el("meta", name="description", content=t("frame.description")),
            el("link", rel="icon", type="image/svg+xml", href="/assets/icon.svg"),
            el("link", rel="stylesheet", href=stylesheet_href()),
            el("script", src=address_script_href()),
            el("script", type="module", src=script_href()),
            el("script", type="module", src=basket_script_href()),
            el("script", type="module", src=upload_script_href()),
        ]
    )


def _body(t: Texts, screen: str, place: str, holdings: frame.Holdings, collected: int) -> Markup:
    without_scripts = el(
        "noscript",
        el(
            "div",
            el("h1", t("frame.noscript.title")),
            el("p", t("frame.noscript.text")),
            el("p", el("a", t("frame.noscript.link"), href="/playbook")),
            el("p", el("a", t("frame.noscript.add"), href=addresses.screen(addresses.UPLOADS, t.language))),
            class_="kb-page",
        ),
    )
    return Markup("\n").join(
        [
            frame.skip_link(t),
            el("header", frame.top_bar(t, screen=screen, place=place, collected=collected), id="kb-top"),
            el("div", without_scripts, Markup(_ROOT), id="content", tabindex="-1"),
            el("footer", frame.footer(t, holdings), id="kb-foot"),
            el("div", id="kb-said", role="status", aria_live="polite", class_="kb-hidden"),
        ]
    )


_SCREEN_NAMES = {
    addresses.SEARCH: "search",
    addresses.LIBRARY: "library",
    addresses.DOCUMENT: "document",
    addresses.PLAYBOOK: "playbook",
    addresses.GLOSSARY: "glossary",
    addresses.ADD: "add",
    addresses.EDIT: "edit",
}
