"""Where hosts are: on the internet for everybody, or in a network of their own."""

from __future__ import annotations

import ipaddress
import socket


def is_inside(host: str) -> bool:
    """Whether any address of `host` is not a public one; a name that nobody knows here is not inside.

    The name is resolved again when somebody connects: one that changes in between is not noticed.
    """
    return not all(map(_is_public, _addresses(host)))


def is_only_inside(host: str) -> bool:
    """Whether `host` has addresses, and none of them is a public one."""
    addresses = _addresses(host)
    return bool(addresses) and not any(map(_is_public, addresses))


def _addresses(host: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return set()


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return (mapped or parsed).is_global
