"""Searches that find a document, noted on its receipt."""

from __future__ import annotations

from kb.library.samples import SampleSearches, find_samples, telling_phrases


def test_phrases_are_those_of_the_document_in_its_language(make_library):
    library = make_library()
    version = library.version("cloud.ja.md")
    phrases = telling_phrases(
        library.store.passages.list(version.id), library.store.versions.outline(version.id), "ja", beside=version.title
    )
    assert "ガバメントクラウド" in phrases
    assert all(not phrase.isascii() for phrase in phrases)


def test_no_phrase_stands_inside_another_one(make_library):
    library = make_library()
    version = library.version("cloud.en.md")
    phrases = telling_phrases(library.store.passages.list(version.id), library.store.versions.outline(version.id), "en")
    assert not [(a, b) for a in phrases for b in phrases if a != b and a.lower() in b.lower()]


def test_every_sample_finds_the_document_at_its_rank(make_library):
    library = make_library()
    version = library.version("cloud.en.md")
    samples = find_samples(library.store, library.engine, version.id)
    assert 1 <= len(samples) <= 3
    for sample in samples:
        hits = library.search(sample.query).merged.hits
        assert next(hit.rank for hit in hits if hit.version.id == version.id) == sample.rank


def test_they_are_kept_with_the_receipt_of_what_was_just_saved(make_library):
    library = make_library()
    library.write({"late.en.md": "# Paying online\n\nThe payment platform serves every department.\n"})
    receipt = library.ingest()["late.en.md"]  # not in the build yet: the search sees it all the same
    assert SampleSearches(library.settings)(library.store, library.embedder, receipt) == {}
    kept = library.store.receipts.of_version(receipt.version_id).samples
    assert any("payment platform" in sample.query.lower() for sample in kept)


def test_nothing_is_tried_for_what_was_not_read(make_library):
    library = make_library()
    receipt = library.ingest()["cloud.en.md"]
    assert receipt.outcome == "unchanged"
    SampleSearches(library.settings)(library.store, library.embedder, receipt)
    assert library.store.receipts.of_version(receipt.version_id).samples == ()
