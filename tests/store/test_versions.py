from __future__ import annotations

import pytest

from kb.errors import NotFoundError
from kb.model.hits import Filters
from kb.model.passages import PlacedHeading
from kb.store import versions as versions_module


@pytest.fixture
def three(put):
    put(id="aaa", title="B strategy", country="uk", publisher="GDS", published="2013-05-01", language="en")
    put(id="bbb", title="A plan", country="jp", publisher="デジタル庁", published="2022", language="ja")
    put(
        id="ccc",
        title="C old plan",
        country="jp",
        publisher="デジタル庁",
        published="",
        language="ja",
        status="superseded",
    )
    put(id="ddd", title="D gone", country="jp", publisher="総務省", published="1999", status="retired")


@pytest.mark.parametrize(
    ("countries", "found"),
    [
        (("uk",), {"aaa", "shared"}),
        (("jp",), {"bbb", "shared"}),
        (("both",), {"shared"}),
        (("other",), set()),
        ((), {"aaa", "bbb", "shared"}),
    ],
)
def test_documents_about_both_countries_belong_to_each_of_them(store, three, put, countries, found):
    put(id="shared", country="both", language="en")
    assert store.versions.ids(Filters(countries=countries)) == found
    assert {version.id for version in store.versions.list(Filters(countries=countries))} == found
    assert sum(store.versions.facets(Filters(countries=countries)).languages.values()) == len(found)


def test_a_version_is_read_as_it_was_written(store, put):
    written = put(extra={"category": "計画"}, licence="OGL v3.0", source_url="https://example.org/a?b=c")
    assert store.versions.get(written.id) == written
    assert store.versions.get(written.id).metadata.year == 2013


def test_an_unknown_version_is_not_found_with_a_remedy(store):
    with pytest.raises(NotFoundError) as missing:
        store.versions.get("nowhere")
    assert missing.value.remedy
    assert store.versions.get_many(["nowhere"]) == {}
    with pytest.raises(NotFoundError):
        store.versions.by_work("nowhere")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), {"aaa", "bbb"}),
        (Filters(current_only=False), {"aaa", "bbb", "ccc"}),
        (Filters(countries=("jp",)), {"bbb"}),
        (Filters(countries=("jp", "uk")), {"aaa", "bbb"}),
        (Filters(publishers=("デジタル庁",), current_only=False), {"bbb", "ccc"}),
        (Filters(languages=("en",)), {"aaa"}),
        (Filters(year_from=2013), {"aaa", "bbb"}),
        (Filters(year_from=2014), {"bbb"}),
        (Filters(year_to=2013), {"aaa"}),
        (Filters(year_from=2013, year_to=2013), {"aaa"}),
        (Filters(document_types=("law",)), set()),
        (Filters(work_id="work-bbb"), {"bbb"}),
        (Filters(work_id="bbb"), {"bbb"}),
        (Filters(countries=("uk",), languages=("ja",)), set()),
    ],
)
def test_a_filter_keeps_exactly_the_versions_that_meet_it(store, three, filters, found):
    assert store.versions.ids(filters) == found
    assert {version.id for version in store.versions.list(filters)} == found


def test_lists_are_in_the_order_of_titles_and_leave_out_what_is_retired(store, three):
    assert [v.id for v in store.versions.list()] == ["bbb", "aaa"]
    assert len(store.versions.list_all()) == 4


def test_facets_count_what_can_be_found(store, three):
    facets = store.versions.facets(Filters(current_only=False))
    assert facets.countries == {"uk": 1, "jp": 2}
    assert facets.publishers == {"GDS": 1, "デジタル庁": 2}
    assert facets.years == {2013: 1, 2022: 1}
    assert store.versions.facets(Filters(document_types=("law",))).countries == {}


def test_a_work_shows_its_current_version_first_then_the_newest(store, put):
    put(id="old", work_id="plan", published="2020", status="superseded")
    put(id="older", work_id="plan", published="2018", status="superseded")
    put(id="now", work_id="plan", published="2019", status="current")
    assert [v.id for v in store.versions.by_work("plan")] == ["now", "old", "older"]


def test_the_outline_is_kept_in_order(store, put):
    assert store.versions.outline(put(["one"]).id) == [PlacedHeading(1, "Cloud First", 1, 0)]


def test_the_status_of_a_version_can_change(store, put):
    version = put()
    with store.database.write() as connection:
        versions_module.set_status(connection, version.id, "retired")
    assert store.versions.get(version.id).status == "retired"
