"""Pictures of pages over HTTP, and the passage beside them."""

from __future__ import annotations

import io

import pytest
from bs4 import BeautifulSoup
from made_library import make_pdf
from PIL import Image

from kb.errors import PictureError
from kb.html import addresses
from kb.model.works import Metadata

ENGLISH = ["Consider public cloud first, before any other option.", "Second page about cloud cost.", "The third page."]
JAPANESE = ["クラウドサービスの利用を第一候補として検討します。"]


@pytest.fixture
def english(library):
    metadata = Metadata(title="Cloud plan", language="en", country="uk")
    return library.add(metadata, ENGLISH, id="plan", data=make_pdf(*ENGLISH))


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def first_passage(library, version):
    return library.store.passages.list(version.id)[0]


def test_a_page_of_a_pdf_is_a_picture_that_browsers_keep(client, english):
    response = client.get("/files/plan/page-2.jpg")
    assert response.status_code == 200
    assert response.headers["content-type"] == "image/jpeg"
    assert "max-age=2592000" in response.headers["cache-control"]
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert Image.open(io.BytesIO(response.content)).size == (893, 1263)


def test_a_passage_is_boxed_where_it_is_asked_for(client, library, english):
    passage = first_passage(library, english)
    plain = client.get("/files/plan/page-1.jpg").content
    boxed = client.get(f"/files/plan/page-1.jpg?passage={passage.id}").content
    assert boxed != plain
    assert client.get(f"/files/plan/page-2.jpg?passage={passage.id}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        *("/files/plan/page-0.jpg", "/files/plan/page-4.jpg", "/files/plan/page-x.jpg", "/files/plan/page-２.jpg"),
        *(f"/files/plan/page-{'9' * 5000}.jpg", "/files/nope/page-1.jpg", "/files/both1/page-1.jpg"),
        "/files/plan/page-1.jpg?passage=nope",
    ],
)
def test_a_picture_that_is_not_there_is_a_404_with_ways_on(client, english, address):
    response = client.get(address)
    assert response.status_code == 404
    assert soup(response).select_one('main a[href^="/library"]')


def test_a_page_that_cannot_be_drawn_is_a_sentence(client, library):
    response = client.get("/files/uk1/page-1.jpg?lang=ja")  # its bytes are no PDF
    assert response.status_code == 404
    assert "このページは画像で表示できません。" in response.text
    passage = library.store.passages.list("uk1")[0]
    page = soup(client.get(addresses.passage(passage.id)))
    assert "This page cannot be shown as a picture." in page.get_text()
    assert not page.main.find("img")
    assert page.blockquote
    assert page.find("a", href="/files/uk1.pdf#page=1")


def test_while_others_are_drawn_the_reader_is_asked_to_wait(client, library, english, monkeypatch):
    def busy(*_: object, **__: object) -> None:
        raise PictureError("Many are drawn.", remedy="Load again.", reason="picture-busy")

    monkeypatch.setattr(library.pictures, "page", busy)
    response = client.get("/files/plan/page-1.jpg")
    assert response.status_code == 503
    assert "not ready yet" in response.text


def test_a_passage_stands_beside_the_picture_of_its_page(client, library, english):
    passage = first_passage(library, english)
    page = soup(client.get(addresses.passage(passage.id)))
    image = page.select_one(".kb-page-beside .kb-picture img")
    assert image["src"] == f"/files/plan/page-1.jpg?passage={passage.id}"
    assert image["alt"] == "Page 1 of Cloud plan, as a picture with the passage in a box"
    assert (image["width"], image["height"], image["loading"]) == ("893", "1263", "lazy")
    assert page.select_one(".kb-page-beside blockquote").get_text() == ENGLISH[0]
    assert page.find("a", href=f"{image['src']}&size=large")
    (following,) = page.select(".kb-picture nav a")
    assert following["href"] == f"/c/{passage.id}?page=2&lang=en#page"


def test_the_pages_before_and_after_are_a_link_away_and_the_way_back_too(client, library, english):
    passage = first_passage(library, english)
    page = soup(client.get(f"{addresses.passage(passage.id)}?page=3"))
    assert page.select_one(".kb-picture img")["src"] == "/files/plan/page-3.jpg"
    assert page.select_one(".kb-picture h2").get_text() == "Page 3 of 3"
    links = {link.get_text(): link["href"] for link in page.select(".kb-picture nav a")}
    assert links == {
        "Previous page": f"/c/{passage.id}?page=2&lang=en#page",
        "Back to the page of the passage": f"/c/{passage.id}?lang=en",
    }
    assert "The passage is on another page." in page.get_text()
    for odd in ("0", "99", "x"):
        shown = soup(client.get(f"{addresses.passage(passage.id)}?page={odd}"))
        assert shown.select_one(".kb-picture h2").get_text() == "Page 1 of 3"


def test_words_of_a_query_are_underlined_and_kept_through_every_link(client, library, english):
    passage = first_passage(library, english)
    page = soup(client.get(f"{addresses.passage(passage.id)}?q=cloud&page=2"))
    assert page.select_one(".kb-picture img")["src"] == "/files/plan/page-2.jpg?q=cloud"
    assert "Words of the search are underlined." in page.get_text()
    assert all("q=cloud" in link["href"] for link in page.select(".kb-picture nav a"))
    plain, marked = (client.get(f"/files/plan/page-2.jpg{query}").content for query in ("", "?q=cloud"))
    assert plain != marked
    assert client.get("/files/plan/page-2.jpg?q=zebra").content == plain
    assert client.get(f"/files/plan/page-2.jpg?q={'cloud+' * 60}").content == plain  # longer than is marked
    assert "underlined" not in client.get(f"{addresses.passage(passage.id)}?q=zebra").text


def test_a_larger_picture_is_a_link_away_and_the_way_back_too(client, library, english):
    passage = first_passage(library, english)
    page = soup(client.get(addresses.passage(passage.id)))
    larger = page.find("a", string="Larger")["href"]
    assert larger == f"/c/{passage.id}?size=large&lang=en#page"
    page = soup(client.get(larger))
    image = page.select_one(".kb-picture-scroll img")
    assert image["src"] == f"/files/plan/page-1.jpg?passage={passage.id}&size=large"
    assert Image.open(io.BytesIO(client.get(image["src"]).content)).size == (1786, 2526)
    assert page.select_one('.kb-picture-scroll[tabindex="0"]')["aria-label"] == image["alt"]
    assert page.find("a", string="Smaller")["href"] == f"/c/{passage.id}?lang=en"


def test_the_text_of_the_page_stands_beside_its_picture_wherever_it_is_turned(client, library, english):
    passage = first_passage(library, english)
    own = soup(client.get(addresses.passage(passage.id))).select_one("#page-text")
    assert own.select_one("mark#passage").get_text() == ENGLISH[0]
    other = soup(client.get(f"{addresses.passage(passage.id)}?page=2")).select_one("#page-text")
    assert other.has_attr("open")
    assert ENGLISH[1] in other.get_text()
    assert other.summary.get_text() == "Text of page 2"
    assert not other.find("mark")


def test_a_passage_without_pages_is_marked_in_its_context(client, library):
    lines = [f"Paragraph number {n} says what everyone should know about it." for n in range(60)]
    metadata = Metadata(title="Long note", language="en", country="both")
    library.add(metadata, ["\n\n".join(lines)], id="note", media_type="text/markdown", paged=False)
    passages = library.store.passages.list("note")
    page = soup(client.get(addresses.passage(passages[len(passages) // 2].id)))
    marked = page.select_one(".kb-context mark#passage")
    assert marked
    assert not page.blockquote
    assert page.find("a", string="The text before this")["href"].startswith("/document?id=note")
    first = soup(client.get(addresses.passage(passages[0].id)))
    assert not first.find("a", string="The text before this")


def test_a_japanese_page_is_described_in_the_language_of_the_reader(client, library):
    metadata = Metadata(title="基本方針", language="ja", country="jp")
    version = library.add(metadata, JAPANESE, id="hoshin", data=make_pdf(*JAPANESE))
    page = soup(client.get(addresses.passage(first_passage(library, version).id) + "?lang=ja"))
    assert page.select_one(".kb-picture img")["alt"] == "「基本方針」1ページの画像（該当箇所を枠で囲んでいます）"
    assert page.select_one(".kb-picture nav") is None


def test_a_passage_that_cannot_be_located_is_said_to_be_unmarked(client, library):
    metadata = Metadata(title="Plan", language="en")
    version = library.add(metadata, ["Words that are drawn nowhere."], id="odd", data=make_pdf("Other text entirely"))
    page = soup(client.get(addresses.passage(first_passage(library, version).id)))
    assert "could not be located" in page.get_text()
    assert page.select_one(".kb-picture img")["alt"] == "Page 1 of Plan, as a picture"


@pytest.mark.parametrize("identity", ["both1", "bad1"])
def test_a_document_without_pages_has_no_picture(client, library, identity):
    passage = library.store.passages.list(identity)[0]
    page = soup(client.get(addresses.passage(passage.id)))
    assert page.select_one(".kb-picture") is None
    assert page.select_one(".kb-context mark#passage")
