"""Texts, dates and numbers in the two languages of the product."""

from kb.i18n.catalogue import Fact, Texts, catalogue, has_text, text
from kb.i18n.choice import COOKIE, choose
from kb.i18n.dates import date_text, size_text
from kb.i18n.licences import licence_text
from kb.i18n.publishers import KnownPublisher, known_publishers, publisher_name, same_publishers

__all__ = [
    "COOKIE",
    "Fact",
    "KnownPublisher",
    "Texts",
    "catalogue",
    "choose",
    "date_text",
    "has_text",
    "known_publishers",
    "licence_text",
    "publisher_name",
    "same_publishers",
    "size_text",
    "text",
]
