"""Addresses outside the app: the shell, permanent links, files, the playbook, language, health."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kb.html import addresses
from kb.model.references import KEY as REFERENCES
from kb.model.references import Reference, references_text
from kb.model.works import Metadata


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.text, "html.parser")


def passage_of(library, version_id):
    return library.store.passages.list(version_id)[0]


def test_the_shell_speaks_the_language_of_the_address_the_cookie_or_the_browser(client):
    assert soup(client.get("/")).html["lang"] == "en"
    assert soup(client.get("/?lang=ja")).html["lang"] == "ja"
    assert soup(client.get("/", headers={"accept-language": "fr, ja;q=0.8"})).html["lang"] == "ja"
    client.cookies.set("kb_lang", "ja")
    page = soup(client.get("/library"))
    assert page.html["lang"] == "ja"
    assert page.title.get_text() == "資料一覧"
    assert soup(client.get("/library?lang=en")).html["lang"] == "en"


def test_the_shell_has_its_frame_before_any_script_runs(client):
    page = soup(client.get("/add"))
    assert page.select_one("header#kb-top nav a[aria-current]").get_text() == "Add documents"
    assert page.select_one("a.kb-skip")["href"] == "#content"
    assert page.select_one("#content #root") is not None
    assert "4 documents" in page.footer.get_text()
    assert page.find("meta", attrs={"name": "description"})["content"]
    assert "Streamlit" not in page.title.get_text()
    assert "prerenderReady" not in str(page)
    assert "service-desc" not in str(page)


@pytest.mark.parametrize("screen", addresses.SCREENS)
def test_the_app_is_told_where_its_server_is_before_it_starts(client, screen):
    scripts = soup(client.get(screen)).select("script[src]")
    assert scripts[0]["src"].startswith("/assets/address.js")
    assert not scripts[0].has_attr("type")  # a module would wait, and the app's own is one
    assert "BACKEND_BASE_URL" in client.get(scripts[0]["src"]).text


def test_every_answer_carries_the_headers_that_keep_it_to_itself(client):
    for address in ("/", "/nope", "/playbook/cloud-first", "/healthz"):
        headers = client.get(address).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "address",
    [
        "/nope",
        "/playbook/nope",
        "/playbook/../secret",
        "/c/nope",
        "/d/nope",
        "/d/nope/nope",
        "/files/nope.pdf",
        "/files/x",
    ],
)
def test_an_address_where_there_is_nothing_is_a_real_404_with_ways_on(client, address):
    response = client.get(address + "?lang=ja")
    assert response.status_code == 404
    page = soup(response)
    assert page.h1.get_text() == "このアドレスのページは見つかりません"
    assert page.select_one('main a[href^="/library"]')


def test_streamlits_own_addresses_are_left_to_streamlit(client):
    for address in ("/_stcore/health", "/static/js/x.js", "/library/_stcore/health"):
        assert client.get(address).text == "Not Found"


def test_a_passage_can_be_read_at_its_permanent_address(client, library):
    passage = passage_of(library, "uk1")
    page = soup(client.get(addresses.passage(passage.id)))
    assert page.h1.get_text() == "Government Cloud First policy"
    assert "Consider public cloud first." in page.blockquote.get_text()
    assert page.find("a", href="/files/uk1.pdf#page=1")
    assert page.select_one('link[rel="canonical"]')["href"] == f"http://kakehashi.test/c/{passage.id}"
    assert {link["hreflang"] for link in page.select('link[rel="alternate"]')} == {"en", "ja"}


@pytest.mark.parametrize("pages", [["Other words.", "Something else, at length, about cost."], ["One page."]])
def test_a_passage_whose_page_was_read_anew_says_so_at_its_permanent_address(client, library, pages):
    address = addresses.passage(library.store.passages.list("uk1")[1].id)
    assert "has changed since" not in client.get(address).text
    library.read_again(library.store.versions.get("uk1"), pages)
    page = soup(client.get(address))
    assert page.blockquote.get_text() == "Second page about cloud cost."
    assert "has changed since" in page.get_text()
    assert "本文が変更されました" in client.get(address + "?lang=ja").text


def test_hostile_text_is_only_text(client, library):
    page = soup(client.get(addresses.passage(passage_of(library, "bad1").id)))
    assert not page.main.find_all(["script", "img"])
    assert "<img src=x onerror=alert(1)> cloud" in page.get_text()


def test_a_work_shows_the_edition_asked_for(client, library):
    version = library.store.versions.get("jp1")
    page = soup(client.get(addresses.work(version) + "?lang=ja"))
    assert page.h1["lang"] == "ja"
    assert "2022年12月28日（令和4年）" in page.get_text()
    assert client.get(addresses.edition(version)).status_code == 200


@pytest.mark.parametrize(("language", "heading"), [("en", "Sources"), ("ja", "出典")])
def test_a_work_shows_what_it_rests_on(client, library, language, heading):
    sources = references_text((Reference("Cloud First policy", url="https://www.gov.uk/x"),))
    metadata = Metadata(title="Cloud in both countries", language="en", extra={REFERENCES: sources})
    version = library.add(metadata, ["In short."], id="brief1", media_type="text/markdown", paged=False)
    page = soup(client.get(f"{addresses.work(version)}?lang={language}"))
    section = page.select_one('section[aria-labelledby="sources"]')
    assert section.h2.get_text() == heading
    assert section.a["href"] == "https://www.gov.uk/x"


def test_a_pdf_opens_in_the_browser(client):
    response = client.get("/files/uk1.pdf")
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-disposition"].startswith("inline")
    assert client.get("/files/uk1.pdf", headers={"range": "bytes=0-3"}).status_code == 206


def test_uploaded_html_never_runs(client):
    response = client.get("/files/bad1.html")
    assert response.headers["content-type"].startswith("text/plain")
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert client.get("/files/bad1.pdf").status_code == 404


def test_a_playbook_page_needs_no_script(client):
    response = client.get("/playbook/cloud-first")
    page = soup(response)
    assert response.headers["content-language"] == "en"
    assert page.h1.get_text() == "Cloud first"
    assert page.select_one("h2#uk").get_text() == "In the UK"
    assert page.select_one("button[data-copy]")["data-copy"] == "/playbook/cloud-first"
    assert not page.main.find_all("script")
    japanese = soup(client.get("/playbook/cloud-first?lang=ja"))
    assert japanese.html["lang"] == "ja"
    assert japanese.select_one("h2#uk").get_text() == "英国の取組"


def test_the_playbook_lists_its_themes(client):
    page = soup(client.get("/playbook"))
    assert "Technology" in page.get_text()
    assert page.find("a", string="Cloud first")


def test_the_glossary_needs_no_script(client):
    response = client.get("/glossary?lang=ja")
    page = soup(response)
    assert response.headers["content-language"] == "ja"
    assert page.select_one("section#cloud-first h3").get_text() == "クラウドファースト"
    assert page.select_one("#cloud-first [lang=en]").p.get_text() == "Cloud First"
    assert not page.main.find_all("script")
    assert page.select_one('link[rel="canonical"]')["href"].endswith("/glossary")
    assert page.select_one("#kb-top nav a[aria-current]").get_text() == "用語集"
    found = soup(client.get("/glossary?q=PROOFING"))
    assert [term["id"] for term in found.select(".kb-term")] == ["identity-proofing"]
    assert found.form["action"] == "/glossary"


def test_a_glossary_that_cannot_be_read_says_so(client, library):
    library.settings.glossary_path.write_text("[[term]]\n", encoding="utf-8")
    response = client.get("/glossary?lang=ja")
    assert response.status_code == 500
    assert "用語集のファイルを読み取れません" in response.text


def test_choosing_a_language_is_remembered_and_keeps_the_place(client):
    response = client.get("/set-lang?to=ja&next=/%3Fq%3Dcloud%26lang%3Den", follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/?q=cloud&lang=ja"
    assert "kb_lang=ja" in response.headers["set-cookie"]


@pytest.mark.parametrize(
    "place",
    [
        *("https://evil.example/", "//evil.example", "/\\evil.example", "/%0d%0aSet-Cookie:x=1"),
        *("/\t///evil.example", "/\t////evil.example", "/\t//evil.example/x", "/\x00//evil.example", "/x\\evil", ""),
    ],
)
def test_a_language_link_never_leads_to_another_site(client, place):
    location = client.get("/set-lang", params={"to": "ja", "next": place}, follow_redirects=False).headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "evil" not in location


def test_a_place_whose_other_language_would_be_another_site_is_the_first_page():
    assert addresses.way_back("/?q=a", "ja") == "/?q=a&lang=ja"
    assert addresses.way_back("/c/x?lang=en#p", "ja") == "/c/x?lang=ja#p"
    assert not addresses.is_local("/\t///e")
    assert addresses.way_back("/\t////e", "ja") == "/?lang=ja"


def test_health_tells_whether_it_can_be_searched(client, library):
    assert client.get("/healthz").json() == {"status": "ok", "search": "ready"}


def test_our_files_are_served(client):
    assert client.get("/assets/kakehashi.css").status_code == 200
    assert client.get("/assets/page.js").status_code == 200
