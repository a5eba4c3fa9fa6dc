"""Where a publisher's site may send us, and what we say of ourselves on the way."""

from __future__ import annotations

import socket

import pytest

from tests.sources.publisher import Answer, kept
from tests.sources.test_fetch import PLAN

NAMES = {
    "www.gov.example": ["8.8.8.8", "2001:4860:4860::8888"],
    "cdn.gov.example": ["9.9.9.9"],
    "intranet.example": ["10.0.0.7"],
    "both.example": ["8.8.8.8", "127.0.0.1"],
    "mirror.example": ["192.168.0.9"],
}
"""The names that are known, at which addresses; the proxy, which is the publisher of the tests, answers for all."""


@pytest.fixture
def online(fetching, publisher, monkeypatch):
    """A library on the internet: names are known, and everything goes through the proxy that the environment names."""
    real = socket.getaddrinfo

    def known(host, port, *args, **kwargs):
        if str(host).endswith(".example"):
            return [(0, 0, 0, "", (address, port or 0)) for address in NAMES.get(host, ())]
        return real(host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", known)
    for name in ("no_proxy", "NO_PROXY", "all_proxy", "ALL_PROXY", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", publisher.address)
    fetching.source("uk-plan", "/plan.pdf")
    fetching.describe(publisher.address, "http://www.gov.example")
    return fetching


def leads(publisher, start, target):
    publisher.places[start] = Answer(status=302, headers={"Location": target})
    publisher.places[target] = kept(PLAN)


def test_a_publication_is_fetched_through_the_proxy_of_the_environment(online, publisher):
    leads(publisher, "http://www.gov.example/plan.pdf", "http://cdn.gov.example/plan.pdf")
    assert online()["uk-plan"].outcome == "new"


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1/plan.pdf",
        "http://169.254.169.254/plan.pdf",
        "http://[::1]/plan.pdf",
        "http://[::ffff:10.0.0.1]/plan.pdf",
        "http://2130706433/plan.pdf",
        "http://intranet.example/plan.pdf",
        "http://both.example/plan.pdf",
    ],
)
def test_a_public_site_does_not_lead_into_a_network_of_its_own(online, publisher, target):
    leads(publisher, "http://www.gov.example/plan.pdf", target)
    fetched = online()["uk-plan"]
    assert (fetched.outcome, fetched.problem) == ("refused", "fetch-refused")
    assert "not on the public internet" in fetched.message
    assert not [request for request in publisher.requests if "www.gov.example" not in request.path]


def test_nor_do_its_rules(online, publisher):
    leads(publisher, "http://www.gov.example/robots.txt", "http://intranet.example/robots.txt")
    publisher.places["http://www.gov.example/plan.pdf"] = kept(PLAN)
    assert online()["uk-plan"].outcome == "refused"
    assert publisher.asked("http://intranet.example/robots.txt") == []


def test_a_mirror_inside_may_lead_to_another(online, publisher):
    online.describe("www.gov.example", "mirror.example")
    leads(publisher, "http://mirror.example/plan.pdf", "http://intranet.example/plan.pdf")
    assert online()["uk-plan"].outcome == "new"


def test_passwords_that_lie_about_are_not_sent(fetching, publisher, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fetching.source("uk-plan", "/plan.pdf")
    publisher.places["/plan.pdf"] = kept(PLAN)
    assert fetching()["uk-plan"].outcome == "new"
    assert not [request for request in publisher.requests if "Authorization" in request.headers]
