"""Clients are counted by their network."""

from __future__ import annotations

from pullquote.web.access.networks import ShareByAddress


def test_a_client_counts_by_its_network() -> None:
    """IPv4 counts by address, IPv6 by /64; a freed place can be taken again."""
    counts = ShareByAddress(2)
    assert [counts.take("192.0.2.1") for _ in range(3)] == [True, True, False]
    assert counts.take("192.0.2.2")
    counts.give_back("192.0.2.1")
    assert counts.take("192.0.2.1")
    same = ("2001:db8::1", "2001:db8::2", "2001:db8::ffff:3")
    assert [counts.take(address) for address in same] == [True, True, False]
    assert counts.take("2001:db8:0:1::1")
