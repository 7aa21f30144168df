from ui import rate_limit
from ui.rate_limit import RateLimit


def test_so_many_at_once_and_then_one_by_one() -> None:
    now = [0.0]
    limit = RateLimit(2, 0.5, lambda: now[0])
    assert [limit.seconds_to_wait("10.0.0.1") for _ in range(3)] == [0, 0, 2]
    now[0] = 1.0
    assert limit.seconds_to_wait("10.0.0.1") == 1
    now[0] = 2.0
    assert [limit.seconds_to_wait("10.0.0.1") for _ in range(2)] == [0, 2]
    now[0] = 1000.0
    assert [limit.seconds_to_wait("10.0.0.1") for _ in range(3)] == [0, 0, 2], "no more than that is saved up"


def test_each_address_counts_for_itself_and_a_network_of_ipv6_for_one() -> None:
    limit = RateLimit(1, 0.001, lambda: 0.0)
    assert limit.seconds_to_wait("10.0.0.1") == 0
    assert limit.seconds_to_wait("10.0.0.2") == 0
    assert limit.seconds_to_wait("2001:db8::1") == 0
    assert limit.seconds_to_wait("2001:db8::2") > 0
    assert limit.seconds_to_wait("2001:db8:0:1::2") == 0
    assert limit.seconds_to_wait("") == 0
    assert limit.seconds_to_wait("") > 0


def test_not_all_addresses_of_the_world_are_remembered(monkeypatch) -> None:
    monkeypatch.setattr(rate_limit, "_MOST_KNOWN", 3)
    limit = RateLimit(1, 0.001, lambda: 0.0)
    for number in range(10):
        limit.seconds_to_wait(f"10.0.0.{number}")
    assert len(limit._left) == 3
