from ipaddress import IPv4Address, IPv6Address, ip_address

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from index.web.networks import is_public

V4 = st.integers(0, 2**32 - 1).map(IPv4Address)
V6 = st.integers(0, 2**128 - 1).map(IPv6Address)
CLOSED = (
    "0.0.0.0 10.1.2.3 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.9 "
    "192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.7 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 "
    ":: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:8.8.8.8 64:ff9b::8.8.8.8 64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:10::1 "
    "2001:db8::1 2002:7f00:1:: 3fff::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 2606:4700::1%eth0"
).split()
OPEN = (
    "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 223.255.255.255 2606:4700::1 2a00:1450::1".split()
)


@mark.parametrize(
    "address", [*CLOSED, "", "localhost", "127.1", "0x7f000001", "017700000001", "1.1.1.1 ", "1.1.1.1/32"]
)
def test_what_is_not_of_the_public_internet_is_closed(address: str) -> None:
    assert not is_public(address)


@mark.parametrize("address", OPEN)
def test_the_public_internet_is_open_up_to_the_borders_of_what_is_not(address: str) -> None:
    assert is_public(address)


@given(V4 | V6)
def test_nothing_is_open_that_python_holds_for_closed(address: IPv4Address | IPv6Address) -> None:
    closed = (
        not address.is_global
        or address.is_private
        or address.is_loopback
        or address.is_link_local
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
    )
    assert not (is_public(str(address)) and closed)


@given(V4)
def test_an_ipv4_address_within_an_ipv6_address_is_never_open(inner: IPv4Address) -> None:
    number = int(inner)
    forms = [
        number,
        0xFFFF << 32 | number,
        0xFFFF << 48 | number,
        0x64FF9B << 96 | number,
        0x2002 << 112 | number << 80 | 1,
        0x2001 << 112 | number << 64 | number ^ 0xFFFFFFFF,
        0xFE80 << 112 | 0x5EFE << 32 | number,
    ]
    for form in forms:
        assert not is_public(str(IPv6Address(form)))


@given(V6)
def test_an_open_ipv6_address_embeds_nothing(address: IPv6Address) -> None:
    if is_public(str(address)):
        assert ip_address(str(address)).ipv4_mapped is None
        assert address.sixtofour is None
        assert address.teredo is None
