"""How a document was read: what can be found in it, what cannot and why, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from markupsafe import Markup

from kb.html import addresses
from kb.html.element import el, joined, spaced
from kb.i18n import Texts, date_text
from kb.model.passages import Page, Passage
from kb.model.receipts import Health, Receipt, Sample

_MOST_RANGES = 12
"""Ranges of page numbers that a sentence names; of more it says how many pages."""


def receipt_block(t: Texts, receipt: Receipt) -> Markup:
    """The whole receipt under its heading, for the page of a document."""
    return el(
        "section",
        el("h2", t("receipt.title"), id="receipt"),
        receipt_lines(t, receipt),
        aria_labelledby="receipt",
        class_="kb-receipt",
    )


def receipt_lines(t: Texts, receipt: Receipt) -> Markup:
    """The receipt without a heading: a mark, what matters most, and a sentence for everything else."""
    sentences = [el("li", sentence) for sentence in _sentences(t, receipt)]
    return el(
        "div",
        el("p", health_mark(t, receipt.health)),
        el("p", t(f"receipt.lead.{receipt.health}")),
        el("ul", sentences, class_="kb-receipt-lines") if sentences else None,
        _samples(t, receipt.samples),
        el("p", made, class_="kb-hint") if (made := _made(t, receipt)) else None,
    )


def health_mark(t: Texts, health: Health, *, short: bool = False) -> Markup:
    """How well a document was read, in words, `short` ones in a table; colour and shape only repeat it."""
    words = t(f"library.health.{health}" if short else f"receipt.health.{health}")
    return el("span", words, class_=f"kb-health kb-health-{health}")


def reading_notices(t: Texts, receipt: Receipt | None) -> list[Markup]:
    """What a reader should know of a document before reading it."""
    notices = receipt.notices if receipt else ()
    return [el("p", t(f"notice.{each.code}", **each.facts), class_="kb-notice kb-notice-edition") for each in notices]


def ocr_notice(t: Texts, page: Page) -> Markup | None:
    """Says so above the text of a page that was read by OCR."""
    return el("p", t("ocr.page"), class_="kb-notice kb-notice-edition") if page.source == "ocr" else None


def ocr_label(t: Texts, passage: Passage) -> Markup | None:
    """Says so where the words of a passage were read by OCR."""
    return el("span", t("ocr.label"), class_="kb-ocr") if passage.source == "ocr" else None


def _sentences(t: Texts, receipt: Receipt) -> Iterator[str | Markup]:
    yield from _pages(t, receipt)
    if receipt.garbled_pages and receipt.garbled_example:
        yield _garbled(t, receipt)
    yield from _unread(t, receipt)
    if receipt.ocr_pages:
        yield t("receipt.ocr", pages=_numbers(t, receipt.ocr_pages), n=len(receipt.ocr_pages))
    for notice in receipt.notices:
        if notice.code == "unreadable-pages":
            yield t("receipt.damaged", **notice.facts)
        elif notice.code == "xfa-form":
            yield t("notice.xfa-form")
    if len(receipt.language_pages) > 1:
        yield _languages(t, receipt.language_pages)
    whole = {*receipt.ocr_pages, *receipt.unread_pages}  # of these the picture is the page
    pictures = {page: n for page, n in receipt.pictures.items() if page not in whole}
    for key, found in (("receipt.pictures", pictures), ("receipt.tables", receipt.tables)):
        if found:
            yield t(key, pages=_numbers(t, sorted(found)), n=sum(found.values()))


def _pages(t: Texts, receipt: Receipt) -> Iterator[Markup]:
    size = [
        t("receipt.size", n=receipt.words) if receipt.words else None,
        t("receipt.passages", n=receipt.passages) if receipt.passages else None,
    ]
    if receipt.pages:
        read = receipt.pages - len({*receipt.pages_without_text, *receipt.unread_pages})
        key = "receipt.pages.all" if read == receipt.pages else "receipt.pages.some"
        yield joined(t(key, n=receipt.pages, read=read))
    if any(size):
        yield spaced(size)


def _unread(t: Texts, receipt: Receipt) -> Iterator[str]:
    pictures = [number for number in receipt.unread_pages if number not in receipt.garbled_pages]
    if pictures:
        words = t("receipt.unread", pages=_numbers(t, pictures), n=len(pictures))
        yield f"{words} {t(f'receipt.unread.{receipt.ocr}')}" if receipt.ocr else words
    elif receipt.unread_pages and receipt.ocr:
        yield t(f"receipt.unread.{receipt.ocr}")
    if receipt.blank_pages:
        yield t("receipt.blank", pages=_numbers(t, receipt.blank_pages), n=len(receipt.blank_pages))


def _garbled(t: Texts, receipt: Receipt) -> Markup:
    """The example is code: characters, not words of any language."""
    pages = _numbers(t, receipt.garbled_pages)
    before, after = t("receipt.garbled", pages=pages, n=len(receipt.garbled_pages), example="\n").split("\n")
    return joined([before, el("code", receipt.garbled_example), after])


def _languages(t: Texts, pages: Mapping[str, Sequence[int]]) -> str:
    each = [
        t("receipt.language", name=t(f"language.{language}"), pages=_numbers(t, numbers), n=len(numbers))
        for language, numbers in pages.items()
    ]
    return t("receipt.languages", languages=t("receipt.between").join(each))


def _samples(t: Texts, samples: Sequence[Sample]) -> Markup | None:
    if not samples:
        return None
    links = [
        el(
            "li",
            el(
                "a",
                each.query,
                href=addresses.screen(addresses.SEARCH, t.language, [("q", each.query)]),
                data_nav=True,
                lang=each.language,
            ),
            " ",
            el("span", t("receipt.sample.rank", rank=each.rank), class_="kb-hint"),
        )
        for each in samples
    ]
    return el("div", el("p", t("receipt.samples")), el("ul", links, class_="kb-plain"))


def _made(t: Texts, receipt: Receipt) -> str:
    date = date_text(t.language, receipt.created_at)
    if not date:
        return ""
    if not receipt.took_s:
        return t("receipt.made.date", date=date)
    seconds = f"{receipt.took_s:.1f}" if receipt.took_s < 10 else f"{receipt.took_s:.0f}"
    return t("receipt.made", date=date, seconds=seconds)


def _numbers(t: Texts, numbers: Sequence[int]) -> str:
    """Page numbers as people write them, 1, 3–5; of very many the first."""
    runs: list[list[int]] = []
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        found = [number for _, number in run]
        runs.append([found[0], found[-1]])
    shown = ["–".join(map(str, dict.fromkeys(run))) for run in runs[:_MOST_RANGES]]
    words = ("、" if t.language == "ja" else ", ").join(shown)
    if len(runs) <= _MOST_RANGES:
        return words
    rest = sum(last - first + 1 for first, last in runs[_MOST_RANGES:])
    return t("receipt.more", pages=words, n=rest)
