"""The glossary in the app, narrowed by the words of the address."""

from __future__ import annotations

from kb.html import addresses
from kb.html import glossary as views
from kb.sources.catalogue import shown_sources
from kb.text.glossary import load_glossary
from kb.ui import session
from kb.ui.components import markup


def show() -> None:
    """Every term, or those that hold the words of the address."""
    t = session.texts()
    session.title(t, t("glossary.title"))
    settings = session.library().settings
    held = load_glossary(settings.glossary_path)
    sources = {source.id: source for source in shown_sources(settings)}
    words = session.place(addresses.GLOSSARY).one("q").strip()
    said = views.summary(t, len(views.matching(held.terms, words)), words) if words else ""
    markup.show(views.glossary(t, held, words, sources=sources), key="glossary", said=said)
