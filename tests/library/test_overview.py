from __future__ import annotations

from kb.library import overview
from kb.model.hits import Filters


def test_what_is_counted_is_counted_once_for_each_state(make_library, monkeypatch):
    library = make_library()
    asked = []
    counted = library.store.versions.facets
    monkeypatch.setattr(library.store.versions, "facets", lambda filters: asked.append(filters) or counted(filters))
    japanese = Filters(languages=("ja",))
    for _ in range(3):
        assert sum(overview.facets(library.store).languages.values()) == 5
        assert overview.facets(library.store, japanese).languages == {"ja": 2}
    assert asked == [Filters(), japanese]
    library.write({"new.md": "# New\n\nNew text about harbours.\n"})
    library.ingest()
    assert sum(overview.facets(library.store).languages.values()) == 6


def test_the_newest_are_those_added_last(make_library):
    library = make_library()
    before = overview.last_changed(library.store)
    library.write({"new.md": "# New\n\nNew text about harbours.\n"})
    library.ingest()
    assert overview.newest(library.store, 2, "en")[0].path == "new.md"
    assert overview.last_changed(library.store) > before
    library.remove("new.md")
    library.ingest()
    assert "new.md" not in {version.path for version in overview.newest(library.store, 9, "en")}


def test_the_newest_are_works_in_the_language_of_the_reader_and_no_playbook_pages(make_library):
    both = {
        f"note.{language}.md": f"---\nid: note\nlanguage: {language}\n---\n# Note {language}\n\nText about harbours.\n"
        for language in ("en", "ja")
    }
    library = make_library(
        {**both, "only.ja.md": "---\nlanguage: ja\n---\n# 港\n\n港の話。\n", "playbook/en/page.md": "# Page\n\nText.\n"}
    )
    for language, wanted in (("en", "note.en.md"), ("ja", "note.ja.md")):
        assert {version.path for version in overview.newest(library.store, 9, language)} == {wanted, "only.ja.md"}


def test_libraries_do_not_share_what_was_counted(make_library):
    one, other = make_library(), make_library({"a.md": "# A\n\nText.\n"})
    assert sum(overview.facets(one.store).languages.values()) == 5
    assert sum(overview.facets(other.store).languages.values()) == 1
