"""Adding documents over HTTP: as a plain form, as the script does it, and what is refused."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

JSON = {"Accept": "application/json"}


def post(client, *files, headers=None, lang="en", **fields):
    sent = [("files", (name, content)) for name, content in files]
    return client.post(f"/uploads?lang={lang}", data=fields, files=sent, headers=headers or {}, follow_redirects=False)


def test_a_plain_form_needs_no_script(client, library):
    page = BeautifulSoup(client.get("/uploads?lang=ja").text, "html.parser")
    assert page.h1.get_text() == "資料の追加"
    assert page.select_one("#kb-top nav a[aria-current]").get_text() == "資料の追加"
    form = page.select_one("form[data-upload]")
    fields = {"batch": form.select_one("[name=batch]")["value"], "publisher": "デジタル庁", "country": "jp"}
    answer = post(client, ("計画.md", "# 計画".encode()), ("b.md", b"# B"), lang="ja", **fields)
    assert (answer.status_code, answer.headers["location"]) == (303, "/uploads?lang=ja#jobs-title")
    jobs = library.store.jobs.list()
    assert [job.filename for job in jobs] == ["b.md", "計画.md"]
    assert {job.batch for job in jobs} == {fields["batch"]}
    assert jobs[0].metadata == {"publisher": "デジタル庁", "country": "jp"}
    page = BeautifulSoup(client.get("/uploads?lang=ja").text, "html.parser")
    assert [row.get_text() for row in page.select(".kb-jobs h3")] == ["計画.md", "b.md"]


def test_the_noscript_page_of_the_app_leads_to_the_form(client):
    assert "/uploads?lang=en" in client.get("/add?lang=en").text


def test_the_script_is_told_what_became_of_each_file(client, library):
    answer = post(client, ("a.md", b"# A"), ("x.xlsx", b"PK"), headers=JSON, lang="ja", batch="batch-one")
    taken, refused = answer.json()["files"]
    assert (taken["filename"], taken["problem"]) == ("a.md", "")
    assert refused["problem"].startswith("「.xlsx」形式のファイルには対応していません。")
    again = post(client, ("a.md", b"# A"), headers=JSON, batch="batch-one").json()["files"]
    assert again[0]["id"] == taken["id"]


def test_a_form_without_a_file_says_so(client, library):
    answer = post(client, ("", b""))
    assert answer.status_code == 422
    assert "Choose at least one file first." in answer.text
    assert library.store.jobs.list() == []


def test_what_the_choices_of_the_form_do_not_hold_is_left_out(client, library):
    post(client, ("a.md", b"# A"), country="mars", language="ja", published=" 2022\n", title="T", other="x")
    assert library.store.jobs.list()[0].metadata == {"language": "ja", "published": "2022", "title": "T"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://kakehashi.test"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://kakehashi.test"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 200),
    ],
)
def test_only_pages_of_this_site_can_make_a_browser_send_files(client, library, headers, status):
    answer = post(client, ("a.md", b"# A"), headers={**JSON, **headers})
    assert answer.status_code == status
    assert len(library.store.jobs.list()) == (status == 200)
    if status == 403:
        assert "another site" in answer.json()["problem"]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"files=a"),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b"no form at all"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"a" * 20_000),
    ],
)
def test_what_is_no_whole_form_is_refused_in_words(client, library, kind, body):
    answer = client.post("/uploads?lang=en", content=body, headers={"Content-Type": kind, **JSON})
    assert answer.status_code == 400
    assert answer.json()["problem"].startswith("The files did not arrive whole.")
    assert library.store.jobs.list() == []


def test_of_a_form_that_breaks_off_the_whole_files_are_queued(client, library):
    part = '--x\r\nContent-Disposition: form-data; name="files"; filename="{}"\r\n\r\n{}'
    body = (part.format("a.md", "# A") + "\r\n" + part.format("b.md", "# B is not wh")).encode()
    answer = client.post("/uploads", content=body, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 400
    assert [job.filename for job in library.store.jobs.list()] == ["a.md"]
    assert not list(library.settings.files_dir.glob(".incoming-*"))


def test_many_fields_are_refused(client, library):
    assert post(client, headers=JSON, **{f"f{n}": "x" for n in range(60)}).status_code == 400


def test_a_file_is_stopped_and_tried_again(client, library):
    job = library.store.jobs.add("a.md", "ab", 3, {})
    answer = client.post(f"/uploads/{job.id}/stop?next=/add%3Ffiles%3D2%26lang%3Den", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/add?files=2&lang=en")
    assert library.store.jobs.get(job.id).state == "cancelled"
    assert client.post(f"/uploads/{job.id}/retry", headers=JSON).status_code == 204
    assert library.store.jobs.get(job.id).state == "waiting"
    assert client.post("/uploads/99/stop").status_code == 404
    answer = client.post(f"/uploads/{job.id}/stop?next=//evil.example", follow_redirects=False)
    assert answer.headers["location"] == "/?lang=en"


def test_a_batch_is_stopped(client, library):
    post(client, ("a.md", b"# A"), ("b.md", b"# B"), batch="batch-one")
    assert client.post("/uploads/batches/batch-one/stop", headers=JSON).status_code == 204
    assert {job.state for job in library.store.jobs.list()} == {"cancelled"}


@pytest.mark.parametrize("address", ["/uploads/1/stop", "/uploads/1/retry", "/uploads/batches/batch-one/stop"])
def test_no_other_site_can_stop_a_file(client, library, address):
    library.store.jobs.add("a.md", "ab", 3, {}, batch="batch-one")
    assert client.post(address, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.get(address).status_code in (404, 405)
    assert library.store.jobs.get(1).state == "waiting"
