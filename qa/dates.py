"""Dates and times of day in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from index.passages import MONTHS
from qa.mentions import Mention, Rest, Value

_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_NAMED = {month.lower(): number for number, month in enumerate(MONTHS, start=1)}
_NAMED |= {month[:3]: number for month, number in _NAMED.items()} | {"sept": 9}
_MONTH = rf"(?P<month>{'|'.join(sorted(_NAMED, key=len, reverse=True))})\b\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_SEVERAL = rf"(?P<days>(?:{_DAY}\s*(?:,|-|\band\b|\bor\b|\bto\b)\s*)*{_DAY})(?!\d)"
_YEAR = r"(?:,?\s+(?P<year>\d{4})(?!\d|,\d{3}))"

_ISO = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_NUMERIC = re.compile(r"(?<![\d./])(?P<one>\d{1,2})([./])(?P<two>\d{1,2})\2(?P<year>\d{4})(?!\d)")
_SPELLED = (
    re.compile(rf"(?<![\w.,])(?:the\s+)?{_SEVERAL}\s+(?:of\s+)?{_MONTH}{_YEAR}?"),
    re.compile(rf"\b{_MONTH}\s+(?:the\s+)?{_SEVERAL}(?![.,:]\d)(?!\s*(?:%|percent|per cent|million|billion)){_YEAR}?"),
)
_OF_YEAR = re.compile(rf"\b{_MONTH}(?:\s+of)?{_YEAR}")
_ALONE = re.compile(rf"\b{_MONTH}")
_DECADE = re.compile(r"\b(?P<century>\d\d)?'?(?P<decade>\d0)'?s\b")
_CLOCK = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d))?\s*(?P<half>[ap])\.?\s?m\b\.?"
    r"|\b(?P<hour24>[01]?\d|2[0-4]):(?P<minute24>[0-5]\d)(?!\d)"
    r"|\b(?P<oclock>\d{1,2})\s+o'clock\b"
)
_WORDS = re.compile(
    rf"\b(?P<weekday>{'|'.join(_DAYS)})s?\b"
    r"|\b(?:(?:in|this|last|next|the|late|early|by|until|since)\s+)(?P<fall>fall)\b"
    r"|\b(?P<season>spring|summer|autumn|winter)s?\b"
    r"|\b(?P<relative>yesterday|today|tonight|tomorrow|noon|midnight|"
    r"(?:last|next|this)\s+(?:night|week|weekend|month|year|decade|century))\b"
)
_MAYBE_MONTH = re.compile(
    r"\b(?:in|of|by|since|until|till|from|to|and|or|last|next|this|early|late|mid|between)[\s-]+$"
)


def dates(rest: Rest, published: date | None = None) -> Iterator[Mention]:
    """Read the dates and times of a text; `published` tells the year of one without, where it is the same."""
    yield from _days(rest, published)
    yield from _times(rest)
    for match in rest.take(_DECADE):
        decade = ("decade", int((match["century"] or "19") + match["decade"]))
        yield _read(rest, match, [decade], [decade])
    for match in rest.take(_WORDS):
        kind = str(match.lastgroup)
        word = re.sub(r"\s+", " ", match[kind])
        value = ("season", "autumn") if kind == "fall" else (kind, word)
        yield _read(rest, match, [value], [value])
    for match in rest.take(_ALONE):
        if _is_month(rest, match):
            month = _NAMED[match["month"]]
            yield _read(rest, match, [("month", month)], _implied(published, month))


def dated(day: date) -> frozenset[Value]:
    """Give what the date of an article implies: not that something happened in that month of any year."""
    return frozenset({("year", day.year), ("month of", day.month, day.year), ("dated", day.month, day.day, day.year)})


def _days(rest: Rest, published: date | None) -> Iterator[Mention]:
    for match in rest.take(_ISO):
        year, month, day = (int(match[name]) for name in ("year", "month", "day"))
        yield _read(rest, match, [("dated", month, day, year)], _implied(None, month, day, year))
    for match in rest.take(_NUMERIC):
        one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
        readings = [(day, month) for day, month in {(one, two), (two, one)} if 1 <= month <= 12 and 1 <= day <= 31]
        certain = _implied(None, readings[0][1], readings[0][0], year) if len(readings) == 1 else [("year", year)]
        as_it_stands = ("numeric", one, two, year)
        stated = [("dated", month, day, year) for day, month in readings]
        yield _read(rest, match, [*stated, as_it_stands], [*certain, as_it_stands])
    for pattern in _SPELLED:
        for match in rest.take(pattern):
            month = _NAMED[match["month"]]
            of = int(match["year"]) if match["year"] else None
            days = [int(day) for day in re.findall(r"\d+", match["days"])]
            end = match.start("year") if of else match.end()
            for day in days:
                implied = _implied(published, month, day, of)
                alone: set[Value] = {("day", month, day)}
                whole: set[Value] = {("dated", month, day, of)} if of else set()
                yield Mention(match.start(), end, frozenset(alone | whole), frozenset(implied))
            if of:
                with_year = frozenset[Value](("dated", month, day, of) for day in days)
                yield Mention(*match.span("year"), with_year, frozenset())
            rest.done(*match.span())
    for match in rest.take(_OF_YEAR):
        month, year = _NAMED[match["month"]], int(match["year"])
        month_of = ("month of", month, year)
        implied = _implied(None, month, None, year)
        yield Mention(*match.span("month"), frozenset({("month", month), month_of}), frozenset(implied))
        yield Mention(*match.span("year"), frozenset({month_of}), frozenset())
        rest.done(*match.span())


def _implied(published: date | None, month: int, day: int | None = None, year: int | None = None) -> list[Value]:
    """Give all that a date says: its parts, and its year where publication tells it."""
    known: list[Value] = [("month", month)]
    if day:
        known += [("day", month, day), ("ordinal", day)]
    if year is None and published and _nearest_year(published, month, day or 15) == published.year:
        year = published.year
    if year:
        known += [("year", year), ("month of", month, year)]
        known += [("dated", month, day, year)] if day else []
    return known


def _nearest_year(published: date, month: int, day: int) -> int:
    apart = (month - published.month) * 30.4 + day - published.day
    return published.year + (-1 if apart > 183 else 1 if apart < -183 else 0)


def _times(rest: Rest) -> Iterator[Mention]:
    for match in rest.take(_CLOCK):
        hour = int(match["hour"] or match["hour24"] or match["oclock"])
        minute = int(match["minute"] or match["minute24"] or 0)
        if match["half"] and 1 <= hour <= 12:
            hour = hour % 12 + 12 * (match["half"] == "p")
            certain = True
        else:
            certain = hour > 12
        face = ("clock", hour % 12, minute)
        exact = ("time", hour, minute)
        yield _read(rest, match, [exact if certain else face], [face, exact] if certain else [face])


def _is_month(rest: Rest, match: re.Match[str]) -> bool:
    """Tell a month from "may", "march", "mar" and "sun"-like words, by capital letter and what stands before."""
    word = match["month"]
    if not rest.original[match.start()].isupper():
        return False
    return (len(word) > 3 and word != "march") or bool(_MAYBE_MONTH.search(rest.text[: match.start()]))


def _read(rest: Rest, match: re.Match[str], stated: list[Value], implied: list[Value]) -> Mention:
    rest.done(*match.span())
    return Mention(*match.span(), frozenset(stated), frozenset(implied))
