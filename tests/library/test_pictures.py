"""Pictures of pages: drawn once, kept as long as there is room, and never in the way."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import pytest
from made_library import make_pdf

from kb.errors import NotFoundError, PictureError
from kb.library.deletion import delete
from kb.library.pictures import Pictures
from kb.library.withdrawal import withdraw

FIRST = "Point 1 Understand users and their needs.\nTake a view of the whole problem they have."
SECOND = "Point 10 Define what success looks like\nand publish performance data for everyone to see."


@pytest.fixture
def library(make_library):
    return make_library({"standard.pdf": make_pdf(FIRST, SECOND, title="Service Standard")}, build=False)


@pytest.fixture
def pictures(library):
    made = Pictures(library.settings, library.store)
    yield made
    made.close()


def passage_of(library, number):
    version = library.version("standard.pdf")
    return next(each for each in library.store.passages.list(version.id) if each.page == number)


def files(library):
    return sorted((library.settings.index_path / "pages").iterdir())


def test_a_page_is_drawn_once_and_then_taken_from_the_derived_data(library, pictures):
    version, passage = library.version("standard.pdf"), passage_of(library, 2)
    drawn = pictures.page(version, 2, passage)
    assert drawn.boxed
    assert len(files(library)) == 1
    library.store.files.path(version.sha256).unlink()
    assert pictures.page(version, 2, passage) == drawn
    with pytest.raises(PictureError):
        pictures.page(version, 2)


def test_no_picture_stays_of_what_was_deleted_while_it_was_drawn(library, pictures, monkeypatch):
    version = library.version("standard.pdf")
    draw = pictures._drawing.draw

    def draw_and_delete(*arguments, **options):
        picture = draw(*arguments, **options)
        withdraw(library.store, version.id, by="me", reason="why")
        delete(library.settings, library.store, version.id, title=version.title, by="me", reason="why")
        return picture

    monkeypatch.setattr(pictures._drawing, "draw", draw_and_delete)
    pictures.page(version, 2)
    assert files(library) == []


def test_queries_that_mark_the_same_words_share_a_picture(library, pictures):
    version = library.version("standard.pdf")
    plain = pictures.page(version, 2)
    assert not plain.underlined
    marked = pictures.page(version, 2, query="performance data")
    assert marked.underlined
    assert pictures.page(version, 2, query="data on performance?") == marked
    assert pictures.page(version, 2, query="zebra") == plain
    assert len(files(library)) == 2
    large = pictures.page(version, 2, query="performance data", large=True)
    assert (large.width_px, large.height_px) == (2 * marked.width_px, 2 * marked.height_px)
    assert len(files(library)) == 3


def test_deleting_what_is_kept_loses_nothing(library, pictures):
    version = library.version("standard.pdf")
    drawn = pictures.page(version, 1)
    shutil.rmtree(library.settings.index_path / "pages")
    assert pictures.page(version, 1) == drawn


def test_a_kept_picture_that_is_damaged_is_drawn_again(library, pictures):
    version = library.version("standard.pdf")
    drawn = pictures.page(version, 1)
    files(library)[0].write_bytes(b"nothing")
    assert pictures.page(version, 1) == drawn


def test_beyond_a_size_those_go_that_were_looked_at_longest_ago(library):
    version = library.version("standard.pdf")
    pictures = Pictures(library.settings, library.store, most_bytes=1_000_000)
    pictures.page(version, 1)
    (first,) = files(library)
    os.utime(first, (0, 0))
    for number in range(1, 11):
        other = first.with_name(f"other-{number:02}")
        other.write_bytes(bytes(100_000))
        os.utime(other, (number, number))
    pictures.page(version, 1)  # it is looked at again
    pictures.page(version, 2)
    pictures.close()
    kept = [path.name for path in files(library) if path.name.startswith("other")]
    assert kept == [f"other-{number:02}" for number in range(4, 11)]
    assert first in files(library)


@pytest.mark.parametrize("number", [0, -1, 3])
def test_there_is_no_picture_of_a_page_that_is_not_there(library, pictures, number):
    with pytest.raises(NotFoundError):
        pictures.page(library.version("standard.pdf"), number)


def test_there_is_no_picture_of_what_has_no_pages(library, pictures):
    with pytest.raises(NotFoundError):
        pictures.page(replace(library.version("standard.pdf"), media_type="text/markdown"), 1)


def test_a_page_that_cannot_be_drawn_is_not_tried_again_at_once(library, pictures):
    version = library.version("standard.pdf")
    path = library.store.files.path(version.sha256)
    whole = path.read_bytes()
    path.write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(PictureError) as caught:
        pictures.page(version, 1)
    assert caught.value.remedy
    path.write_bytes(whole)
    with pytest.raises(PictureError):
        pictures.page(version, 1)
    assert pictures.page(version, 2).width_px == 893


def test_a_folder_that_cannot_be_written_costs_only_time(library, pictures):
    library.settings.index_path.mkdir(parents=True, exist_ok=True)
    (library.settings.index_path / "pages").write_text("in the way", encoding="utf-8")
    assert pictures.page(library.version("standard.pdf"), 1).jpeg


def test_who_would_wait_too_long_for_others_is_told_so(library, pictures, monkeypatch):
    monkeypatch.setattr("kb.library.pictures._TURN_S", 0.01)
    version = library.version("standard.pdf")
    with pictures._turn, pytest.raises(PictureError) as caught:
        pictures.page(version, 1)
    assert caught.value.facts["reason"] == "picture-busy"
    assert pictures.page(version, 1).jpeg  # it is not held against the page
