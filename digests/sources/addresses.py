"""Which addresses may be connected to: those of the public internet, and what the operator allows.

Pure but for :func:`system_resolve`, which asks the system for the addresses of a name.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Final

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Iterable[str]]
"""A host and a port to addresses as text; raises OSError."""

_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
_DOCUMENTATION_IPV6 = ipaddress.ip_network("3fff::/20")  # RFC 9637; unknown to Python 3.11
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_IPV4_COMPATIBLE = ipaddress.ip_network("::/96")
_RELAY_ANYCAST = ipaddress.ip_network("192.88.99.0/24")


def is_allowed(address: str, allow_networks: tuple[IPNetwork, ...] = ()) -> bool:
    """Whether an address may be connected to: public, or within a network that is allowed.

    Private, loopback, link-local, multicast, reserved and unspecified addresses are not
    public (registries of RFC 6890), nor is an IPv6 address that wraps such an
    IPv4 one (IPv4-mapped and -compatible, 6to4, Teredo, NAT64), nor any other outside of
    2000::/3, all that has been given out (RFC 4291).
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(ip in network for network in allow_networks if ip.version == network.version):
        return True
    inner = _wrapped(ip)
    if inner is not None:
        return all(is_allowed(str(wrapped), allow_networks) for wrapped in inner)
    return (
        ip.is_global
        and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
        and not (isinstance(ip, ipaddress.IPv4Address) and ip in _RELAY_ANYCAST)
        and (isinstance(ip, ipaddress.IPv4Address) or _is_given_out(ip))
    )


def _is_given_out(ip: ipaddress.IPv6Address) -> bool:
    return ip in _PUBLIC_IPV6 and ip not in _DOCUMENTATION_IPV6


def _wrapped(ip: IPAddress) -> tuple[ipaddress.IPv4Address, ...] | None:
    """The IPv4 addresses that an IPv6 address embeds; None if it embeds none."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip.ipv4_mapped is not None:
        return (ip.ipv4_mapped,)
    if ip.sixtofour is not None:
        return (ip.sixtofour,)
    if ip.teredo is not None:
        return ip.teredo
    if any(ip in network for network in _NAT64) or (ip in _IPV4_COMPATIBLE and int(ip) > 1):
        return (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF),)
    return None


def system_resolve(host: str, port: int) -> list[str]:
    """The addresses of a name as the system knows them, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


# https://fetch.spec.whatwg.org/#port-blocking: ports whose services could be made to take a
# request over HTTP for something said to them.
BLOCKED_PORTS: Final = frozenset(
    {
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101,
        102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389,
        427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636,
        989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665,
        6666, 6667, 6668, 6669, 6679, 6697, 10080,
    }
)  # fmt: skip
