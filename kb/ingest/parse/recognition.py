"""Reading a page of a PDF from its picture. Runs in the process that opens files, like the parsers."""

from __future__ import annotations

import time
from collections.abc import Sequence

from kb.ingest.parse.drawing import draw_grey
from kb.ingest.parse.parsed import Recognised
from kb.ingest.parse.recognised_text import recognised
from kb.ingest.parse.tesseract import VERTICAL, table_of_words

_DPI = 300
"""What Tesseract was trained for; half of it costs accuracy in small type, more only time."""
_SURE = 60.0
"""From this confidence on a page is not tried a second time as vertical text."""


def recognise(data: bytes, *, page: int, languages: Sequence[str], limit_s: float) -> Recognised:
    """Words in the picture of page number `page`, from 1; none where there are none or time is up.

    `languages` are those of `tesseract.installed_languages`. Raises the `UnreadableDocumentError` that fits where the
    file or the page cannot be opened.
    """
    deadline = time.monotonic() + limit_s
    picture, dpi = draw_grey(data, page=page, dpi=_DPI)
    across = [language for language in languages if language != VERTICAL]
    found = recognised(
        table_of_words(picture, languages=across, dpi=dpi, is_vertical=False, limit_s=deadline - time.monotonic())
    )
    if found.confidence >= _SURE or VERTICAL not in languages:
        return found
    table = table_of_words(
        picture, languages=[VERTICAL], dpi=dpi, is_vertical=True, limit_s=deadline - time.monotonic()
    )
    return max(found, recognised(table, is_vertical=True), key=lambda each: each.confidence)
