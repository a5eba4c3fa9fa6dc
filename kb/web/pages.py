"""Whole pages made on the server: the same frame as the screens, readable without scripts."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kb.html import addresses, frame, notices
from kb.text.language import LANGUAGES
from kb.web.assets import basket_script_href, script_href, stylesheet_href
from kb.web.basket_cookie import collected_count
from kb.web.requests import holdings, library, place, texts


def page(
    request: Request,
    *,
    title: str,
    body: Markup,
    description: str = "",
    screen: str = "",
    canonical: str = "",
    status: int = 200,
) -> Response:
    """A page with `body` in the frame. `canonical` is its permanent address where it has one."""
    t = texts(request)
    return HTMLResponse(
        _environment()
        .get_template("page.html")
        .render(
            t=t,
            title=title,
            body=body,
            description=description or t("frame.description"),
            canonical=absolute(request, canonical) if canonical else "",
            alternates=[(each, absolute(request, f"{canonical}?lang={each}")) for each in LANGUAGES]
            if canonical
            else [],
            feed=absolute(request, addresses.writing(t.language, "changes.atom")) if _is_playbook(screen) else "",
            stylesheet=stylesheet_href(),
            scripts=[script_href(), basket_script_href()],
            skip=frame.skip_link(t),
            top=frame.top_bar(t, screen=screen, place=place(request), collected=collected_count(request)),
            foot=frame.footer(t, holdings(request)),
        ),
        status_code=status,
        headers={
            "Content-Language": t.language,
            "Cache-Control": "no-cache",
            "Vary": "Cookie, Accept-Language",
        },
    )


def _is_playbook(screen: str) -> bool:
    """Whether a page is one of the playbook, whose changes can be followed."""
    return screen == addresses.PLAYBOOK


def not_found(request: Request) -> Response:
    """The page for an address where there is nothing, with ways on."""
    t = texts(request)
    return page(request, title=t("notice.gone.title"), body=notices.gone(t), status=404)


def absolute(request: Request, address: str) -> str:
    """`address` with the host readers use."""
    base = library(request).settings.base_url.rstrip("/") or str(request.base_url).rstrip("/")
    return base + address


@cache
def _environment() -> Environment:
    loader = PackageLoader("kb.web", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
