"""Reading one file with everything that can be made of it: its own text, and OCR of pages without."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kb.errors import NoTextLayerError, UnreadableDocumentError
from kb.ingest.parse import refusals
from kb.ingest.parse.assembly import listed
from kb.ingest.parse.kinds import suffix_of
from kb.ingest.parse.parsed import Parsed, ParsedPage
from kb.ingest.parse.runner import ParserProcess
from kb.ingest.parse.tesseract import installed_languages
from kb.model.passages import Page
from kb.model.receipts import Notice, OcrState, Receipt
from kb.settings import Settings
from kb.text.language import language_of
from kb.text.normalise import normalise

log = logging.getLogger(__name__)

_LEAST_CONFIDENCE = 50.0
"""Of a page; below it what Tesseract gives for a photograph or another script would be taken for words."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads files with `parser`; `languages` are those that OCR can read, none where it is not to be used."""

    parser: ParserProcess
    languages: Sequence[str]
    limit_s: float
    absent: OcrState = "missing"
    """What is said of pages that OCR could read where there are no languages: `missing` or `off`."""

    def read(
        self,
        path: Path,
        *,
        filename: str,
        known: Mapping[int, Page] | None = None,
        on_progress: Callable[[int, int], None] = lambda *_: None,
    ) -> Parsed:
        """Text of the file at `path`, as of `ParserProcess.parse`, and what OCR makes of its pages without usable text.

        `known` are pages of these bytes that OCR has read before: they are not read again, and not lost where it is no
        longer there. Raises what `ParserProcess.parse` does, where OCR could not help.
        """
        held = known or {}
        try:
            parsed = self.parser.parse(
                path, filename=filename, on_progress=on_progress, wordless=bool(self.languages or held)
            )
        except NoTextLayerError as error:
            raise (refusals.readable_by_ocr(error) if self.absent == "missing" else error) from error
        if suffix_of(filename) != ".pdf":
            return parsed
        wanted = sorted({*parsed.pages_without_text, *parsed.garbled_pages} - set(parsed.blank_pages))
        if not wanted:
            return _not_wordless(parsed)
        texts = {number: held[number].text for number in wanted if number in held}
        missing = [number for number in wanted if number not in texts]
        state: OcrState = self.absent
        if self.languages:
            more, state = self._recognised(path, missing, on_progress)
            texts |= more
        elif not missing:
            state = "done"
        return _not_wordless(_with(parsed, texts, state))

    def could_read_more(self, receipt: Receipt) -> bool:
        """Whether pages that were left without text when the receipt was written can be read now."""
        return bool(self.languages) and receipt.ocr in ("missing", "off", "stopped") and bool(receipt.unread_pages)

    def _recognised(
        self, path: Path, numbers: Sequence[int], on_progress: Callable[[int, int], None]
    ) -> tuple[dict[int, str], OcrState]:
        """Texts by page, and whether all pages were tried in time."""
        texts: dict[int, str] = {}
        deadline = time.monotonic() + self.limit_s
        for done, number in enumerate(numbers):
            on_progress(done, len(numbers))
            if time.monotonic() >= deadline:
                return texts, "stopped"
            try:
                found = self.parser.recognise(path, page=number, languages=self.languages)
            except UnreadableDocumentError as error:
                log.info("Page %s of %s could not be read by OCR: %s", number, path.name, error)
                continue
            text = normalise(found.text)
            if found.confidence >= _LEAST_CONFIDENCE and any(map(str.isalnum, text)):
                texts[number] = text
        on_progress(len(numbers), len(numbers))
        return texts, "done"


def reader(settings: Settings, parser: ParserProcess) -> Reader:
    """The reader that the settings ask for."""
    if settings.ocr == "off":
        return Reader(parser, (), settings.ocr_timeout_s, "off")
    return Reader(parser, installed_languages(), settings.ocr_timeout_s)


def _with(parsed: Parsed, texts: Mapping[int, str], state: OcrState) -> Parsed:
    """`parsed` with these texts for pages that had none that is usable."""
    garbled = [number for number in parsed.garbled_pages if number not in texts]
    notices = [notice for notice in parsed.notices if notice.code != "garbled-pages"]
    if garbled:
        notices.insert(0, Notice("garbled-pages", listed(garbled)))
    return replace(
        parsed,
        pages=tuple(_page(page, texts.get(page.number)) for page in parsed.pages),
        pages_without_text=tuple(number for number in parsed.pages_without_text if number not in texts),
        notices=tuple(notices),
        ocr=state,
    )


def _page(page: ParsedPage, text: str | None) -> ParsedPage:
    if text is None:
        return page
    return replace(page, text=text, language=language_of(text, page.language), headings=(), source="ocr")


def _not_wordless(parsed: Parsed) -> Parsed:
    """`parsed` where it holds words; else raises why it does not."""
    if any(page.text for page in parsed.pages):
        return parsed
    pages = len(parsed.pages)
    if parsed.garbled_pages:
        raise refusals.garbled(pages, parsed.garbled_example)
    raise refusals.illegible(pages) if parsed.ocr else refusals.no_text_layer(pages)
