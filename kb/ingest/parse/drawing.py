"""One page of a PDF as a picture, with a passage boxed and words underlined.

Runs in the process that opens files, like the parsers.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
from collections.abc import Iterator, Sequence

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageDraw

from kb.ingest.parse import refusals
from kb.ingest.parse.pdf import opened
from kb.ingest.parse.places import Box, find, find_words, outline, rows
from kb.model.pictures import PagePicture

_SCALE = 1.5
"""Pixels for a point: A4 is 893 pixels wide, sharp at the size it is shown."""
_LONGEST_PX = 2_000
"""Posters are drawn smaller, whatever size a file says its pages have."""
_LONGEST_GREY_PX = 3_500
_POINTS_AN_INCH = 72
_WHITE = (255, 255, 255, 255)
_QUALITY = 80
_MOST_CHARACTERS = 100_000
"""On a page of more the passage is not looked for."""
_TINT = (255, 241, 184)
_LINE = (29, 79, 145)
_INNER_PX, _OUTER_PX = 3, 5
_WORD_TINT = (255, 214, 92)
_WORD_LINE = (11, 12, 12)
_UNDERLINE_PX = 2


def draw(
    data: bytes, *, page: int, passage: str = "", before: int = 0, words: Sequence[str] = (), large: bool = False
) -> PagePicture:
    """Page number `page`, from 1, of a PDF; `passage` and `before` as in `places.find`, `words` as in `find_words`.

    A `large` picture has twice the pixels in each direction, for small type.

    Raises the `UnreadableDocumentError` that fits where the file or the page cannot be opened.
    """
    with _opened_page(data, page) as opened_page:
        return _draw(opened_page, passage, before, words, 2 if large else 1)


def draw_grey(data: bytes, *, page: int, dpi: int) -> tuple[bytes, int]:
    """Page number `page`, from 1, in shades of grey (PGM), and its dots per inch, fewer than asked for on large pages.

    Errors as of `draw`.
    """
    with _opened_page(data, page) as opened_page:
        scale = min(dpi / _POINTS_AN_INCH, _LONGEST_GREY_PX / max(*opened_page.get_size(), 1))
        image = opened_page.render(scale=scale, grayscale=True, fill_color=_WHITE).to_pil().convert("L")
    out = io.BytesIO()
    image.save(out, "PPM")
    return out.getvalue(), max(round(scale * _POINTS_AN_INCH), 1)


@contextlib.contextmanager
def _opened_page(data: bytes, number: int) -> Iterator[pypdfium2.PdfPage]:
    document = opened(data)
    try:
        page = document[number - 1]
        try:
            yield page
        finally:
            page.close()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise refusals.damaged(f"page {number}: {error}") from error
    finally:
        document.close()


def _draw(page: pypdfium2.PdfPage, passage: str, before: int, words: Sequence[str], times: int) -> PagePicture:
    width, height = page.get_size()
    scale = times * min(_SCALE, _LONGEST_PX / max(width, height, 1))
    image = page.render(scale=scale, fill_color=_WHITE).to_pil().convert("RGB")
    boxes, underlined = _places(page, passage, before, words, image.size) if passage or words else ([], [])
    shapes = outline(boxes)
    if shapes:
        image = _boxed(image, shapes, times)
    if underlined:
        image = _underlined(image, underlined, times)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return PagePicture(out.getvalue(), image.width, image.height, boxed=bool(shapes), underlined=bool(underlined))


def _places(
    page: pypdfium2.PdfPage, passage: str, before: int, words: Sequence[str], size: tuple[int, int]
) -> tuple[list[Box], list[Box]]:
    """Boxes of the characters of `passage` and of each line of `words`, in pixels of a picture of that size."""
    textpage = page.get_textpage()
    try:
        raw = textpage.raw
        count = textpage.count_chars()
        if count > _MOST_CHARACTERS:
            return [], []
        characters = [_character(pdfium.FPDFText_GetUnicode(raw, index)) for index in range(count)]
        boxes = list(_placed(page, raw, find(passage, characters, before=before), size)) if passage else []
        found = [list(_placed(page, raw, place, size)) for place in find_words(words, characters)]
        return boxes, [row for place in found for row in rows(place)]
    finally:
        textpage.close()


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF else "\0"


def _placed(page: pypdfium2.PdfPage, raw: object, indices: Sequence[int], size: tuple[int, int]) -> Iterator[Box]:
    """What the page turns and crops is turned and cropped here too: PDFium says where it puts the corners."""
    box = pdfium.FS_RECTF()
    across, down = ctypes.c_int(), ctypes.c_int()
    for index in indices:
        if not pdfium.FPDFText_GetLooseCharBox(raw, index, ctypes.byref(box)):
            continue
        corners = []
        for x, y in ((box.left, box.bottom), (box.right, box.top)):
            pdfium.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, ctypes.byref(across), ctypes.byref(down))
            corners.append((across.value, down.value))
        (x1, y1), (x2, y2) = corners
        found = Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
        if found.right > 0 and found.bottom > 0 and found.left < size[0] and found.top < size[1]:
            yield found


def _underlined(image: Image.Image, lines: Sequence[Box], times: int) -> Image.Image:
    """`image` with words tinted and a line under them, or beside them where they run down the page."""
    tinted = ImageChops.multiply(image, Image.new("RGB", image.size, _WORD_TINT))
    image.paste(tinted, mask=_mask(image.size, [lines], times))
    drawing = ImageDraw.Draw(image)
    for box in lines:
        across = box.right - box.left >= box.height
        corner = (box.left, box.bottom) if across else (box.right, box.top)
        drawing.line((*corner, box.right, box.bottom), fill=_WORD_LINE, width=_UNDERLINE_PX * times)
    return image


def _boxed(image: Image.Image, shapes: Sequence[Sequence[Box]], times: int) -> Image.Image:
    """`image` with the shapes tinted and a line around them; what is dark stays as dark as it is."""
    inner, outer = _mask(image.size, shapes, _INNER_PX * times), _mask(image.size, shapes, _OUTER_PX * times)
    tinted = ImageChops.multiply(image, Image.new("RGB", image.size, _TINT))
    image.paste(tinted, mask=inner)
    image.paste(_LINE, mask=ImageChops.subtract(outer, inner))
    return image


def _mask(size: tuple[int, int], shapes: Sequence[Sequence[Box]], margin_px: int) -> Image.Image:
    mask = Image.new("L", size)
    drawing = ImageDraw.Draw(mask)
    for box in (box for shape in shapes for box in shape):
        drawing.rectangle(
            (box.left - margin_px, box.top - margin_px, box.right + margin_px, box.bottom + margin_px), fill=255
        )
    return mask
