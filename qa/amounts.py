"""Numbers in a text: in digits or spelled out, with their units."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import zip_longest

from qa.mentions import Mention, Rest, Value, aligned

_UNITS = {
    "percent": "% percent pct",
    "point": "points point",
    "kilometre": "kilometre kilometres kilometer kilometers km kms",
    "metre": "metre metres meter meters m",
    "centimetre": "centimetre centimetres centimeter centimeters cm",
    "millimetre": "millimetre millimetres millimeter millimeters mm",
    "mile": "mile miles mi",
    "foot": "foot feet ft",
    "inch": "inch inches",
    "yard": "yard yards",
    "kilogram": "kilogram kilograms kilo kilos kg",
    "gram": "gram grams g",
    "ton": "ton tons tonne tonnes",
    "litre": "litre litres liter liters",
    "hectare": "hectare hectares ha",
    "acre": "acre acres",
    "degree": "degree degrees °",
    "second": "seconds sec secs",
    "minute": "minute minutes min mins",
    "hour": "hour hours hr hrs",
    "day": "day days",
    "week": "week weeks",
    "month": "month months",
    "year": "year years",
    "dollar": "$ dollar dollars usd",
    "euro": "€ euro euros eur",
    "pound": "£ pound pounds gbp lb lbs",
    "yen": "¥ yen",
    "yuan": "yuan renminbi",
    "crown": "crown crowns",
    "franc": "franc francs chf",
    "rouble": "rouble roubles ruble rubles",
    "rupee": "rupee rupees",
    "cent": "cent cents",
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_SCALES = {
    "hundred": 100,
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "mn": 1_000_000,
    "million": 1_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
    "tn": 1_000_000_000_000,
    "trillion": 1_000_000_000_000,
    "dozen": 12,
}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SPELT = {word: value for value, word in enumerate(_ONES)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
_ORDINALS = {
    word: number
    for number, word in enumerate(
        (
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ).split(),
        start=1,
    )
}
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4} | {
    f"{word}{s}": number for word, number in _ORDINALS.items() if number > 2 for s in ("", "s")
}


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_WORD_UNIT = rf"(?:per\s+cent|percentage\s+points?|{_any(word for word in _UNIT if word.isalpha())})(?![^\W_])"
_AFTER = re.compile(
    rf"(?P<scale>(?:\s*-?\s*(?:{_any(_SCALES)})(?![^\W_]))*)"
    rf"(?:\s*-?\s*(?:of\s+)?(?P<unit>{_WORD_UNIT}|[%°$€£¥]))?(?P<old>\s*-?\s*olds?\b|\s+of\s+age\b)?"
)
_CODE = re.compile(r"(?<![\w])[^\W\d_]+-?\d+(?:[^\W_]|-(?=\d))*|\b\d+(?:\.\d+){2,}\b")
_CURRENCY = r"(?:(?P<currency>\b(?:us|usd|eur|gbp|chf)\s?(?=\d)|(?:us|a|c|hk)?[$€£¥])\s?)?"
_DIGITS = re.compile(
    rf"{_CURRENCY}(?P<minus>(?:(?<![\w)])-|\bminus\s+)(?=\d))?"
    r"(?<![\d])(?P<number>\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d{1,3}(?:[ ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"
    r"(?P<part>\s?[¼½¾⅓⅔⅛⅜⅝⅞]|/\d+)?(?P<suffix>st|nd|rd|th)?(?!\d)"
)
_VULGAR = re.compile(r"[¼½¾⅓⅔⅛⅜⅝⅞]")
_VULGAR_VALUES = {char: Fraction(*pair) for char, pair in zip(
    "¼½¾⅓⅔⅛⅜⅝⅞", ((1, 4), (1, 2), (3, 4), (1, 3), (2, 3), (1, 8), (3, 8), (5, 8), (7, 8)), strict=True
)}  # fmt: skip
_FRACTION = re.compile(rf"\b(?P<of>an?|one|two|three|four|five|\d)[\s-]+(?P<part>{_any(_PARTS)})(?![^\W_])")
_HALF = re.compile(r"\b(?:half|(?P<quarter>quarter)(?=\s+of\b))(?![^\W_])")
_RUN = re.compile(
    rf"\b(?:an?\s+(?=(?:{_any(_SCALES)})\b))?(?P<run>(?:{_any(_SPELT)}|hundred|thousand|million|billion|trillion|dozen)"
    rf"(?:(?:\s+|-)(?:and\s+)?(?:{_any(_SPELT)}|hundred|thousand|million|billion|trillion|dozen))*)(?![^\W_])"
)
_ORDINAL = re.compile(rf"(?<!at )\b(?:(?P<tens>{_any(_TENS)})-)?(?P<ordinal>{_any(_ORDINALS)})(?![^\W_])")
_VAGUE = re.compile(r"\b(?P<vague>dozens|scores|hundreds|thousands|millions|billions|trillions|twice|thrice)\b")
_RANGE = re.compile(r"\s*(?:-|to|and|or|,)\s*")


def amounts(rest: Rest) -> Iterator[Mention]:
    """Read the numbers of a text; what `dates` has read is passed over.

    A number with a unit implies the same without; the first of "5 to 10 percent" is taken for one of percent.
    "one" alone says too little to be held against a text and is only implied.
    """
    for match in rest.take(_CODE):
        if "-" not in match.group() or rest.original[match.start()].isupper() or match.group()[0].isdigit():
            code = ("code", match.group().replace("-", ""))
            yield _read(rest, match.span(), [code], [code])
    found = [*_fractions(rest), *_in_digits(rest), *_in_words(rest)]
    yield from _ranged(rest, sorted(found, key=lambda one: one.start))
    for match in rest.take(_ORDINAL):
        if match.start() == 0 and rest.text.startswith(",", match.end()):
            continue  # "First, ..." counts nothing
        number = _ORDINALS[match["ordinal"]] + (_SPELT[match["tens"]] if match["tens"] else 0)
        yield _read(rest, match.span(), [("ordinal", number)], [("ordinal", number)])
    for match in rest.take(_VAGUE):
        yield _read(rest, match.span(), [("vague", match["vague"])], [("vague", match["vague"])])


def _fractions(rest: Rest) -> Iterator[Mention]:
    for match in rest.take(_FRACTION):
        of = match["of"]
        count = 1 if of in {"a", "an"} else int(of) if of.isdigit() else _SPELT[of]
        part = _PARTS[match["part"]]
        values: list[Value] = [("number", Fraction(count, part), "")]
        if count == 1 and part > 2 and not match["part"].endswith("s"):
            values.append(("ordinal", part))  # "a third time"
        yield _read(rest, match.span(), values, values)
    for match in rest.take(_HALF):
        value = ("number", Fraction(1, 4 if match["quarter"] else 2), "")
        yield _read(rest, match.span(), [value], [value])


def _in_digits(rest: Rest) -> Iterator[Mention]:
    for match in rest.take(_DIGITS):
        value = _value(match["number"])
        if match["suffix"]:
            yield _read(rest, match.span(), [("ordinal", value)], [("ordinal", value)])
            continue
        if (part := (match["part"] or "").strip()) and value.denominator == 1:
            if not part.startswith("/"):
                value += _VULGAR_VALUES[part]
            elif int(part[1:]):
                value /= int(part[1:])
        if match["minus"]:
            value = -value
        yield _with_unit(rest, match.start(), match.end(), value, (match["currency"] or "").strip())
    for match in rest.take(_VULGAR):
        yield _with_unit(rest, *match.span(), _VULGAR_VALUES[match.group()], "")


def _in_words(rest: Rest) -> Iterator[Mention]:
    for match in rest.take(_RUN):
        at, words = match.start("run"), list(re.finditer(r"[a-z]+", match["run"]))
        while words:
            value, used = _spelled([word.group() for word in words])
            start = match.start() if words[0].start() == 0 else at + words[0].start()
            mention = _with_unit(rest, start, at + words[used - 1].end(), Fraction(value), "")
            alone = value == 1 and used == 1 and mention.end == at + words[0].end()
            yield Mention(mention.start, mention.end, frozenset(), mention.implied) if alone else mention
            words = words[used:]
            while words and words[0].group() == "and":
                words = words[1:]


def _spelled(words: list[str]) -> tuple[int, int]:
    """Read a number from the first of some words; give it, and how many words it took."""
    total, group, used, last = 0, None, 0, ""
    for at, word in enumerate(words):
        if word == "and":
            if last not in {"hundred", "thousand", "million", "billion", "trillion"}:
                break
            continue
        if word in _SPELT:
            number = _SPELT[word]
            fits = group is None or (last in _TENS and 0 < number < 10) or (last == "hundred" and number < 100)
            if not fits:
                break
            group = (group or 0) + number
        elif word in {"hundred", "dozen"}:
            if group is not None and group > 99:
                break
            group = (1 if group is None else group) * _SCALES[word]
        else:
            if total and total % (_SCALES[word] * 1000) and _SCALES[word] >= total:
                break
            total += (1 if group is None else group) * _SCALES[word]
            group = None
        used, last = at + 1, word
    return total + (group or 0), used


def _with_unit(rest: Rest, start: int, end: int, value: Fraction, currency: str) -> Mention:
    after = _AFTER.match(rest.text, end)
    assert after is not None  # every part of it is optional  # noqa: S101
    unit = _unit(after["unit"] or "")
    scales = re.findall(r"[a-z]+", after["scale"] or "")
    readings = []
    if scales == ["m"] and not currency:
        readings.append((value, "metre"))
    for scale in scales:
        value *= _SCALES[scale]
    if currency:
        unit = _unit(currency.strip(" usachk")) or _unit(currency) or ("dollar" if currency == "us" else unit)
    if after["old"] and unit in {"year", ""}:
        unit = ""
    readings.append((value, unit))
    stated: set[Value] = {("number", *reading) for reading in readings}
    if not unit and 1000 <= value <= 2100 and value.denominator == 1 and "," not in rest.text[start:end]:
        stated.add(("year", int(value)))
    last = max(after.end("scale"), after.end("unit"), after.end("old"), end)
    implied = stated | {("number", number, "") for number, _ in readings}
    return _read(rest, (start, last), stated, implied)


def _unit(word: str) -> str:
    word = re.sub(r"\s+", " ", word)
    return "percent" if word == "per cent" else "point" if word.startswith("percentage") else _UNIT.get(word, "")


def _value(digits: str) -> Fraction:
    digits = digits.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
        return Fraction(digits.replace(",", ""))
    return Fraction(digits.replace(",", "."))


def _ranged(rest: Rest, found: list[Mention]) -> Iterator[Mention]:
    """Give the first number of a range the unit of the second too."""
    for one, two in zip_longest(found, found[1:]):
        bare = {value[2] for value in one.stated if value[0] == "number"} == {""}
        if two and bare and _RANGE.fullmatch(aligned(rest.original[one.end : two.start])):
            units = {value[2] for value in two.stated if value[0] == "number"}
            more = {("number", value[1], unit) for value in one.implied if value[0] == "number" for unit in units}
            yield Mention(one.start, one.end, one.stated, one.implied | more)
        else:
            yield one


def _read(rest: Rest, span: tuple[int, int], stated: Iterable[Value], implied: Iterable[Value]) -> Mention:
    rest.done(*span)
    return Mention(*span, frozenset(stated), frozenset(implied))
