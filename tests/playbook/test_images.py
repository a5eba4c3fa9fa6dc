"""Images by their content: small, upright, without where and when they were made."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from kb.errors import PlaybookError
from kb.playbook.images import MOST_WIDTH, keep_image


def encoded(picture: Image.Image, kind: str, **options) -> bytes:
    written = io.BytesIO()
    picture.save(written, format=kind, **options)
    return written.getvalue()


@pytest.fixture
def keep(store, tmp_path):
    def keep(data, words="What it shows", author="Aiko"):
        image = keep_image(store, tmp_path / "images", data, words=words, author=author)
        return image, Image.open(io.BytesIO((tmp_path / "images" / image.name).read_bytes()))

    return keep


@pytest.mark.parametrize(
    ("kind", "mode", "ending"),
    [
        *(("PNG", mode, "png") for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        *(("JPEG", mode, "jpg") for mode in ("L", "RGB", "CMYK")),
        *(("GIF", mode, "gif") for mode in ("L", "P")),
        *(("WEBP", mode, "webp") for mode in ("RGB", "RGBA")),
    ],
)
@pytest.mark.parametrize("size", [(30, 20), (2_000, 1_000)])
def test_every_kind_of_picture_is_kept_as_its_kind_and_made_small(keep, store, kind, mode, ending, size):
    image, kept = keep(encoded(Image.new(mode, size), kind))
    assert image.name.endswith(f".{ending}")
    assert kept.format == kind
    assert kept.size == (image.width, image.height)
    assert image.width == min(size[0], MOST_WIDTH)
    assert store.wiki_images.get(image.name) == image


def test_place_camera_and_remarks_are_gone_and_the_picture_stands_upright(keep):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[1] = "N"
    data = encoded(Image.new("RGB", (40, 20), "red"), "JPEG", exif=exif, comment=b"secret")
    assert b"Camera" in data
    image, kept = keep(data)
    assert (image.width, image.height) == (20, 40)
    assert not kept.getexif()
    assert "comment" not in kept.info
    text = encoded(Image.new("RGB", (4, 4)), "PNG", icc_profile=b"profile", exif=exif)
    _, plain = keep(text)
    assert set(plain.info) <= {"transparency"}


def test_what_is_clear_stays_clear(keep):
    _, kept = keep(encoded(Image.new("RGBA", (2_000, 10), (0, 0, 0, 0)), "PNG"))
    assert kept.convert("RGBA").getpixel((0, 0))[3] == 0
    palette = Image.new("P", (8, 8))
    _, kept = keep(encoded(palette, "GIF", transparency=0))
    assert kept.convert("RGBA").getpixel((0, 0))[3] == 0


def test_of_a_moving_picture_the_first_frame_stays(keep):
    frames = [Image.new("P", (8, 8), colour) for colour in (1, 2)]
    _, kept = keep(encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert getattr(kept, "n_frames", 1) == 1


def test_the_same_image_is_kept_once_with_its_first_words(keep, store):
    data = encoded(Image.new("RGB", (4, 4)), "PNG")
    first, _ = keep(data, words="First  words")
    keep(data, words="Second words")
    assert [each.words for each in store.wiki_images.list()] == ["First words"]
    assert first.size_bytes > 0


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is very large."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    parts = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (bomb(60_000, 60_000), "image-large"),
        (bomb(10_000, 10_000), "image-large"),
        (bomb(10, 10), "image-damaged"),
        (b"  <svg onload=alert(1)>", "image-svg"),
        (b"GIF89a", "image-kind"),
        (b"BM" + b"\0" * 60, "image-kind"),
        (b"%PDF-1.4", "image-kind"),
    ],
)
def test_what_is_too_large_damaged_or_of_another_kind_is_refused(keep, data, reason):
    with pytest.raises(PlaybookError) as raised:
        keep(data)
    assert raised.value.facts["reason"] == reason


@pytest.mark.parametrize(("words", "author", "reason"), [(" ", "A", "image-words"), ("A", " ", "playbook-name")])
def test_nobody_adds_an_image_without_a_name_and_words_for_it(keep, words, author, reason):
    with pytest.raises(PlaybookError) as raised:
        keep(encoded(Image.new("RGB", (4, 4)), "PNG"), words=words, author=author)
    assert raised.value.facts["reason"] == reason
