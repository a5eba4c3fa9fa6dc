"""What has become of one citation, case by case."""

from __future__ import annotations

import pytest

from kb.library.anchors import follow
from kb.library.replaced import with_successors

OLD = """---
id: {name}
language: {language}
published: 2022-03-01
---
## {first}

{one}

## {second}

{two}
"""
EN = {
    "first": "1. Hosting",
    "second": "2. People",
    "one": "Departments should consider and fully evaluate potential cloud solutions first, before any other option.",
    "two": "Every team that builds a service has a designer and a researcher, who stay until it is retired.",
}
JA = {
    "first": "1. 環境",
    "second": "2. 人材",
    "one": "政府情報システムは、クラウドサービスの利用を第一候補として、その検討を行うものとする。",
    "two": "サービスを開発する全てのチームに、設計者と調査者を置き、廃止されるまで配置を続ける。",
}


@pytest.fixture(params=[EN, JA], ids=["en", "ja"])
def words(request):
    return dict(request.param)


@pytest.fixture
def cited(make_library, words):
    """A library with one document, cut so that each section is a passage; gives it with the passage of the first."""
    library = make_library({}, build=False)
    library.settings = library.settings.model_copy(update={"passage_tokens": 45, "passage_overlap_tokens": 0})

    def read(**changed) -> None:
        language = "en" if words["one"].isascii() else "ja"
        text = OLD.format(name="plan", language=language, **{**words, **changed})
        library.write({"plan.md": text.replace("2022-03-01", changed.get("published", "2022-03-01"))})
        library.ingest()

    read()
    passage = library.store.passages.list(library.version("plan.md").id)[0]
    assert words["one"] in passage.text
    return library, passage, read


def fate(library, passage):
    return follow(library.store, passage).there


def test_a_current_edition_has_no_fate_elsewhere(cited):
    library, passage, _ = cited
    fates = follow(library.store, passage)
    assert (fates.here.kind, fates.here.passage_id, fates.there) == ("same", passage.id, None)


def test_words_under_a_heading_with_another_number_are_the_same(cited, words):
    library, passage, read = cited
    read(first=words["first"].replace("1.", "3.2"), published="2025-01-01")
    assert fate(library, passage).kind == "same"


def test_words_that_stand_under_another_heading_moved_there(cited, words):
    library, passage, read = cited
    read(one="—", two=f"{words['two']}\n\n{words['one']}", published="2025-01-01")
    found = fate(library, passage)
    assert (found.kind, found.section) == ("moved", (words["second"],))
    assert words["one"] in library.store.passages.get(found.passage_id).text


def test_another_wording_is_shown_as_what_went_and_what_came(cited, words):
    library, passage, read = cited
    changed = words["one"].replace("should consider and", "must").replace("検討を行う", "検討を必ず行う")
    read(one=changed, published="2025-01-01")
    found = fate(library, passage)
    assert found.kind == "changed"
    assert "".join(s.text for s in found.segments if s.kind != "removed").endswith(changed)
    assert {s.kind for s in found.segments} >= {"same", "added"}


def test_words_that_went_are_not_taken_for_a_neighbour_that_stayed(cited, words):
    library, passage, read = cited
    read(one="—", published="2025-01-01")
    assert fate(library, passage).kind == "removed"


def test_an_answer_is_found_anew_when_the_library_changes(cited, words):
    library, passage, read = cited
    read(one="—", published="2025-01-01")
    assert fate(library, passage).kind == "removed"
    read(published="2025-02-01")
    assert fate(library, passage).kind == "same"


def test_hits_of_older_editions_say_what_replaced_them(cited, words):
    library, _, read = cited
    read(one=words["one"] + ("!" if words["one"].isascii() else "。以上。"), published="2025-01-01")
    library.build()
    result = library.search(words["two"], current_only=False)
    found = with_successors(library.store, result)
    for ranking in (found.merged, *found.by_language.values(), *found.by_country.values()):
        for hit in ranking.hits:
            assert (hit.successor is not None) == (hit.version.status == "superseded")
            assert hit.successor is None or hit.successor.version.status == "current"
    assert {hit.version.status for hit in found.merged.hits} == {"superseded", "current"}
