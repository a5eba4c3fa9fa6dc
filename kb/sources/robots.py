"""What the robots.txt of a site allows us, read as RFC 9309 says."""

from __future__ import annotations

import re

from protego import Protego

_AGENT_LINE = re.compile(r"^(\s*user[- ]?agent\s*:)([^#\n]*)", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"[A-Za-z_-]+")


class Rules:
    """The rules of one site for `agent`: none where `text` is empty. The longest rule that fits an address decides."""

    def __init__(self, text: str, *, agent: str) -> None:
        self._agent = agent
        self._rules = Protego.parse(_AGENT_LINE.sub(self._whole_name, "\n".join(text.splitlines())))

    @property
    def pause_s(self) -> float:
        """Seconds that the site asks for between two requests; 0 where it does not say."""
        return self._rules.crawl_delay(self._agent) or 0.0

    def allow(self, url: str) -> bool:
        """Whether we may ask for `url`."""
        return self._rules.can_fetch(url, self._agent)

    def _whole_name(self, line: re.Match[str]) -> str:
        """A line about us or about everybody as it is meant; any other about nobody.

        The parser takes the beginning of a name for the name; the standard compares the whole, without its version.
        """
        name = line[2].strip()
        token = _TOKEN.match(name)
        if token and token[0].lower() == self._agent.lower():
            return f"{line[1]} {self._agent}"
        return line[0] if name in ("", "*") else f"{line[1]} another"
