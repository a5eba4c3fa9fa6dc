"""The pictures of the library: what stands in them, what they lead to, and that their tables say the same."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from kb.html.coverage import coverage
from kb.html.map import library_map
from kb.html.overview import OverviewAddress, overview, overview_address, tabs
from kb.html.publications import publications
from kb.html.timeline import timeline
from kb.html.year_columns import year_columns
from kb.i18n import Texts
from kb.model.hits import Filters
from kb.model.works import Metadata
from kb.sources.catalogue import OfficialSource
from tests.ui.standin import make_library
from tests.ui.test_screens import Screen

EN, JA = Texts("en"), Texts("ja")

OLD = Metadata(title="Roadmap 2022", language="en", publisher="GDS", country="uk", published="2022-06")
NEW = Metadata(title="Roadmap 2026", language="en", publisher="GDS", country="uk", published="2026-01-19")
NEW_JA = Metadata(title="ロードマップ2026", language="ja", publisher="GDS", country="uk", published="2026-01-19")
PLAN = OfficialSource(
    id="plan-2025", title="重点計画2025", title_en="Plan 2025", language="ja", country="jp", published="2025-06-13",
    theme="strategy", supersedes="plan-2024", url="https://example.org/2025",
)  # fmt: skip
PLAN_BEFORE = OfficialSource(
    id="plan-2024", title="重点計画2024", language="ja", country="jp", published="2024-06", theme="strategy"
)


@pytest.fixture
def versions(library):
    library.add(OLD, ["old"], id="old", work_id="roadmap", status="superseded")
    library.add(NEW, ["new"], id="new", work_id="roadmap")
    library.add(NEW_JA, ["新しい"], id="new-ja", work_id="roadmap")
    return library.store.versions.list(Filters(current_only=False))


def soup(markup) -> BeautifulSoup:
    return BeautifulSoup(str(markup), "html.parser")


def shown(t, versions, themes=None, held=None):
    known = {"roadmap": "strategy"} if themes is None else themes
    return publications(t, versions, known, catalogue=[PLAN, PLAN_BEFORE], held=held or {})


def test_languages_of_one_edition_are_one_publication_in_the_readers(versions):
    assert [each.title for each in shown(EN, versions) if each.published == "2026-01-19"] == ["Roadmap 2026"]
    assert [each.title for each in shown(JA, versions) if each.published == "2026-01-19"] == ["ロードマップ2026"]


def test_an_edition_knows_the_one_it_replaced(versions):
    known = {each.key: each for each in shown(EN, versions)}
    assert known["new"].replaced == ("old",)
    assert not known["old"].is_current
    assert known["source-plan-2025"].replaced == ("source-plan-2024",)


def test_what_the_catalogue_lists_is_shown_as_not_held_until_it_is(versions):
    listed = [each for each in shown(EN, versions) if each.is_listed]
    assert [each.title for each in listed] == ["重点計画2024", "Plan 2025"]
    assert [each.href for each in listed] == [
        "/library?older=1&lang=en#source-plan-2024",
        "/library?lang=en#source-plan-2025",
    ]
    held = {"plan-2025": next(version for version in versions if version.id == "jp1")}
    after = {each.key: each for each in shown(EN, versions, held=held)}
    assert "source-plan-2025" not in after
    assert after["jp1"].theme == "strategy"  # the catalogue says so
    assert after["jp1"].replaced == ("source-plan-2024",)


def test_pages_of_the_playbook_are_no_publications(library):
    library.add(NEW, ["page"], id="page", slug="roadmap")
    assert "page" not in {each.key for each in shown(EN, library.store.versions.list())}


def test_the_timeline_has_a_link_for_every_dated_publication(versions):
    page = soup(timeline(EN, shown(EN, versions)))
    marks = page.select("svg.kb-chart a.kb-mark")
    names = [mark.title.get_text() for mark in marks]
    assert "Roadmap 2022 · GDS · June 2022 · older edition" in names
    assert "Plan 2025 · 13 June 2025 · not in the library yet" in names
    assert all(mark["href"].startswith(("/document?id=", "/library?")) for mark in marks)
    dated = [each for each in shown(EN, versions) if each.year]
    assert len(marks) == len(dated)
    assert len(page.select("tbody tr")) == len(shown(EN, versions))


def test_the_united_kingdom_stands_above_the_line_and_japan_below(versions):
    page = soup(timeline(EN, shown(EN, versions)))
    band = page.select_one("#theme-strategy")
    line = float(band.select_one(".kb-band-line")["y1"])
    height = {each["class"][1]: float(each.svg["y"]) for each in band.select("a.kb-mark")}
    assert height["kb-mark-uk"] < line < height["kb-mark-jp"]


def test_later_stands_further_right_and_no_two_marks_in_one_place(versions):
    page = soup(timeline(EN, shown(EN, versions)))
    at = {mark.title.get_text()[:12]: (mark.svg["x"], mark.svg["y"]) for mark in page.select("a.kb-mark")}
    assert float(at["Roadmap 2022"][0].rstrip("%")) < float(at["Roadmap 2026"][0].rstrip("%"))
    assert len(set(at.values())) == len(at)


def test_editions_are_joined(versions):
    assert len(soup(timeline(EN, shown(EN, versions))).select("svg.kb-chart > g > g > .kb-succession")) == 6


def test_many_publications_of_one_year_pile_up_without_covering_one_another(library):
    for number in range(30):
        metadata = Metadata(title=f"T{number}", language="en", country="uk", published="2012")
        library.add(metadata, [f"text {number}"], id=f"many{number}")
    page = soup(timeline(EN, publications(EN, library.store.versions.list(), {}, held={})))
    at = [(mark.svg["x"], mark.svg["y"]) for mark in page.select("a.kb-mark-uk")]
    assert len(set(at)) == len(at) >= 30
    assert float(page.select_one("svg.kb-chart")["height"]) > max(float(y) for _, y in at)


def test_documents_without_a_date_are_told_and_stand_last_in_the_table(versions):
    page = soup(timeline(EN, shown(EN, versions)))
    assert "2 documents have no date of publication" in page.get_text()
    assert page.select("tbody tr")[-1].select("td")[0].get_text() == ""
    assert page.select("tbody tr")[0].a.get_text() == "Roadmap 2026"


def test_coverage_counts_what_is_held_and_what_is_known(versions):
    page = soup(coverage(EN, shown(EN, versions), timeline_href="/library?view=timeline&lang=en"))
    row = next(each for each in page.select(".kb-coverage tbody tr") if each.th.get_text() == "Strategy and governance")
    assert row.th.a["href"] == "/library?view=timeline&lang=en#theme-strategy"
    words = [half.select_one(".kb-hidden").get_text(strip=True) for half in row.select("td:last-child .kb-half")]
    assert words == [
        "United Kingdom: 2 in the library",
        "Japan: 0 in the library, 2 not in the library yet",
    ]
    holes = [each.th.get_text() for each in page.select(".kb-coverage tbody tr") if not each.select("[class*=kb-tint]")]
    assert "Artificial intelligence" in holes


def test_coverage_says_where_a_country_has_nothing(versions):
    page = soup(coverage(EN, shown(EN, versions), timeline_href="/"))
    rows = {row.th.get_text(): row.select("td")[-1].get_text() for row in page.select(".kb-figures-table tbody tr")}
    assert rows["Strategy and governance"] == "Nothing from Japan"
    assert rows["Artificial intelligence"] == "Nothing from either country"


def test_the_map_has_a_link_and_a_row_for_every_document(versions):
    current = [version for version in versions if version.status == "current"]
    places = {version.id: (number / len(current), 0.5) for number, version in enumerate(current)}
    near = {"new": ["new-ja", "uk1"]}
    page = soup(library_map(EN, versions, places=places, neighbours=near, themes={}))
    assert len(page.select("svg.kb-map a.kb-mark")) == len(page.select("tbody tr")) == len(current)
    row = next(each for each in page.select("tbody tr") if each.th.a.get_text() == "Roadmap 2026")
    assert [link.get_text() for link in row.select(".kb-near a")] == [
        "ロードマップ2026",
        "Government Cloud First policy",
    ]


def test_names_on_the_map_stay_inside_and_cover_none_of_each_other(library):
    themes = {}
    places = {}
    for number in range(24):
        metadata = Metadata(title=f"D{number}", language="en", country="uk", published="2020")
        library.add(metadata, [f"words {number}"], id=f"d{number}", work_id=f"w{number}")
        themes[f"w{number}"] = ["strategy", "cloud", "security", "ai"][number % 4]
        places[f"d{number}"] = (0.99, 0.5 + number / 1000)
    page = soup(library_map(EN, library.store.versions.list(), places=places, neighbours={}, themes=themes))
    names = [(float(each["x"].rstrip("%")), float(each["y"])) for each in page.select(".kb-map-name")]
    assert len(names) == 4
    assert all(0 < x < 93 for x, _ in names)
    for i, (x, y) in enumerate(names):
        assert all(abs(y - other[1]) >= 22 or abs(x - other[0]) > 15 for other in names[:i])


@pytest.mark.parametrize("t", [EN, JA])
def test_nothing_from_a_document_becomes_markup_and_nothing_needs_a_script_or_a_style(t, versions):
    themes = {version.work_id: "ai" for version in versions}
    every = shown(t, versions, themes)
    places = {version.id: (0.5, 0.5) for version in versions}
    drawn = (
        timeline(t, every),
        coverage(t, every, timeline_href="/"),
        library_map(t, versions, places=places, neighbours={}, themes=themes),
    )
    for markup in drawn:
        page = soup(markup)
        assert page.select("script, [style], [onclick], style") == []
        assert not re.search(r"(?:href|src)=\"https?://", str(markup))
        ids = [each["id"] for each in page.select("[id]")]
        assert len(ids) == len(set(ids))
        assert all(each.get_text() for each in page.select("a > title"))


def test_the_last_fifteen_years_have_a_column_each():
    columns = year_columns([2026, 2002, 2013])
    assert columns.labels(EN)[:2] == ["to 2011", "2012"]
    assert columns.labels(JA)[0] == "～2011"
    assert (columns.of(2002), columns.of(2012), columns.of(2026)) == (0, 1, 15)
    assert year_columns([2020]).labels(EN) == ["2020"]
    assert year_columns([]) is None


def test_the_address_says_view_and_filters():
    assert overview_address({"view": ["timeline"], "country": ["jp"]}) == OverviewAddress(
        "timeline", Filters(countries=("jp",))
    )
    assert overview_address({"view": ["nonsense"]}) is None
    links = soup(tabs(EN, Filters(countries=("jp",)), "map")).select("a")
    assert [link["href"] for link in links][:2] == [
        "/library?country=jp&lang=en",
        "/library?view=timeline&country=jp&lang=en",
    ]
    assert [link.get_text() for link in links if link.has_attr("aria-current")] == ["Map"]


def test_a_narrowed_view_says_so_and_leads_to_the_whole():
    page = soup(overview(EN, OverviewAddress("map", Filters(countries=("jp",))), EN("overview.none")))
    assert page.find("a", string="Show all")["href"] == "/library?view=map&lang=en"


@pytest.mark.parametrize("view", ["timeline", "coverage", "map"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_view_is_a_screen_with_its_table(library, view, language):
    t = Texts(language)
    screen = Screen(library)
    screen.open(lang=language)
    page = screen.go(f"/library?view={view}&lang={language}")
    assert page.h1.get_text() == t(f"overview.title.{view}")
    if view == "map":
        assert t("overview.map_waits") in page.get_text()  # this library has no index
    else:
        assert t("overview.themes_wait") in page.get_text()
        assert page.select("#table")


def test_an_empty_library_says_what_to_do(tmp_path):
    made = make_library(tmp_path)
    screen = Screen(made)
    for view in ("timeline", "coverage", "map"):
        screen.open()
        page = screen.go(f"/library?view={view}")
        assert page.find("a", string="Add documents", href=re.compile("^/add"))
    made.close()
