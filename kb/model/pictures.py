"""A page of a document as a picture."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A drawn page: JPEG, its size in pixels, and whether the passage and the words asked for are marked in it."""

    jpeg: bytes
    width_px: int
    height_px: int
    boxed: bool = False
    underlined: bool = False
