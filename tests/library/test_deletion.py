"""Deleting for good: nothing of the document is left on disk, and nothing of any other is harmed."""

from __future__ import annotations

import io

import pytest
from made_library import IDENTITY_EN, make_pdf

from kb.errors import KeepingError
from kb.index.builds import read_manifest
from kb.library.deletion import delete, erase, leftovers
from kb.library.doctor import examine
from kb.library.withdrawal import allow, withdraw
from kb.store import schema

SECRET = "The code of the safe behind the painting is zumbagooble."
TWIN = "Both of these documents hold the very same page,\nand so they share what is made from it."
OWN = "Only one of the two has this page,\nwhich tells of lighthouses."


@pytest.fixture
def library(make_library):
    return make_library(
        {
            "secret.md": f"---\ntitle: Ｔhe Secret\nlanguage: en\n---\n{SECRET}\n",
            "one.pdf": make_pdf(TWIN, OWN, title="Twins of the made library"),
            "two.pdf": make_pdf(TWIN, title="Twins of the made library"),
            "identity.md": IDENTITY_EN,
        }
    )


def remove(library, path, *, title=None):
    version = library.version(path)
    withdraw(library.store, version.id, by="Aiko Sato", reason="Not ours to publish")
    deletion = delete(
        library.settings, library.store, version.id, title=title or version.title, by="Aiko Sato", reason="Court order"
    )
    assert erase(library.settings, library.store)
    return version, deletion


def bytes_on_disk(library):
    found = {}
    for folder in (library.settings.data_dir, library.settings.index_path):
        for path in folder.rglob("*"):
            if path.is_file():
                found[path] = path.read_bytes()
    return found


def test_nothing_of_a_deleted_document_is_left_on_disk(library):
    word = b"zumbagooble"
    sha256 = library.version("secret.md").sha256
    library.store.jobs.add("secret.md", sha256, 1, {"title": "The Secret"})
    with library.store.database.write() as connection:
        connection.execute(schema.jobs.update().values(state="failed"))
    assert any(word in content for content in bytes_on_disk(library).values())
    version, deletion = remove(library, "secret.md")
    assert (deletion.passages, deletion.embeddings) == (1, 1)
    assert [path for path, content in bytes_on_disk(library).items() if word in content] == []
    assert not library.store.files.has(sha256)
    assert library.store.jobs.list() == []
    assert version.id not in read_manifest(library.builds.current()).versions
    assert library.builds.holding({version.id}) == []
    assert leftovers(library.settings, library.store) == []
    assert [finding for finding in examine(library.settings) if not finding.ok] == []


def test_what_another_document_shares_stays_and_is_found(library):
    other = library.version("two.pdf")
    before = [(p.id, p.text) for p in library.store.passages.list(other.id)]
    _, deletion = remove(library, "one.pdf")
    assert (deletion.passages, deletion.embeddings) == (2, 1)
    assert [(p.id, p.text) for p in library.store.passages.list(other.id)] == before
    assert library.paths("hold the very same page")[0] == "two.pdf"
    assert library.paths("proving identity")[0] == "identity.md"
    assert all(finding.ok for finding in examine(library.settings))


def test_every_address_keeps_a_mark_and_the_audit_trail_one_row(library):
    passages = [p.id for p in library.store.passages.list(library.version("secret.md").id)]
    version, _ = remove(library, "secret.md")
    for kind, identity in (("version", version.id), ("work", version.work_id), *(("passage", p) for p in passages)):
        assert library.store.deletions.deleted_at(kind, identity)
    row = library.store.audit.list(limit=1)[0]
    assert (row.action, row.subject, row.actor, row.reason) == ("deleted", version.id, "Aiko Sato", "Court order")
    assert row.facts["title"] == version.title


def test_a_work_with_another_edition_is_not_deleted(library):
    old = library.version("identity.md")
    library.write({"identity.md": IDENTITY_EN + "\nA newer edition says more.\n"})
    library.ingest()
    withdraw(library.store, old.id, by="me", reason="why")
    delete(library.settings, library.store, old.id, title=old.title, by="me", reason="why")
    assert library.store.deletions.deleted_at("work", old.work_id) is None
    assert [v.status for v in library.store.versions.by_work(old.work_id)] == ["current"]


def test_the_edition_before_is_current_again_once_its_successor_is_deleted(library):
    first = library.version("identity.md")
    for text in ("A newer edition says more.", "The newest edition says most."):
        library.write({"identity.md": f"{IDENTITY_EN}\n{text}\n"})
        library.ingest()
    newest, second, _ = library.store.versions.by_work(first.work_id)
    assert [newest.status, second.status] == ["current", "superseded"]
    withdraw(library.store, newest.id, by="me", reason="why")
    delete(library.settings, library.store, newest.id, title=newest.title, by="me", reason="why")
    status = {version.id: version.status for version in library.store.versions.by_work(first.work_id)}
    assert status == {second.id: "current", first.id: "superseded"}


def test_bytes_that_may_come_back_are_kept_for_whoever_reads_them(library):
    version = library.version("secret.md")
    content = (library.settings.files_dir / version.sha256[:2] / version.sha256).read_bytes()
    remove(library, "secret.md")
    allow(library.store, version.id, by="Ben Jones", reason="The order was lifted")
    library.store.files.add(io.BytesIO(content))
    library.store.jobs.add("secret.md", version.sha256, 1, {})
    assert erase(library.settings, library.store)
    assert library.store.files.has(version.sha256)
    assert leftovers(library.settings, library.store) == []


def test_only_what_is_withdrawn_is_deleted_and_only_by_its_own_title(library):
    version = library.version("secret.md")
    with pytest.raises(KeepingError, match="not withdrawn"):
        delete(library.settings, library.store, version.id, title=version.title, by="me", reason="why")
    with pytest.raises(KeepingError, match="title"):
        remove(library, "secret.md", title="The Secrets")
    assert library.store.versions.get(version.id).status == "retired"
    assert library.store.files.has(version.sha256)
    assert delete(library.settings, library.store, version.id, title=" the  secret", by="me", reason="why").passages


def test_nothing_is_deleted_while_the_same_file_is_on_its_way(library):
    version = library.version("secret.md")
    job = library.store.jobs.add("secret.md", version.sha256, 1, {})
    with pytest.raises(KeepingError, match="on its way"):
        remove(library, "secret.md")
    assert library.store.jobs.get(job.id).state == "waiting"
    assert library.store.files.has(version.sha256)


def test_a_deleted_document_comes_back_only_when_somebody_allows_it(library):
    version, _ = remove(library, "secret.md")
    receipt = library.ingest()["secret.md"]
    assert (receipt.outcome, receipt.problem) == ("failed", "deleted")
    assert "secret.md" not in library.paths("zumbagooble")
    allow(library.store, version.id, by="Ben Jones", reason="The order was lifted")
    assert library.ingest()["secret.md"].outcome == "added"
    assert library.paths("zumbagooble")[0] == "secret.md"
    assert leftovers(library.settings, library.store) == []
    assert all(finding.ok for finding in examine(library.settings))


def test_what_is_added_again_before_the_index_is_new_is_found_once_and_whole(library):
    version = library.version("secret.md")
    withdraw(library.store, version.id, by="me", reason="why")
    delete(library.settings, library.store, version.id, title=version.title, by="me", reason="why")
    allow(library.store, version.id, by="me", reason="why")
    assert library.ingest()["secret.md"].outcome == "added"
    result = library.search("zumbagooble")
    assert [hit.version.path for hit in result.merged.hits].count("secret.md") == 1
    assert [hit.rank for hit in result.merged.hits] == list(range(1, len(result.merged.hits) + 1))
    rows = library.engine.gathered("zumbagooble", limit=10)[1]["en"].rows.tolist()
    assert len(library.store.passages.by_row(rows)) == len(rows)


def test_a_deletion_that_was_cut_short_is_seen_by_the_doctor_and_completed(library):
    version = library.version("secret.md")
    old = library.builds.current()
    content = (library.settings.files_dir / version.sha256[:2] / version.sha256).read_bytes()
    remove(library, "secret.md")
    library.store.files.add(io.BytesIO(content))
    found = {finding.check: finding for finding in examine(library.settings)}
    assert not found["deleted documents"].ok
    assert "rebuild" in found["deleted documents"].remedy
    assert erase(library.settings, library.store)
    assert all(finding.ok for finding in examine(library.settings))
    assert not old.exists()


def test_a_search_between_the_deletion_and_the_new_index_goes_on(library):
    """Every version that is left is current, so that a search is not restricted to some of them."""
    library.hits("identity")
    version = library.version("secret.md")
    withdraw(library.store, version.id, by="me", reason="why")
    delete(library.settings, library.store, version.id, title=version.title, by="me", reason="why")
    assert leftovers(library.settings, library.store) == [library.builds.current().name]
    assert library.paths("proving identity")[0] == "identity.md"
    assert "secret.md" not in library.paths("zumbagooble safe painting")


def test_a_search_that_began_before_a_deletion_ends_without_it(library, monkeypatch):
    version = library.version("secret.md")
    snapshot = library.reader.snapshot()
    withdraw(library.store, version.id, by="me", reason="why")
    delete(library.settings, library.store, version.id, title=version.title, by="me", reason="why")
    monkeypatch.setattr(library.reader, "snapshot", lambda: snapshot)
    assert "secret.md" not in library.paths("zumbagooble safe painting")
    assert library.paths('"proving identity"')
