"""Every screen as Streamlit runs it: the address decides what is shown, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from streamlit import config
from streamlit.testing.v1 import AppTest

from kb.errors import ModelError
from kb.model.works import Metadata
from kb.ui import session
from tests.ui.standin import Readiness, make_library

APP = str(Path(__file__).parent.parent.parent / "kb" / "ui" / "app.py")


class Screen:
    """One session of the app, and the markup it shows."""

    def __init__(self, library) -> None:
        session.install(library)
        self.test = AppTest.from_file(APP, default_timeout=30)

    def open(self, **parameters: str | list[str]) -> BeautifulSoup:
        self.test.query_params.clear()
        for name, value in parameters.items():
            self.test.query_params[name] = value
        self.test.run()
        return self.page

    @property
    def page(self) -> BeautifulSoup:
        assert not self.test.exception
        data = [json.loads(e.proto.json) for e in self.test.main if e.type == "bidi_component"]
        self.frame = data[0]
        return BeautifulSoup("".join(each["html"] for each in data), "html.parser")

    def go(self, address: str) -> BeautifulSoup:
        """What the component does when a link is followed."""
        self.test.session_state["kb.destination"] = address
        self.test.run()
        return self.page


@pytest.fixture
def screen(library) -> Screen:
    return Screen(library)


def test_the_first_page_shows_what_the_library_holds(screen):
    page = screen.open()
    assert page.h1.get_text() == "Search UK and Japanese digital government strategies"
    assert "What the library holds" in page.get_text()
    assert page.find("a", string="クラウドを最優先で検討する方針")
    assert page.find("a", string="Cloud first")


def test_the_address_decides_words_filters_and_language(screen):
    page = screen.open(q="cloud", country=["jp"], lang="ja")
    assert page.select_one("input#q")["value"] == "cloud"
    assert screen.frame["language"] == "ja"
    assert "英国" not in [h.get_text() for h in page.select(".kb-column h3")]
    assert "2件の資料に該当箇所が2か所見つかりました" in page.get_text()
    assert page.select_one('.kb-filters input[value="jp"]').has_attr("checked")


def test_a_followed_link_changes_the_address_and_the_page(screen):
    screen.open()
    page = screen.go("/?q=cloud&view=list&lang=ja")
    assert screen.test.query_params["q"] == "cloud"
    assert "該当箇所が5か所見つかりました" in page.get_text()
    page = screen.go("/library?lang=ja&country=jp")
    assert page.h1.get_text() == "資料一覧"
    assert "2件の資料" in page.h2.get_text()  # one Japanese, one about both countries


def test_a_query_without_words_is_told_and_kept(screen):
    page = screen.open(q="!!!")
    assert page.select_one('[role="alert"]').get_text().startswith("Nothing")
    assert page.select_one("input#q")["value"] == "!!!"


def test_while_the_model_loads_the_page_says_so(screen, library):
    library.readiness = Readiness("preparing")
    page = screen.open(q="cloud", lang="ja")
    assert "検索の準備をしています" in page.get_text()
    library.readiness = Readiness("ready")
    assert "見つかりました" in screen.open(q="cloud", lang="ja").get_text()


def test_when_the_model_cannot_be_loaded_the_page_says_what_to_do(screen, library):
    library.readiness = Readiness("failed", ModelError(""))
    assert screen.open(q="cloud").select_one('[role="alert"]')


def test_an_empty_library_leads_to_adding_documents(tmp_path):
    page = Screen(make_library(tmp_path / "empty")).open()
    assert page.find("a", href="/add?lang=en")


def test_more_like_this_quotes_the_passage_it_starts_from(screen, library):
    passage = library.store.passages.list("uk1")[0]
    page = screen.open(like=passage.id)
    assert "Consider public cloud first." in page.blockquote.get_text()
    assert page.select(".kb-hit")
    assert "no page" in screen.open(like="nope").get_text()


def test_a_document_opens_at_its_passage(screen, library):
    screen.open()
    passage = library.store.passages.list("uk1")[1]
    page = screen.go(f"/document?id=uk1&passage={passage.id}")
    assert page.select_one("mark#passage").get_text() == "Second page about cloud cost."
    assert page.select_one("h2#page").get_text() == "Page 2 of 2"
    assert {hit.a["lang"] for hit in page.select(".kb-hit")} >= {"ja"}
    page = screen.go("/document?id=uk1&page=1")
    assert "Consider public cloud first." in page.get_text()
    assert "Official source" in page.get_text()


@pytest.mark.parametrize(("lang", "words"), [("en", "Show the page"), ("ja", "ページを表示")])
def test_hits_and_documents_lead_to_the_picture_of_a_page_of_a_pdf_only(screen, library, lang, words):
    hits = screen.open(q="cloud", lang=lang, view="list").select(".kb-hit")
    shown = {hit.a.get_text(): hit.select_one("details.kb-page-shown") for hit in hits}
    assert shown["Cloud briefing"] is None
    first = shown["Government Cloud First policy"]
    assert first.summary.get_text().startswith(words)
    assert first.img["loading"] == "lazy"
    assert first.img["src"].startswith("/files/uk1/page-")
    assert "&q=cloud" in first.img["src"].lower()
    assert first.find("a")["href"].startswith("/c/")
    passage = library.store.passages.list("uk1")[1]
    link = screen.go(f"/document?id=uk1&passage={passage.id}&lang={lang}").select_one('.kb-bar a[href^="/c/"]')
    assert link["href"] == f"/c/{passage.id}?lang={lang}"
    assert "Government Cloud First policy" in link.get_text()
    assert not screen.go(f"/document?id=uk1&page=1&lang={lang}").select('.kb-bar a[href^="/c/"]')


@pytest.mark.parametrize(
    ("pages", "lang", "notice"),
    [
        (["Other words.", "Now another text stands here, about cost."], "en", "has changed since"),
        (["Only one page is left of this document."], "ja", "このページの本文が変更されました"),
    ],
)
def test_a_passage_whose_page_was_read_anew_is_quoted_and_not_marked(screen, library, pages, lang, notice):
    screen.open()
    passage = library.store.passages.list("uk1")[1]
    library.read_again(library.store.versions.get("uk1"), pages)
    page = screen.go(f"/document?id=uk1&passage={passage.id}&lang={lang}")
    assert not page.find_all("mark", class_="kb-passage")
    assert notice in page.select_one("#passage").get_text()
    assert page.select_one("#passage blockquote").get_text() == "Second page about cloud cost."
    assert pages[-1] in page.get_text()


def test_a_document_that_is_not_there_says_so(screen):
    screen.open()
    assert screen.go("/document?id=nope&lang=ja").h1.get_text() == "このアドレスのページは見つかりません"


def test_the_playbook_is_the_same_in_the_app(screen):
    screen.open()
    assert screen.go("/wiki?lang=ja").h1.get_text() == "プレイブック"
    page = screen.go("/wiki?page=cloud-first&lang=ja")
    assert page.select_one("h2#uk").get_text() == "英国の取組"
    assert "not yet available" not in page.get_text()
    assert "日本語版はまだありません" in screen.go("/wiki?page=only-english&lang=ja").get_text()


def test_the_library_shows_the_official_sources_it_holds_and_lacks(screen, library):
    screen.open()
    assert "Official sources" not in screen.go("/library?lang=en").get_text()
    (library.settings.corpus_dir / "sources.toml").write_text(
        '[[source]]\nid = "uk-cloud-first"\ntitle = "Government Cloud First policy"\nlanguage = "en"\ncountry = "uk"\n'
        'url = "https://www.gov.uk/guidance/government-cloud-first-policy"\n'
        '[[source]]\nid = "jp-plan"\ntitle = "重点計画"\nlanguage = "ja"\ncountry = "jp"\nurl = "https://www.digital.go.jp/"\n',
        encoding="utf-8",
    )
    page = screen.go("/library?lang=ja")
    assert page.find("a", href="#official-sources").get_text() == "公式資料の一覧：2件のうち1件を収録済み"
    assert page.select_one("#source-uk-cloud-first a[data-nav]")["href"] == "/document?id=uk1&lang=ja"
    assert not screen.go("/library?country=jp&lang=ja").select("#source-uk-cloud-first")
    (library.settings.corpus_dir / "sources.toml").write_text("[[source]]", encoding="utf-8")
    assert "4件の資料" in screen.go("/library?lang=ja").h2.get_text()


@pytest.mark.parametrize(
    ("language", "words", "link"),
    [
        ("en", "No official publication has been added yet: see the list", "see the list"),
        ("ja", "公式資料はまだ収録されていません。 一覧をご覧ください。", "一覧をご覧ください。"),
    ],
)
def test_a_library_of_our_own_texts_only_says_so(tmp_path, language, words, link):
    library = make_library(tmp_path)
    library.add(Metadata(title="Cloud", language="en", document_type="briefing"), ["About cloud."], id="own")
    library.settings.corpus_dir.mkdir(parents=True)
    (library.settings.corpus_dir / "sources.toml").write_text(
        '[[source]]\nid = "uk-cloud-first"\ntitle = "Cloud First"\nlanguage = "en"\ncountry = "uk"\n'
        'url = "https://www.gov.uk/x"\n',
        encoding="utf-8",
    )
    screen = Screen(library)
    for page in (screen.open(lang=language), screen.open(q="cloud", lang=language)):
        assert words in page.get_text()
        assert page.find("a", string=link)["href"] == f"/library?lang={language}#official-sources"
    library.add(Metadata(title="Other", language="en", source_url="https://www.gov.uk/x/"), ["Text."], id="official")
    assert not screen.open(lang=language).find("a", string=link)
    library.close()


def test_the_glossary_is_narrowed_by_the_address(screen):
    screen.open()
    page = screen.go("/terms?lang=ja")
    assert [term.h3.get_text() for term in page.select(".kb-term")] == ["クラウドファースト", "身元確認"]
    page = screen.go("/terms?q=first&lang=en")
    assert [term["id"] for term in page.select(".kb-term")] == ["cloud-first"]
    assert page.form["action"] == "/terms"


def test_the_form_for_adding_is_the_same_while_the_list_below_it_changes(screen, library):
    screen.open()
    page = screen.go("/add?lang=ja")
    form = str(page.select_one("form[data-upload]"))
    assert "追加されたファイルはまだありません" in page.get_text()
    library.store.jobs.add("計画.pdf", "ab", 10, {}, batch="batch-one")
    page = screen.go("/add?lang=ja")
    assert str(page.select_one("form[data-upload]")) == form
    assert "計画.pdf" in page.select_one(".kb-jobs").get_text()


def test_two_hundred_files_are_shown_in_pages_with_what_is_read_first(screen, library):
    for number in range(200):
        library.store.jobs.add(f"{number}.pdf", f"{number}", 10, {}, batch="batch-one")
    library.store.queue.beat("a")
    library.store.jobs.finish(library.store.jobs.claim("a"), "", "added")
    running = library.store.jobs.claim("a")
    library.store.jobs.progress(running, "reading", 3, 12)
    screen.open()
    page = screen.go("/add?lang=en")
    assert "1 of 200 files done." in page.select_one(".kb-batch").get_text()
    rows = page.select(".kb-jobs > li")
    assert len(rows) == 20
    assert "Reading page 3 of 12." in rows[0].get_text()
    assert "Nobody is reading" not in page.get_text()
    last = screen.go("/add?lang=en&files=10")
    assert last.select(".kb-jobs h3")[-1].get_text() == "0.pdf"
    assert "Page 10 of 10" in last.get_text()


def test_the_limit_of_an_upload_is_that_of_the_settings_and_streamlit_takes_none(library):
    library.settings = library.settings.model_copy(update={"max_upload_mb": 120})
    screen = Screen(library)
    assert config.get_option("server.maxUploadSize") == 1
    screen.open()
    page = screen.go("/add")
    assert "120 MB" in page.get_text()
    assert page.select_one("form[data-upload]")["data-max-bytes"] == "120000000"
