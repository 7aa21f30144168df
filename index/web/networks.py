"""Which addresses belong to the public internet, and so may be connected to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NOT_PUBLIC = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
    "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3"
)
"""This network, private, shared, loopback, link-local, protocols, examples, 6to4 relays, tests, multicast, reserved."""

_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = "2001::/23 2001:db8::/32 2002::/16 3fff::/20"
"""Protocols (Teredo, ORCHID, tests), examples, 6to4, examples. IPv4-mapped and NAT64 ones are outside of 2000::/3."""

_NETWORKS = tuple(map(IPv4Network, _NOT_PUBLIC.split()))
_NETWORKS_6 = tuple(map(IPv6Network, _NOT_PUBLIC_6.split()))


def is_public(address: str) -> bool:
    """Say whether an address, as a resolver writes it, is one of the public internet; what is no address is not.

    Python's `is_global` alone does not do: what it says of some networks differs between its versions.

    Source: IANA special-purpose address registries (RFC 6890); RFC 9637 for 3fff::/20.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return found.is_global and not any(found in network for network in _NETWORKS)
    return _is_public_6(found)


def _is_public_6(found: IPv6Address) -> bool:
    if found.scope_id or not found.is_global:
        return False
    return found in _PUBLIC_6 and not any(found in network for network in _NETWORKS_6)
