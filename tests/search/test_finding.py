from __future__ import annotations


def test_a_made_library_can_be_searched(small_library):
    assert small_library.paths("consider cloud solutions first")[0] == "cloud.en.md"
