"""Withdrawing and restoring: at once, with who and why, and not undone by whoever adds the file again."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis.strategies import integers, lists, sampled_from
from made_library import CLOUD_EN, MadeLibrary
from sqlalchemy import insert

from kb.errors import KeepingError, NotFoundError
from kb.ingest.collections import UPLOADS, Collection, Entry, open_collection
from kb.ingest.pipeline import Pipeline
from kb.library.citations import citing
from kb.library.corrections import answer, correct, known
from kb.library.deletion import delete
from kb.library.doctor import examine
from kb.library.withdrawal import current_again, restore, withdraw
from kb.playbook.saving import Edit, save
from kb.settings import load_settings
from kb.store import schema


def upload(library, path):
    entry = Entry(library.folder / path, f"0123/{path}", {})
    with Pipeline(library.settings, library.store, library.embedder, parser=library.parser) as pipeline:
        return pipeline.ingest(Collection(UPLOADS, (entry,), complete=False))[0]


@pytest.fixture
def library(make_library):
    return make_library()


@pytest.fixture
def cloud(library):
    return library.version("cloud.en.md")


def test_a_withdrawn_document_is_found_no_longer_and_a_restored_one_again(library, cloud):
    assert library.paths("cloud solutions first")[0] == "cloud.en.md"
    withdraw(library.store, cloud.id, by=" Aiko \n Sato ", reason="Published by mistake")
    for current_only in (True, False):
        assert "cloud.en.md" not in library.paths("cloud solutions first", current_only=current_only)
    assert cloud.id not in {version.id for version in library.store.versions.list()}
    held = library.store.withdrawals.standing(cloud.id)
    assert (held.withdrawn_by, held.reason, held.former_status) == ("Aiko Sato", "Published by mistake", "current")
    assert restore(library.store, cloud.id, by="Ben Jones").status == "current"
    assert library.paths("cloud solutions first")[0] == "cloud.en.md"
    assert library.store.withdrawals.standing(cloud.id) is None
    assert all(finding.ok for finding in examine(library.settings))


def test_both_are_in_the_audit_trail_newest_first(library, cloud):
    withdraw(library.store, cloud.id, by="Aiko Sato", reason="By mistake")
    restore(library.store, cloud.id, by="Ben Jones", reason="It was right")
    newest, first = library.store.audit.list(subject=cloud.id)
    assert (newest.action, newest.actor, newest.reason) == ("restored", "Ben Jones", "It was right")
    assert (first.action, first.actor, first.reason) == ("withdrawn", "Aiko Sato", "By mistake")
    assert first.facts["title"] == cloud.title
    assert first.happened_at.endswith("+00:00")


@pytest.mark.parametrize(("by", "reason", "problem"), [
    ("", "why", "keeping-name"), ("me", " \n", "keeping-why"), ("x" * 201, "why", "keeping-long"),
])  # fmt: skip
def test_nothing_is_withdrawn_without_a_name_and_a_reason(library, cloud, by, reason, problem):
    with pytest.raises(KeepingError) as refused:
        withdraw(library.store, cloud.id, by=by, reason=reason)
    assert refused.value.facts["reason"] == problem
    assert library.store.versions.get(cloud.id).status == "current"
    assert library.store.audit.count() == 0


def test_what_cannot_be_done_is_said(library, cloud):
    with pytest.raises(NotFoundError):
        withdraw(library.store, "nope", by="me", reason="why")
    with pytest.raises(KeepingError, match="is not withdrawn"):
        restore(library.store, cloud.id, by="me")
    withdraw(library.store, cloud.id, by="me", reason="why")
    with pytest.raises(KeepingError, match="already withdrawn by me"):
        withdraw(library.store, cloud.id, by="you", reason="too")


def test_adding_the_same_file_again_does_not_bring_it_back_and_says_who_withdrew_it_and_why(library, cloud):
    withdraw(library.store, cloud.id, by="Aiko Sato", reason="Published by mistake")
    receipt = upload(library, "cloud.en.md")
    assert (receipt.outcome, receipt.problem) == ("failed", "withdrawn")
    assert {"Aiko Sato", "Published by mistake", cloud.title} <= set(receipt.facts.values())
    assert f"restore-document {cloud.id}" in receipt.message
    assert library.ingest()["cloud.en.md"].problem == "withdrawn"
    assert library.store.versions.get(cloud.id).status == "retired"
    restore(library.store, cloud.id, by="Aiko Sato")
    assert upload(library, "cloud.en.md").outcome == "unchanged"
    assert library.ingest()["cloud.en.md"].outcome == "unchanged"
    assert library.store.versions.get(cloud.id) == cloud


def test_a_file_that_changes_in_its_place_does_not_make_a_withdrawn_edition_an_older_one(library, cloud):
    withdraw(library.store, cloud.id, by="me", reason="why")
    library.write({"cloud.en.md": CLOUD_EN.replace("2013-05-05", "2017-01-01")})
    assert library.ingest()["cloud.en.md"].outcome == "updated"
    assert library.store.versions.get(cloud.id).status == "retired"
    assert restore(library.store, cloud.id, by="me").status == "superseded"


@pytest.fixture
def newer(library, cloud):
    """A newer edition, which came into the place of `cloud`."""
    library.write({"cloud.en.md": CLOUD_EN.replace("2013-05-05", "2017-01-01")})
    library.ingest()
    return library.version("cloud.en.md")


def statuses(library, *versions):
    return [library.store.versions.get(version.id).status for version in versions]


def test_the_edition_before_is_current_again_until_the_newer_one_is_restored(library, cloud, newer):
    assert [each.id for each in current_again(library.store, newer)] == [cloud.id]
    withdraw(library.store, newer.id, by="me", reason="A draft")
    assert statuses(library, cloud, newer) == ["current", "retired"]
    assert library.hits("cloud solutions first")[0].version.id == cloud.id
    assert [each.id for each in current_again(library.store, newer)] == [cloud.id]
    restore(library.store, newer.id, by="me")
    assert statuses(library, cloud, newer) == ["superseded", "current"]
    assert all(finding.ok for finding in examine(library.settings))


def test_a_withdrawn_older_edition_makes_none_current(library, cloud, newer):
    assert current_again(library.store, cloud) == []
    withdraw(library.store, cloud.id, by="me", reason="why")
    assert statuses(library, cloud, newer) == ["retired", "current"]
    assert current_again(library.store, newer) == []


@pytest.mark.parametrize("said", ["edition", "replacement"])
def test_what_an_answer_superseded_is_current_again_and_the_answer_holds_after_restoring(library, cloud, said):
    library.write({"other.md": CLOUD_EN.replace("first", "foremost")})
    library.ingest()
    other = library.version("other.md")
    answer(library.store, other.id, cloud.id, said, by="me")
    before = statuses(library, cloud, other)
    assert before == ["superseded" if said == "edition" else "retired", "current"]
    withdraw(library.store, other.id, by="me", reason="The wrong file")
    assert statuses(library, cloud, other) == ["current", "retired"]
    restore(library.store, other.id, by="me")
    assert statuses(library, cloud, other) == before
    answer(library.store, other.id, cloud.id, "open", by="me")
    assert statuses(library, cloud, other) == ["current", "current"]


def test_correcting_the_edition_that_is_current_again_leaves_it_so(library, cloud, newer):
    withdraw(library.store, newer.id, by="me", reason="why")
    before = known(library.store, cloud.id)
    correct(library.store, cloud.id, {**before.values, "licence": "OGL v3.0"}, by="me", seen=before.seen)
    assert statuses(library, cloud, newer) == ["current", "retired"]
    restore(library.store, newer.id, by="me")
    assert statuses(library, cloud, newer) == ["superseded", "current"]


def test_a_file_in_the_place_of_a_withdrawn_edition_supersedes_the_one_that_was_current_again(library, cloud, newer):
    withdraw(library.store, newer.id, by="me", reason="why")
    library.write({"cloud.en.md": CLOUD_EN.replace("2013-05-05", "2019-01-01")})
    library.ingest()
    newest = library.version("cloud.en.md")
    assert statuses(library, cloud, newer, newest) == ["superseded", "retired", "current"]
    restore(library.store, newer.id, by="me")
    assert statuses(library, cloud, newer, newest) == ["superseded", "superseded", "current"]


def test_a_withdrawn_edition_that_is_deleted_leaves_the_one_before_current(library, cloud, newer):
    withdraw(library.store, newer.id, by="me", reason="why")
    delete(library.settings, library.store, newer.id, title=newer.title, by="me", reason="why")
    assert statuses(library, cloud) == ["current"]


def test_a_copy_that_was_current_beside_it_stays_so(library, cloud, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "copy.md").write_text(CLOUD_EN, encoding="utf-8")
    with Pipeline(library.settings, library.store, library.embedder, parser=library.parser) as pipeline:
        pipeline.ingest(open_collection(other))
    library.write({"cloud.en.md": CLOUD_EN.replace("2013-05-05", "2017-01-01")})
    library.ingest()
    newest = library.version("cloud.en.md")
    withdraw(library.store, newest.id, by="me", reason="why")
    restore(library.store, newest.id, by="me")
    assert statuses(library, cloud, newest) == ["current", "current"]


@pytest.fixture(scope="module")
def chains(tmp_path_factory, parsing):
    """A library with four editions of one work, and four works of which each supersedes the one before."""
    folder = tmp_path_factory.mktemp("chains")
    made = MadeLibrary(
        load_settings(data_dir=folder / "data", index_dir=folder / "index"), folder / "in", parser=parsing
    )
    for year in range(2021, 2025):
        text = f"---\nlanguage: en\npublished: {year}\n{{}}---\nThe plan of {year}{{}}.\n"
        made.write({"plan.md": text.format("", "")})
        named = f"id: law-{year}\nsupersedes: law-{year - 1}\n"
        made.write({f"{year}.md": text.format(named, " as a law")})
        made.ingest()
    versions = sorted(made.store.versions.list_all(), key=lambda version: version.metadata.published)
    yield made, [[v.id for v in versions if v.path == "plan.md"], [v.id for v in versions if v.path != "plan.md"]]
    made.close()


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=lists(integers(0, 3), max_size=8), chain=sampled_from([0, 1]))
def test_the_newest_edition_that_is_not_withdrawn_is_the_current_one_whatever_the_order(chains, steps, chain):
    library, editions = chains[0], chains[1][chain]
    gone: set[str] = set()
    for step in [*steps, None]:
        for each in [editions[step]] if step is not None else sorted(gone):
            if each in gone:
                restore(library.store, each, by="me")
                gone.remove(each)
            else:
                told = [version.id for version in current_again(library.store, library.store.versions.get(each))]
                withdraw(library.store, each, by="me", reason="why")
                gone.add(each)
                assert told == [v for v in told if library.store.versions.get(v).status == "current"]
            shown = [each for each in editions if each not in gone]
            found = {each: library.store.versions.get(each).status for each in editions}
            expected = dict.fromkeys(shown, "superseded") | dict.fromkeys(gone, "retired")
            assert found == expected | ({shown[-1]: "current"} if shown else {})


def test_an_older_edition_is_restored_as_an_older_edition(library, cloud):
    library.write({"cloud.en.md": CLOUD_EN.replace("2013-05-05", "2017-01-01")})
    library.ingest()
    withdraw(library.store, cloud.id, by="me", reason="why")
    assert library.store.withdrawals.all_standing().keys() == {cloud.id}
    assert restore(library.store, cloud.id, by="me").status == "superseded"


def test_what_refers_to_a_document_is_gathered(library, cloud):
    passage = library.store.passages.list(cloud.id)[0].id
    listed = json.dumps([{"title": "Cloud", "url": "https://www.gov.uk/cloud"}])
    other = library.version("identity.en.md")
    with library.store.database.write() as connection:
        v = schema.versions
        connection.execute(v.update().where(v.c.id == cloud.id).values(source_url="https://www.gov.uk/cloud/"))
        connection.execute(v.update().where(v.c.id == other.id).values(extra=json.dumps({"sources": listed})))
        for name in ("one", "two"):
            connection.execute(insert(schema.baskets).values(id=name, created_at="", seen_at=""))
            item = {"basket_id": name, "passage_id": passage, "position": 1, "retrieved_at": ""}
            connection.execute(insert(schema.basket_items).values(**item))
    pages = {
        "work": f"See [it](/d/{cloud.work_id}).",
        "passage": f"As it says.[^1]\n\n[^1]: [Source](https://kakehashi.example/c/{passage}?lang=ja#x)",
        "note": f"It says so.[[cite:{passage}]]",
        "nothing": f"The words /d/{cloud.work_id} and [another](/d/{other.work_id}).",
    }
    for name, body in pages.items():
        save(library.store, Edit(name, "en", f"---\ntitle: {name}\n---\n{body}", 0, "me"))
    found = citing(library.store, library.store.versions.get(cloud.id))
    assert {page.slug for page in found.pages} == {"work", "passage", "note"}
    assert [version.id for version in found.documents] == [other.id]
    assert (found.baskets, found.basket_items, found.count) == (2, 2, 6)


def test_a_link_to_a_work_is_answered_by_its_current_edition(library, cloud):
    library.write({"cloud.en.md": CLOUD_EN.replace("2013-05-05", "2017-01-01")})
    library.ingest()
    save(library.store, Edit("page", "en", f"---\ntitle: Page\n---\n[it](/d/{cloud.work_id})", 0, "me"))
    assert citing(library.store, library.store.versions.get(cloud.id)).count == 0
