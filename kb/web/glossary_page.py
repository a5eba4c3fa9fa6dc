"""The glossary at its permanent address, readable without scripts; its filter box is a plain form."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kb.errors import ManifestError
from kb.html import addresses, notices
from kb.html import glossary as views
from kb.sources.catalogue import shown_sources
from kb.text.glossary import load_glossary
from kb.web.pages import page
from kb.web.requests import library, texts


def glossary(request: Request) -> Response:
    """`/glossary`: every term, or with `?q=` those that hold the words; each term at `#<its id>`."""
    t = texts(request)
    status = 200
    try:
        settings = library(request).settings
        held = load_glossary(settings.glossary_path)
        sources = {source.id: source for source in shown_sources(settings)}
        words = request.query_params.get("q", "").strip()
        body = views.glossary(t, held, words, sources=sources, action=addresses.glossary())
    except ManifestError as error:
        body, status = notices.problem(t, error), 500
    return page(
        request,
        title=t("glossary.title"),
        description=t("glossary.lead"),
        screen=addresses.GLOSSARY,
        canonical=addresses.glossary(),
        body=body,
        status=status,
    )


ROUTES = [Route("/glossary", glossary)]
