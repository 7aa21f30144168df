"""What a site's robots.txt lets us fetch.

Of our own, because a hostile file must not cost time: with Protego 0.7.0 one of 500 kB that lists 15,000 agents before
8,000 rules took two minutes, for it keeps every rule for every agent. Here a line is looked at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite
from urllib.parse import quote, unquote_to_bytes

from index.web.addresses import RESERVED

MOST_BYTES = 512_000
"""How much of a file is read; a crawler must read at least this (RFC 9309, section 2.5)."""

LONGEST_DELAY = 10.0
"""Most seconds between requests that are waited because a site asks for it."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"[A-Za-z_-]+|\*")


@dataclass(frozen=True, slots=True)
class Rules:
    """Hold the rules for one agent: patterns with whether they allow, and the seconds asked for between requests."""

    patterns: tuple[tuple[str, bool], ...] = ()
    delay: float = 0.0

    def allow(self, target: str) -> bool:
        """Say whether a path with its query may be fetched: the longest pattern that fits decides, then allowing.

        Source: RFC 9309, section 2.2.2.
        """
        written = _normal(target)
        if written == "/robots.txt":
            return True
        fitting = [(len(pattern), allows) for pattern, allows in self.patterns if _fits(pattern, written)]
        return max(fitting, default=(0, True))[1]


ALL = Rules()
NOTHING = Rules((("/", False),))


def rules_for(agent: str, data: bytes) -> Rules:
    """Read the rules of a robots.txt for an agent's product token: of all groups that name it, else of those for all.

    Source: RFC 9309, sections 2.2.1 and 2.3; Crawl-delay is no part of it, and widely used.
    """
    text = data[:MOST_BYTES].decode("utf-8-sig", "replace")
    ours: dict[str, list[tuple[str, bool]]] = {}
    delays: dict[str, float] = {}
    named: set[str] = set()
    naming = False
    for line in _LINE_END.split(text):
        field, colon, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if not colon:
            continue
        if field == "user-agent":
            named = named if naming else set()
            naming = True
            token = _TOKEN.match(value)
            if token and token.group().lower() in {agent.lower(), "*"}:
                named.add(token.group().lower())
                ours.setdefault(token.group().lower(), [])
        elif field in {"allow", "disallow", "crawl-delay"}:
            naming = False
            for name in named:
                if field == "crawl-delay":
                    delays[name] = _seconds(value)
                elif value:
                    ours[name].append((_normal(value), field == "allow"))
    group = agent.lower() if agent.lower() in ours else "*"
    return Rules(tuple(ours.get(group, [])), min(delays.get(group, 0.0), LONGEST_DELAY))


def _fits(pattern: str, target: str) -> bool:
    """Say whether a pattern fits the beginning of a path; `*` is any characters, `$` at its end that of the path."""
    ends = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    place = len(first)
    if ends and not others:
        return place == len(target)
    last = others.pop() if ends else ""
    for part in others:
        found = target.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return not ends or (len(target) - place >= len(last) and target.endswith(last))


def _normal(path: str) -> str:
    """Write each octet of a path in one way, so that both sides can be compared; %2F and the like stay hidden."""
    pieces = re.split(r"(%[0-9A-Fa-f]{2})", path)
    return "".join(_octet(piece) if number % 2 else quote(piece, safe=RESERVED) for number, piece in enumerate(pieces))


def _octet(written: str) -> str:
    char = unquote_to_bytes(written).decode("ascii", "replace")
    return char if re.fullmatch(r"[A-Za-z0-9._~-]", char) else written.upper()


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        return 0.0
    return seconds if isfinite(seconds) and seconds > 0 else 0.0
