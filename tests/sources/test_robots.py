"""robots.txt as RFC 9309 reads it."""

from __future__ import annotations

import pytest

from kb.sources.robots import Rules


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /*.pdf$", "/a/x.pdf", False),
        ("Disallow: /*.pdf$", "/a/x.pdf.html", True),
        ("Allow: /\nDisallow: /private/", "/private/x", False),
        ("Allow: /\nDisallow: /private/", "/public/x", True),
        ("Disallow: /\nAllow: /media/", "/media/x", True),
        ("Disallow: /\nAllow: /media/", "/x", False),
        ("Disallow: /a\nAllow: /a", "/a", True),
        ("Disallow: /a?b=*&c", "/a?b=1&c=2", False),
        ("Disallow: /計画", "/%E8%A8%88%E7%94%BB/x", False),
        ("Disallow:", "/x", True),
        ("# Disallow: /", "/x", True),
        ("<html><body>Not found</body></html>", "/x", True),
    ],
)
def test_the_longest_rule_that_fits_decides(rules, path, allowed):
    assert Rules(f"User-agent: *\n{rules}", agent="Kakehashi").allow(f"https://www.gov.example{path}") is allowed


@pytest.mark.parametrize(
    ("names", "is_meant"),
    [
        (("Kakehashi",), True),
        (("KAKEHASHI",), True),
        (("Kakehashi/1.0  # us",), True),
        (("Other", "Kakehashi"), True),
        (("*",), True),
        (("hash",), False),
        (("Kake",), False),
        (("Kakehashi-News",), False),
        (("Other",), False),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rules_are_for_whom_they_name_in_full(names, is_meant, end):
    text = end.join([*(f"User-agent: {name}" for name in names), "Disallow: /"])
    assert Rules(text, agent="Kakehashi").allow("https://www.gov.example/x") is not is_meant


def test_rules_for_us_count_before_those_for_everybody_and_add_up():
    text = "User-agent: Kakehashi\nDisallow: /a\n\nUser-agent: *\nDisallow: /\n\nUser-agent: kakehashi\nDisallow: /b"
    rules = Rules(text, agent="Kakehashi")
    assert [rules.allow(f"https://www.gov.example/{name}") for name in "abc"] == [False, False, True]


@pytest.mark.parametrize(("asked", "pause_s"), [("7", 7.0), ("0.5", 0.5), ("-1", 0.0), ("nan", 0.0), ("soon", 0.0)])
def test_a_site_may_ask_for_a_pause(asked, pause_s):
    assert Rules(f"User-agent: *\nCrawl-delay: {asked}", agent="Kakehashi").pause_s == pause_s
    assert Rules("", agent="Kakehashi").pause_s == 0.0
