"""A document that looks like an edition of another is proposed as one as soon as it has been read."""

from __future__ import annotations

from made_library import CLOUD_EN

from kb.library.proposals import EDITION_OF, propose_editions
from kb.model.receipts import Receipt


def test_a_new_edition_is_proposed_and_another_document_is_not(make_library):
    newer = CLOUD_EN.replace("2013-05-05", "2017-01-01").replace("fully evaluate", "always evaluate")
    library = make_library({"cloud.md": CLOUD_EN, "b/cloud.md": newer, "other.md": "# Other\n\nAnother text.\n"})
    receipts = library.store.receipts
    for path, expected in (
        ("b/cloud.md", {EDITION_OF: library.version("cloud.md").id}),
        ("other.md", {}),
    ):
        receipt = receipts.of_version(library.version(path).id)
        assert propose_editions(library.store, library.embedder, receipt) == expected


def test_a_document_that_is_gone_meanwhile_is_no_failure(make_library):
    library = make_library({}, build=False)
    assert propose_editions(library.store, library.embedder, Receipt("a.md", "added", version_id="gone")) == {}
