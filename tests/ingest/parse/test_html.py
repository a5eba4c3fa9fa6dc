from __future__ import annotations

import pytest

from kb.ingest.parse import html
from kb.ingest.parse.parsed import Limits, Parsed

PAGE = """<!DOCTYPE html><html lang="ja"><head><meta charset="{charset}"><title>手続 | 省庁</title>
<meta name="dcterms.issued" content="2023-04-01T09:00"><script>var x;</script></head><body>
<header><nav>メニュー</nav></header><div class="breadcrumb">ホーム</div>
<main><h1>手続のデジタル化</h1><p>利用者の視点で<br>見直します。</p>
<ul><li>対象<ul><li>個人</li></ul></li><li>範囲</li></ul><ol><li>申請</li></ol>
<h2>期限</h2><table><caption>表1</caption><tr><th>区分</th><th>期限</th></tr><tr><td>新規</td><td>10月</td></tr></table>
<pre>code
  here</pre><div>最後の<strong>段落</strong>です。</div><p hidden>見えない</p></main>
<aside>関連</aside><footer>著作権</footer></body></html>"""


def read(data: bytes) -> Parsed:
    return html.parse(data, limits=Limits(10, 100_000))


@pytest.mark.parametrize("charset", ["utf-8", "shift_jis", "euc-jp", "iso-2022-jp"])
def test_a_page_is_read_in_the_encoding_it_declares(charset: str) -> None:
    parsed = read(PAGE.replace("{charset}", charset).encode(charset))
    assert parsed.pages[0].text.split("\n") == [
        "手続のデジタル化",
        "",
        "利用者の視点で",
        "",
        "見直します。",
        "- 対象",
        "- 個人",
        "- 範囲",
        "1. 申請",
        "",
        "期限",
        "",
        "表1",
        "区分 | 期限",
        "新規 | 10月",
        "",
        "code",
        "  here",
        "",
        "最後の段落です。",
    ]
    assert parsed.pages[0].language == "ja"


def test_metadata_and_headings_are_taken() -> None:
    parsed = read(PAGE.replace("{charset}", "utf-8").encode())
    assert parsed.title == "手続 | 省庁"
    assert parsed.published == "2023-04-01"
    assert [(h.level, h.title) for h in parsed.pages[0].headings] == [(1, "手続のデジタル化"), (2, "期限")]


@pytest.mark.parametrize("charset", ["cp932", "euc_jp", "utf-8"])
def test_an_undeclared_encoding_is_recognised(charset: str) -> None:
    assert (
        "ひらがなの文章です。"
        in read("<html><body><p>ひらがなの文章です。</p></body></html>".encode(charset)).pages[0].text
    )


def test_deeply_nested_elements_do_no_harm() -> None:
    assert read(b"<html><body>" + b"<div>" * 3000 + b"deep" + b"</div>" * 3000).pages[0].text == "deep"


def test_words_in_inline_elements_are_not_torn_apart() -> None:
    assert read(b"<html><body><p>Ser<b>vi</b>ces <a href='/'>for</a> all</p>").pages[0].text == "Services for all"
