"""Short words for a version and a passage: country, language, kind, edition, place in the document."""

from __future__ import annotations

from markupsafe import Markup

from kb.html.element import el, spaced
from kb.i18n import Texts, publisher_name
from kb.model.passages import Passage
from kb.model.works import Country, Version


def country_tag(t: Texts, country: Country) -> Markup | None:
    """The country in words, with its colour as a second sign; nothing where no country is meant."""
    if country == "other":
        return None
    return el("span", t(f"country.short.{country}"), class_=f"kb-country kb-country-{country}")


def edition_tag(t: Texts, version: Version) -> Markup:
    """Whether this edition is the current one."""
    return el("span", t(f"edition.{version.status}"), class_=f"kb-edition kb-edition-{version.status}")


def facts_line(t: Texts, version: Version, *, with_country: bool = False) -> Markup:
    """Publisher, year, kind, language and edition of a version on one line."""
    metadata = version.metadata
    return spaced(
        [
            country_tag(t, metadata.country) if with_country else None,
            el("span", publisher_name(t.language, metadata.publisher)) if metadata.publisher else None,
            str(metadata.year) if metadata.year else None,
            t(f"type.{metadata.document_type}") if metadata.document_type != "other" else None,
            t(f"language.{metadata.language}"),
            edition_tag(t, version),
        ]
    )


def section_path(passage: Passage) -> Markup | None:
    """Headings above a passage, outermost first."""
    if not passage.section:
        return None
    return el("span", " › ".join(passage.section), lang=passage.language)


def page_word(t: Texts, passage: Passage) -> str | None:
    """The page a passage stands on, where the document has pages."""
    return t("hit.page", page=str(passage.page)) if passage.page else None
