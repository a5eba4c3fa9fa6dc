"""What stands on a page of a PDF beside its words: pictures, and tables as far as a file shows them."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from kb.ingest.parse.lattice import Stroke, count_lattices

_MOST_OBJECTS = 20_000
"""Of a page that are looked at; what is drawn after them is not counted."""
_MOST_STROKES = 3_000
_DEEPEST_FORM = 3
_DEEPEST_ELEMENT, _MOST_ELEMENTS = 12, 5_000
_SMALLEST_SHARE = 0.02
"""Of the page's area. Smaller pictures are ornaments: logos, icons, bullets."""
_STRAIGHT_PT = 0.75
_TAG_BYTES = 64

_Matrix = tuple[float, float, float, float, float, float]
_UNMOVED: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Contents:
    """How many pictures and tables stand on a page, and whether nothing at all is drawn on it."""

    pictures: int = 0
    tables: int = 0
    is_blank: bool = False


def contents_of(page: pypdfium2.PdfPage) -> Contents:
    """Counts for a page. Tables are those the file tags as such, else those drawn as a grid of lines."""
    least = _SMALLEST_SHARE * page.get_width() * page.get_height()
    pictures = 0
    strokes: list[Stroke] = []
    is_blank = True
    for each, matrix in _objects(page):
        is_blank = False
        kind = pdfium.FPDFPageObj_GetType(each)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            pictures += _area(each, matrix) >= least
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and len(strokes) < _MOST_STROKES:
            strokes.extend(_strokes(each, matrix, _MOST_STROKES - len(strokes)))
    return Contents(pictures, _tagged_tables(page) or count_lattices(strokes), is_blank)


def _objects(page: pypdfium2.PdfPage) -> Iterator[tuple[object, _Matrix]]:
    """Objects of a page with how each is placed; forms are opened, and are none themselves."""
    raw = page.raw
    waiting = [
        (pdfium.FPDFPage_GetObject(raw, index), _UNMOVED, 1)
        for index in range(min(pdfium.FPDFPage_CountObjects(raw), _MOST_OBJECTS))
    ]
    seen = len(waiting)
    while waiting:
        each, matrix, depth = waiting.pop()
        if not each:
            continue
        if pdfium.FPDFPageObj_GetType(each) != pdfium.FPDF_PAGEOBJ_FORM:
            yield each, matrix
        elif depth <= _DEEPEST_FORM:
            inner = _product(_matrix_of(each), matrix)
            count = min(max(pdfium.FPDFFormObj_CountObjects(each), 0), _MOST_OBJECTS - seen)
            seen += count
            waiting += [(pdfium.FPDFFormObj_GetObject(each, index), inner, depth + 1) for index in range(count)]


def _area(each: object, matrix: _Matrix) -> float:
    """Square points that an object covers on the page."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(each, left, bottom, right, top):
        return 0.0
    a, b, c, d, _, _ = matrix
    return abs((right.value - left.value) * (top.value - bottom.value) * (a * d - b * c))


def _strokes(path: object, matrix: _Matrix, most: int) -> Iterator[Stroke]:
    """Level and upright lines of a path, in points of the page."""
    placed = _product(_matrix_of(path), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    begin = last = (0.0, 0.0)
    for index in range(min(pdfium.FPDFPath_CountSegments(path), most)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            return
        point = _moved(x.value, y.value, placed)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begin = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield from _straight(last, point)
        last = point
        if pdfium.FPDFPathSegment_GetClose(segment):
            yield from _straight(last, begin)
            last = begin


def _straight(a: tuple[float, float], b: tuple[float, float]) -> Iterator[Stroke]:
    if not all(map(math.isfinite, (*a, *b))):
        return
    if abs(a[1] - b[1]) <= _STRAIGHT_PT:
        yield Stroke(is_level=True, at=a[1], begin=min(a[0], b[0]), end=max(a[0], b[0]))
    elif abs(a[0] - b[0]) <= _STRAIGHT_PT:
        yield Stroke(is_level=False, at=a[0], begin=min(a[1], b[1]), end=max(a[1], b[1]))


def _tagged_tables(page: pypdfium2.PdfPage) -> int:
    """Tables that the file names as such for programs that read it aloud; none where it is not tagged."""
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)
    if not tree:
        return 0
    try:
        roots = [
            (pdfium.FPDF_StructTree_GetChildAtIndex(tree, index), 1)
            for index in range(min(max(pdfium.FPDF_StructTree_CountChildren(tree), 0), _MOST_ELEMENTS))
        ]
        return _count_tables(roots)
    finally:
        pdfium.FPDF_StructTree_Close(tree)


def _count_tables(waiting: list[tuple[object, int]]) -> int:
    tables, seen = 0, len(waiting)
    tag = ctypes.create_string_buffer(_TAG_BYTES)
    while waiting:
        element, depth = waiting.pop()
        if not element:
            continue
        used = pdfium.FPDF_StructElement_GetType(element, tag, _TAG_BYTES)
        if tag.raw[: max(min(used, _TAG_BYTES) - 2, 0)].decode("utf-16-le", "replace") == "Table":
            tables += 1
        elif depth < _DEEPEST_ELEMENT:
            count = min(max(pdfium.FPDF_StructElement_CountChildren(element), 0), _MOST_ELEMENTS - seen)
            seen += count
            waiting += [
                (pdfium.FPDF_StructElement_GetChildAtIndex(element, index), depth + 1) for index in range(count)
            ]
    return tables


def _matrix_of(each: object) -> _Matrix:
    held = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(each, held):
        return _UNMOVED
    return (held.a, held.b, held.c, held.d, held.e, held.f)


def _product(first: _Matrix, second: _Matrix) -> _Matrix:
    """The matrix that does what `first` does and then what `second` does."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _moved(x: float, y: float, matrix: _Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e, b * x + d * y + f)
