"""Images of the playbook over HTTP: taken by their content, described, kept small and served for good."""

from __future__ import annotations

import io

import pytest
from bs4 import BeautifulSoup
from PIL import Image

OURS = {"origin": "http://kakehashi.test"}


def picture(kind="PNG", size=(40, 20)) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", size, "navy").save(written, format=kind)
    return written.getvalue()


@pytest.fixture
def send(client):
    def send(data=None, *, accept="application/json", headers=OURS, lang="en", **fields):
        fields = {"words": "Two [navy] fields", "by": "Aiko Sato", **fields}
        files = {"file": ("picture.png", picture() if data is None else data, "image/png")}
        return client.post(
            f"/pages/images?lang={lang}",
            data=fields,
            files=files,
            headers={**headers, "accept": accept},
            follow_redirects=False,
        )

    return send


def test_an_image_is_added_and_shown_on_a_page_in_its_size(client, send):
    told = send().json()
    assert told["mark"] == f"![Two (navy) fields](/playbook/images/{told['name']})"
    image = client.get(f"/playbook/images/{told['name']}")
    assert image.headers["content-type"] == "image/png"
    assert image.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert image.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in image.headers["content-security-policy"]
    fields = {"body": told["mark"], "language": "en"}
    shown = BeautifulSoup(client.post("/pages/preview", data=fields, headers=OURS).text, "html.parser").img
    assert (shown["width"], shown["height"], shown["alt"]) == ("40", "20", "Two (navy) fields")


def test_an_image_is_added_without_a_script_and_found_in_the_list(client, send):
    answer = send(accept="text/html")
    assert answer.status_code == 303
    page = BeautifulSoup(client.get(answer.headers["location"]).text, "html.parser")
    assert page.find(role="status").find("code").get_text().startswith("![Two (navy) fields](/playbook/images/")
    assert len(page.select(".kb-image-list img")) == 1
    assert "<html" not in client.get("/pages/images?part=1").text


@pytest.mark.parametrize(
    ("data", "fields", "reason"),
    [
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", {}, "image-svg"),
        (b"<html>", {}, "image-kind"),
        (b"", {}, "image-none"),
        (picture()[:60], {}, "image-damaged"),
        (None, {"words": " "}, "image-words"),
        (None, {"by": ""}, "playbook-name"),
        (b"\x89PNG" + b"0" * 10_000_001, {}, "image-large"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_what_to_do(send, library, data, fields, reason):
    answer = send(data, **fields)
    assert (answer.status_code, answer.json()["reason"]) == (422, reason)
    assert len(answer.json()["problem"]) > 20
    assert send(data, accept="text/html", lang="ja", **fields).status_code == 422
    assert library.store.wiki_images.list() == []


def test_no_other_site_adds_an_image(send, library):
    assert send(headers={"origin": "https://evil.example"}).status_code == 403
    assert library.store.wiki_images.list() == []


@pytest.mark.parametrize("name", ["0123456789abcdef.png", "..%2flibrary.sqlite3", "x"])
def test_there_is_nothing_at_the_address_of_no_image(client, name):
    assert client.get(f"/playbook/images/{name}").status_code == 404
