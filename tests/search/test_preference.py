from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_library import MadeLibrary

from kb.model.hits import Expansion
from kb.model.preference import NO_PREFERENCE, NamedPublisher, Period, Preference
from kb.model.works import Metadata, Version
from kb.search.preference import MOST_BONUS, RECENCY_BONUS, bonus, met_by, recency, understand_preference
from kb.search.query import understand
from kb.settings import load_settings

PUBLISHERS = ("Government Digital Service", "デジタル庁", "総務省、経済産業省", "Cabinet Office (UK)", "")
GDS = Expansion("GDS", "gds", {"en": ("Government Digital Service", "GDS"), "ja": ("政府デジタルサービス", "GDS")})
AGENCY = Expansion("Digital Agency", "digital-agency", {"en": ("Digital Agency",), "ja": ("デジタル庁",)})


def version(**metadata):
    described = Metadata(title=metadata.pop("title", "Plan"), language="en", **metadata)
    return Version("v", "w", "0", "a.md", "text/markdown", 1, None, 1, 1, "current", described, "2026-01-01")


def understood(text, *expansions):
    return understand_preference(replace(understand(text), expansions=expansions), PUBLISHERS)


@pytest.mark.parametrize(
    ("query", "countries"),
    [
        ("Japan's cloud policy", ("jp",)),
        ("cloud policy in the UK", ("uk",)),
        ("英国のクラウド方針", ("uk",)),
        ("我が国の方針", ("jp",)),
        ("British services", ("uk",)),
        ("compare the UK and Japan", ()),
        ("日本と英国の比較", ()),
        ("guidance in Japanese", ()),
        ("Japanese translation of the standard", ()),
        ("日本語の入力", ()),
        ("cloud policy", ()),
    ],
)
def test_the_country_a_query_names_is_preferred_unless_it_names_both(query, countries):
    assert understood(query).countries == countries


@pytest.mark.parametrize(
    ("query", "expansions", "surface", "publisher"),
    [
        ("デジタル庁の方針", (), "デジタル庁", "デジタル庁"),
        ("Digital Agency plans", (AGENCY,), "Digital Agency", "デジタル庁"),
        ("what GDS says", (GDS,), "GDS", "Government Digital Service"),
        ("経済産業省の資料", (), "経済産業省", "総務省、経済産業省"),
        ("Cabinet Office spending", (), "Cabinet Office", "Cabinet Office (UK)"),
    ],
)
def test_a_publisher_is_known_by_part_of_its_name_and_by_the_glossary(query, expansions, surface, publisher):
    assert understood(query, *expansions).publishers == (NamedPublisher(surface, frozenset({publisher})),)


@pytest.mark.parametrize("query", ["UK policy", "cabinet office furniture", "digital services", "ministry"])
def test_a_country_or_a_common_word_names_no_publisher(query):
    assert understood(query).publishers == ()


def test_what_names_nothing_prefers_nothing():
    assert understood("identity verification") == NO_PREFERENCE
    assert bonus(NO_PREFERENCE, version(country="jp", publisher="デジタル庁", published="2022")) == 0


@pytest.mark.parametrize("country", ["uk", "both"])
def test_a_document_about_both_countries_fits_either(country):
    assert bonus(Preference(("uk",)), version(country=country)) > 0
    assert bonus(Preference(("uk",)), version(country="jp")) == 0


countries = st.sampled_from(["uk", "jp", "both", "other"])
years = st.one_of(st.just(""), st.integers(1990, 2030).map(str))
publishers = st.sampled_from(PUBLISHERS)


@given(countries, years, publishers, st.integers(1990, 2030))
def test_every_bonus_is_small_and_never_negative(country, published, publisher, newest):
    document = version(country=country, published=published, publisher=publisher)
    asked = Preference(("uk",), (NamedPublisher("GDS", frozenset({publisher})),), Period(2020, 2024))
    assert 0 <= bonus(asked, document) <= MOST_BONUS <= 1
    assert 0 <= recency(document, newest=newest) <= RECENCY_BONUS <= 0.1


@given(st.integers(1990, 2030), st.integers(1990, 2030))
def test_a_newer_document_is_never_lifted_less(one, other):
    older, newer = (version(published=str(year)) for year in sorted((one, other)))
    assert recency(older, newest=2030) <= recency(newer, newest=2030)


def test_a_document_without_a_date_is_neither_old_nor_new():
    undated = recency(version(), newest=2026)
    assert recency(version(published="2010"), newest=2026) < undated < recency(version(published="2026"), newest=2026)


def test_only_what_some_document_fits_is_said():
    asked = Preference(("uk",), (NamedPublisher("GDS", frozenset({"Government Digital Service"})),), Period(2022, 2022))
    assert met_by(asked, []) == NO_PREFERENCE
    assert met_by(asked, [version(country="uk")]) == Preference(("uk",))
    assert met_by(asked, [version(published="2022")]) == Preference(period=Period(2022, 2022))


@pytest.fixture(scope="module")
def alike(tmp_path_factory, parsing):
    """Two documents that say the same, of two countries and years."""
    home = tmp_path_factory.mktemp("alike")
    library = MadeLibrary(
        load_settings(data_dir=home / "data", worker=False, threads=1), home / "files", parser=parsing
    )
    text = "Departments share data about buses and trains so that journeys can be planned"
    library.write(
        {
            "a.md": f"{text} once.",
            "b.md": f"{text} soon.",
            "c.md": "Fish are counted in the North Sea every spring.",
            "MANIFEST.tsv": "path\ttitle\tcountry\tpublished\tlanguage\n"
            "a.md\tTransport\tuk\t2015\ten\nb.md\tTransport\tjp\t2022-06\ten\nc.md\tFish\tjp\t2022\ten\n",
        }
    )
    library.ingest(manifest=library.folder / "MANIFEST.tsv")
    library.build()
    yield library
    library.close()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("departments share data in Japan", "b.md"),
        ("departments share data in the UK", "a.md"),
        ("departments share data 2015", "a.md"),
        ("departments share data since 2022", "b.md"),
        ("departments share data Reiwa 4", "b.md"),
        ("departments share data FY2022", "b.md"),
    ],
)
def test_between_passages_that_say_the_same_the_preferred_document_is_first(alike, query, first):
    assert alike.paths(query)[0] == first


def test_a_preference_leaves_nothing_out_and_puts_nothing_unrelated_first(alike):
    for query in ("departments share data in Japan", "departments share data since 2022"):
        assert sorted(alike.paths(query)) == sorted(alike.paths("departments share data"))
        assert alike.paths(query)[0] != "c.md"


def test_the_preference_is_reported_only_where_it_moved_something(alike):
    results = [alike.search(f"departments share data in {country}") for country in ("the UK", "Japan")]
    assert [result.query.preference.countries for result in results] == [("uk",), ("jp",)]
    assert [result.preferred.countries for result in results].count(()) == 1
    assert alike.search("departments share data").preferred == NO_PREFERENCE


def test_without_a_wish_the_newer_of_two_alike_is_first(alike):
    assert alike.paths("departments share data about buses and trains")[0] == "b.md"
