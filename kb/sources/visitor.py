"""A polite visitor of publishers' sites: says who it is, asks robots.txt, waits, follows few redirects, none inside."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests
import urllib3

import kb
from kb.errors import FetchError, FetchRefusedError
from kb.sources.hosts import is_inside, is_only_inside
from kb.sources.robots import Rules

AGENT = "Kakehashi"
"""The name by which robots.txt may speak of us."""

_ROBOTS_BYTES = 500 * 1024
"""As much of a robots.txt as counts (RFC 9309)."""
_BLOCK_BYTES = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Manners:
    """How a site is treated, in seconds and counts.

    `pause_s` passes between two requests to one host, longer where its robots.txt asks for it, up to `longest_pause_s`.
    """

    pause_s: float = 2.0
    longest_pause_s: float = 60.0
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 30.0
    total_timeout_s: float = 900.0
    redirects: int = 5
    tries: int = 3


class _Session(requests.Session):
    """Leaves redirects to us: it would read the whole body of each, and stumble over where some lead."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None."""
        return None


class Visitor:
    """Asks for one address at a time. A context manager: it keeps its connections."""

    def __init__(self, manners: Manners, *, contact: str = "") -> None:
        about = f"; +{contact}" if contact else ""
        self.manners = manners
        self._session = _Session()
        self._session.trust_env = False  # else a password of .netrc would be sent; what else it stands for, we ask for
        self._session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
        self._session.headers["User-Agent"] = f"{AGENT}/{kb.__version__} (library of public documents{about})"
        self._robots: dict[str, Rules] = {}
        self._free_at: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def get(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        """The answer at `url`, its body not read yet; every hop is asked of robots.txt first. Close it.

        Raises `FetchRefusedError` where we must not go, `requests.RequestException` where nobody answers.
        """
        return self._follow(url, headers, self._check_robots)

    def _follow(self, url: str, headers: Mapping[str, str], check: Callable[[str], None]) -> requests.Response:
        may_be_inside = is_only_inside(_host(url))  # a mirror of our own: the catalogue chose it
        for hop in range(self.manners.redirects + 1):
            if hop and not may_be_inside:
                _check_outside(url)
            check(url)
            answer = self._ask(url, headers)
            target = answer.headers.get("Location")
            if answer.status_code not in _REDIRECTS or not target:
                return answer
            answer.close()
            url = _next(url, target)
        raise FetchRefusedError(
            f"The address leads from one to the next more than {self.manners.redirects} times.",
            remedy="Open it in a browser and correct the address in the catalogue.",
        )

    def _ask(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        host = urlsplit(url).netloc
        time.sleep(max(0.0, self._free_at.get(host, 0.0) - time.monotonic()))
        try:
            return self._session.get(
                url,
                headers=dict(headers),
                stream=True,
                allow_redirects=False,
                proxies=requests.utils.get_environ_proxies(url, no_proxy=None),
                timeout=(self.manners.connect_timeout_s, self.manners.read_timeout_s),
            )
        finally:
            self._free_at[host] = time.monotonic() + self._pause_s(url)

    def _pause_s(self, url: str) -> float:
        rules = self._robots.get(_site(url))
        asked = rules.pause_s if rules else 0.0
        return min(max(self.manners.pause_s, asked), max(self.manners.longest_pause_s, self.manners.pause_s))

    def _check_robots(self, url: str) -> None:
        site = _site(url)
        if site not in self._robots:
            self._robots[site] = self._read_robots(site)
        if not self._robots[site].allow(url):
            raise FetchRefusedError(
                f"The site {urlsplit(url).netloc} asks programs not to fetch this address (robots.txt).",
                remedy="Save it with your browser and take it from there: python -m kb sources fetch ID --from FOLDER.",
            )

    def _read_robots(self, site: str) -> Rules:
        """The rules of a site: none where it gives out no robots.txt; where it cannot say, we do not go (RFC 9309)."""
        with self._follow(f"{site}/robots.txt", {}, lambda _: None) as answer:
            if answer.status_code >= 500 or answer.status_code == 429:
                raise FetchError(
                    f"The site {urlsplit(site).netloc} does not say what may be fetched "
                    f"(robots.txt: status {answer.status_code}).",
                    remedy="Try again later.",
                )
            return Rules(self._text(answer) if answer.ok else "", agent=AGENT)

    def _text(self, answer: requests.Response) -> str:
        """The beginning of a body, as much as counts and as comes in time."""
        body, deadline = b"", time.monotonic() + self.manners.read_timeout_s
        for block in blocks(answer):
            body += block
            if len(body) >= _ROBOTS_BYTES or time.monotonic() > deadline:
                break
        return body[:_ROBOTS_BYTES].decode("utf-8-sig", errors="replace")


def blocks(answer: requests.Response) -> Iterator[bytes]:
    """The body as it comes in: nothing waits for a full block, nothing that came is lost when it breaks off."""
    try:
        while block := answer.raw.read1(_BLOCK_BYTES, decode_content=True):
            yield block
    except urllib3.exceptions.TimeoutError as error:
        raise requests.Timeout(str(error)) from error
    except urllib3.exceptions.DecodeError as error:
        raise requests.exceptions.ContentDecodingError(str(error)) from error
    except urllib3.exceptions.HTTPError as error:
        raise requests.ConnectionError(str(error)) from error


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _check_outside(url: str) -> None:
    if is_inside(_host(url)):
        raise FetchRefusedError(
            f"The address leads on to {_host(url)}, which is not on the public internet.",
            remedy="Open it in a browser and correct the address in the catalogue.",
        )


def _next(url: str, target: str) -> str:
    """Where a redirect leads; never away from the web, nor from a protected connection to an open one."""
    try:
        there = urljoin(url, target)
        old, new = urlsplit(url).scheme, urlsplit(there).scheme
    except ValueError:  # brackets that hold no address
        there, old, new = "", "", ""
    if new not in ("https", "http") or (old == "https" and new == "http"):
        raise FetchRefusedError(
            f"The address leads on to {target[:100]}, where nothing is fetched from.",
            remedy="Open it in a browser and correct the address in the catalogue.",
        )
    return there
