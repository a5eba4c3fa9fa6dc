"""A passage of a document about both countries belongs to the one that its heading names."""

import pytest

from kb.search.coverage import country_of, lists_sources


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ((), "both"),
        (("The UK",), "uk"),
        (("What Japan does",), "jp"),
        (("英国の制度",), "uk"),
        (("日本",), "jp"),
        (("Japan", "Procurement"), "jp"),
        (("Japan", "What the United Kingdom can learn"), "uk"),
        (("UK and Japan",), "both"),
        (("Japan", "日英の比較：英国と日本"), "both"),
        (("Ukraine",), "both"),
    ],
)
def test_the_nearest_heading_that_names_a_country_decides(section, expected):
    assert country_of("both", section) == expected


def test_a_document_about_one_country_is_about_it_throughout():
    assert country_of("uk", ("Japan",)) == "uk"


@pytest.fixture
def shared(make_library):
    text = "\n\n".join(
        f"## {heading}\n\n"
        + "\n\n".join(f"Cloud policy and procurement, part {n} of {heading}. " * 12 for n in range(9))
        for heading in ("United Kingdom", "Japan", "Both together")
    )
    return make_library({f"both-{n}.md": f"---\ncountry: both\n---\n# Cloud {n}\n\n{text}" for n in range(3)})


def test_the_columns_of_a_document_about_both_do_not_depend_on_how_much_is_shown(shared):
    whole = shared.search("cloud policy", limit=100).by_country
    assert whole["uk"].passage_count
    assert all("Japan" in hit.passage.section for hit in whole["jp"].hits)
    for limit in (3, 10, 40):
        found = shared.search("cloud policy", limit=limit).by_country
        assert {c: r.passage_count for c, r in found.items()} == {c: r.passage_count for c, r in whole.items()}


def test_who_asks_for_documents_about_both_gets_them_as_such(shared):
    found = shared.search("cloud policy", countries=("both",))
    assert found.by_country["both"].hits
    assert not found.by_country["uk"].hits


@pytest.mark.parametrize("heading", ["Sources", "5. References", "Bibliography", "出典", "参考文献一覧", "Footnotes"])
def test_a_list_of_sources_is_known_by_its_heading(heading):
    assert lists_sources(("Cloud", heading))
    assert not lists_sources((heading, "Cloud"))


def test_other_headings_are_of_no_list():
    assert not lists_sources(())
    assert not any(lists_sources((heading,)) for heading in ("Data sources we trust", "出典の書き方", "Resources"))
