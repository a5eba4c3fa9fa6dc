"""The receipt of a reading, as sentences for whoever added the document or reads it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kb.html.receipt import health_mark, ocr_label, receipt_block, receipt_lines
from kb.i18n import Texts
from kb.model.passages import Passage
from kb.model.receipts import Notice, Receipt, Sample

EN, JA = Texts("en"), Texts("ja")


def made(**fields) -> Receipt:
    return Receipt("a.pdf", "added", version_id="v", created_at="2026-11-25T10:00:00+00:00", **fields)


def words(t, receipt) -> str:
    return BeautifulSoup(str(receipt_lines(t, receipt)), "html.parser").get_text(" ", strip=True).replace("\xa0", " ")


def test_a_page_that_is_a_picture_is_named_with_what_can_be_done():
    receipt = made(pages=12, words=3412, passages=31, pages_without_text=(7,), ocr="missing")
    said = words(EN, receipt)
    assert "Read in part" in said
    assert "12 pages, 11 of them with text." in said
    assert "Page 7 is a picture without text: its words cannot be found." in said
    assert "install Tesseract" in said
    assert "3,412 words · 31 passages that can be found" in said
    assert "Read on 25 November 2026." in said
    said = words(JA, receipt)
    assert "全12ページのうち、11ページに文字情報があります。" in said
    assert "7ページは文字情報のない画像のため、書かれている内容は検索できません。" in said
    assert "Tesseract" in said


def test_blank_pages_are_no_loss():
    said = words(EN, made(pages=3, pages_without_text=(2,), blank_pages=(2,)))
    assert "Read in full" in said
    assert "Page 2 is blank." in said
    assert "picture without text" not in said


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("off", "switched off"), ("stopped", "ran out of time"), ("done", "could make out no words")],
)
def test_it_says_why_ocr_did_not_help(state, sentence):
    assert sentence in words(EN, made(pages=2, pages_without_text=(2,), ocr=state))


def test_what_ocr_read_is_labelled_and_its_picture_is_not_counted_again():
    receipt = made(pages=4, ocr_pages=(2, 3, 4), ocr="done", pictures={1: 1, 2: 1, 3: 1, 4: 1})
    said = words(EN, receipt)
    assert "Pages 2–4 were read from their pictures by OCR, and may hold errors." in said
    assert "1 picture, on page 1: words inside it cannot be searched." in said
    assert "2–4ページは画像からOCRで読み取ったため、誤りを含む場合があります。" in words(JA, receipt)


def test_garbled_characters_are_shown_as_an_example_and_never_as_markup():
    receipt = made(pages=2, garbled_pages=(2,), garbled_example="<b>1%\ufffd", notices=(Notice("garbled-pages"),))
    block = BeautifulSoup(str(receipt_block(EN, receipt)), "html.parser")
    assert block.code.get_text() == "<b>1%\ufffd"
    assert not block.find("b")
    assert "Garbled in part" in block.get_text()
    assert block.section["aria-labelledby"] == "receipt"


def test_languages_are_told_by_page_where_there_are_two():
    receipt = made(pages=5, language_pages={"en": (1, 2, 3, 5), "ja": (4,)})
    assert "Languages: English on pages 1–3, 5; Japanese on page 4." in words(EN, receipt)
    assert "言語：英語（1–3、5ページ）、日本語（4ページ）" in words(JA, receipt)
    assert "Languages" not in words(EN, made(pages=1, language_pages={"en": (1,)}))


def test_of_very_many_pages_the_first_are_named():
    said = words(EN, made(pages=100, pages_without_text=tuple(range(1, 100, 2)), ocr="off"))
    assert "21, 23 and 38 more" in said


def test_searches_that_find_it_are_links():
    receipt = made(samples=(Sample("cloud first", "en", 1), Sample("利用", "ja", 3)))
    block = BeautifulSoup(str(receipt_lines(EN, receipt)), "html.parser")
    links = [(a.get_text(), a["href"], a["lang"]) for a in block.find_all("a")]
    assert links[0] == ("cloud first", "/?q=cloud+first&lang=en", "en")
    assert "(in place 3)" in block.get_text()


def test_a_receipt_of_an_earlier_release_says_what_it_knows():
    assert "Read in full" in words(EN, Receipt("a.md", "added", version_id="v", passages=3))


def test_health_is_said_in_words():
    assert BeautifulSoup(str(health_mark(JA, "ocr")), "html.parser").get_text() == "OCRで読み取り"
    assert BeautifulSoup(str(health_mark(EN, "partial", short=True)), "html.parser").get_text() == "in part"


def test_only_passages_read_by_ocr_are_labelled():
    passage = Passage("p", "v", 1, 0, 0, 4, "text", "en")
    assert ocr_label(EN, passage) is None
    assert "may hold errors" in str(ocr_label(EN, Passage("p", "v", 1, 0, 0, 4, "text", "en", source="ocr")))
