"""Images for the playbook: known by their content, made small, and rid of all that they say besides the picture."""

from __future__ import annotations

import hashlib
import io
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from kb.errors import PlaybookError
from kb.model.wiki_writing import WikiImage
from kb.playbook.saving import signed
from kb.store import Store
from kb.store.database import now
from kb.text.normalise import one_line

MOST_BYTES = 10_000_000
"""Of a file as it is uploaded."""
MOST_PIXELS = 40_000_000
"""Of an image as it is uploaded: more than a camera makes, less than would fill the memory."""
MOST_WIDTH = 1_600
"""Pixels: twice the width of the text, for fine screens."""
MOST_HEIGHT = 4_000
MOST_WORDS_CHARACTERS = 500
"""Of an alternative text."""

_QUALITY = 85


@dataclass(frozen=True, slots=True)
class _Format:
    """How a kind of image is kept: the ending of its name, its media type, the modes it can have."""

    ending: str
    media_type: str
    modes: tuple[str, ...]
    options: Mapping[str, int | bool]


_FORMATS = {
    "PNG": _Format("png", "image/png", ("1", "L", "LA", "P", "RGB", "RGBA"), {"optimize": True}),
    "JPEG": _Format("jpg", "image/jpeg", ("L", "RGB"), {"quality": _QUALITY, "optimize": True}),
    "GIF": _Format("gif", "image/gif", ("L", "P"), {"optimize": True}),
    "WEBP": _Format("webp", "image/webp", ("RGB", "RGBA"), {"quality": _QUALITY}),
}


def keep_image(store: Store, folder: Path, data: bytes, *, words: str, author: str) -> WikiImage:
    """Keep an image in `folder`; gives what is known of it. The same image is kept once.

    Only its first frame stays, at most `MOST_WIDTH` wide, without place, time and camera. Raises `PlaybookError` for
    what is none of the kinds, too large or damaged, and where nobody says in `words` what it shows.
    """
    name = signed(author)
    described = one_line(words)[:MOST_WORDS_CHARACTERS]
    if not described:
        raise PlaybookError("Nobody says what the image shows.", remedy="Describe it.", reason="image-words")
    kind, picture = _opened(data)
    encoded = _encoded(picture, kind)
    image = WikiImage(
        name=f"{hashlib.sha256(encoded).hexdigest()[:16]}.{kind.ending}",
        media_type=kind.media_type,
        width=picture.width,
        height=picture.height,
        size_bytes=len(encoded),
        words=described,
        added_by=name,
        added_at=now(),
    )
    _write(folder / image.name, encoded)
    store.wiki_images.add(image)
    return image


def _opened(data: bytes) -> tuple[_Format, Image.Image]:
    """The picture of a file, turned upright and made small, and its kind."""
    if len(data) > MOST_BYTES:
        raise too_large()
    if b"<svg" in data[:4_000].lower():
        raise PlaybookError("SVG files are refused.", remedy="Save it as PNG.", reason="image-svg")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            opened = Image.open(io.BytesIO(data), formats=list(_FORMATS))
        if opened.width * opened.height > MOST_PIXELS:
            raise too_large()
        kind = _FORMATS[opened.format or ""]
        opened.load()
        upright = ImageOps.exif_transpose(opened)
    except UnidentifiedImageError as error:
        raise PlaybookError("This is no image.", remedy="Choose another file.", reason="image-kind") from error
    except Image.DecompressionBombError as error:
        raise too_large() from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError) as error:  # what Pillow raises for damage
        raise PlaybookError("The image is damaged.", remedy="Save it anew.", reason="image-damaged") from error
    return kind, _small(upright, kind)


def _small(picture: Image.Image, kind: _Format) -> Image.Image:
    """The picture in a mode of its kind and no larger than is shown."""
    scale = min(1.0, MOST_WIDTH / picture.width, MOST_HEIGHT / picture.height)
    if scale < 1:
        if picture.mode in ("1", "P"):
            picture = picture.convert("RGBA" if "transparency" in picture.info else "RGB")
        size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    if picture.mode not in kind.modes:
        has_alpha = "A" in picture.getbands() or "transparency" in picture.info
        wanted = "RGBA" if has_alpha else "RGB"
        picture = picture.convert(wanted)
        if wanted not in kind.modes:
            picture = picture.convert("P" if "P" in kind.modes else "RGB")
    return picture


def _encoded(picture: Image.Image, kind: _Format) -> bytes:
    """The picture as a file of its kind that says nothing else."""
    clear = picture.info.get("transparency")
    picture.info = {} if clear is None or picture.mode not in ("P", "L", "RGB") else {"transparency": clear}
    written = io.BytesIO()
    picture.save(written, format=next(name for name, each in _FORMATS.items() if each == kind), **kind.options)
    return written.getvalue()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file():
        return
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(data)
    Path(file.name).replace(path)


def too_large() -> PlaybookError:
    """An image that is not taken because of its size."""
    return PlaybookError(
        "The image is too large.",
        remedy="Make it smaller.",
        reason="image-large",
        mb=MOST_BYTES // 1_000_000,
        pixels=MOST_PIXELS // 1_000_000,
    )
