"""Which words of a written sentence the quotes it names do not bear out.

Names, numbers, dates and quotations are looked for in the quotes, whatever wrote the sentence. That a sentence passes
says that these stand there, not that it is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from index.sentences import Span
from index.terms import located_terms
from qa.amounts import amounts
from qa.dates import dated, dates
from qa.mentions import Mention, Rest, Value, aligned
from qa.names import TITLE

LEAST_SHARED = 1 / 3
"""A sentence with a smaller share of its words in the quotes is doubtful as a whole."""

_FEW_WORDS = 3
_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:'(?=[^\W_])[^\W_]+)*")
_POSSESSIVE = re.compile(r"'s?$")
_TITLES = frozenset(re.findall(r"[a-z]+", TITLE.lower().replace("?:", "")))
_CONNECTORS = frozenset("of de del da di van von der den al bin ibn the and".split())
_NEAR = 3

_ALIASES = {
    alias: frozenset(group.split())
    for group in (
        "us usa america american americans",
        "uk britain british",
        "eu europe european",
        "un nations",
        "mr mister",
        "dr doctor",
        "prof professor",
        "gen general",
        "sen senator",
        "gov governor",
        "rep representative",
        "st saint street",
        "mt mount",
    )
    for alias in group.split()
}
_DEMONYM = re.compile(r"(?:ians?|ans?|ns?|ese|ish|is?)$")
_LAND = re.compile(r"(?:ia|ey|[aeyo])$")

_NEGATORS = frozenset("not never no none nobody nothing neither nor without cannot hardly".split())
_DENYING = frozenset(
    "deny denies denied denying refuse refuses refused refusing fail fails failed failing decline declines declined "
    "reject rejects rejected avoid avoids avoided".split()
)
_REACH = 4

_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("rise rises rose risen rising", "fall falls fell fallen falling"),
        ("increase increases increased increasing", "decrease decreases decreased decreasing"),
        ("higher", "lower"),
        ("more", "less fewer"),
        ("before", "after"),
        ("best", "worst"),
        ("better", "worse"),
        ("largest biggest", "smallest"),
        ("win wins won winning", "lose loses lost losing"),
        ("accept accepts accepted", "reject rejects rejected refuse refuses refused"),
        ("approve approves approved", "reject rejects rejected"),
        ("support supports supported", "oppose opposes opposed"),
        ("confirm confirms confirmed", "deny denies denied"),
        ("open opens opened opening", "close closes closed closing"),
        ("arrive arrives arrived", "leave leaves left depart departs departed"),
        ("buy buys bought", "sell sells sold"),
        ("allow allows allowed", "ban bans banned forbid forbids forbade forbidden"),
        ("guilty", "innocent acquitted"),
        ("alive saved survived", "dead died killed drowned"),
        ("speed sped quickened", "slow slowed slows"),
        ("begin begins began begun start starts started", "end ends ended stop stops stopped"),
        ("hire hires hired", "dismiss dismisses dismissed fire fires fired"),
        ("north northern", "south southern"),
        ("east eastern", "west western"),
        ("first", "last"),
        ("wet", "dry dried"),
        ("join joins joined", "quit quits"),
        ("always", "never"),
    )
)


@dataclass(frozen=True, slots=True)
class _Token:
    """Hold a word: where it stands, plain and folded, and its stem, "" for a stop word."""

    start: int
    end: int
    word: str
    stem: str
    capital: bool


@dataclass(frozen=True)
class Source:
    """Hold a quote with what stands beside it: the title of its article, the outlet and the date."""

    quote: str
    title: str = ""
    outlet: str = ""
    published: date | None = None

    @cached_property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for text in (self.quote, self.title[:500], self.outlet[:200]) if text)

    @cached_property
    def known(self) -> frozenset[Value]:
        values = dated(self.published) if self.published else frozenset()
        return values.union(*(mention.implied for text in self.texts for mention in _mentions(text, self.published)))

    @cached_property
    def tokens(self) -> tuple[_Token, ...]:
        """Give the words of all its texts, with a gap where one ends."""
        gap = [_Token(0, 0, "", "", False)] * (_NEAR + 1)
        return tuple(token for text in self.texts for token in (*_tokens(text), *gap))

    @cached_property
    def flat(self) -> tuple[str, ...]:
        return tuple(_flat(text) for text in self.texts)


def doubtful(sentence: str, sources: Sequence[Source]) -> tuple[Span, ...]:
    """Find the words of a sentence that the sources do not bear out, in order, as spans that do not touch.

    Names, numbers, dates and quotations that do not stand there; a "not" too many or too few; opposites; the whole
    sentence when it shares few words with them.
    """
    tokens = _tokens(sentence)
    told = [token for source in sources for token in source.tokens]
    if _shares_little(tokens, told):
        return ((0, len(sentence)),) if sentence else ()
    mentions = _mentions(sentence)
    found = [
        *_forged(sentence, sources),
        *_unknown_values(mentions, sources),
        *_unknown_names(sentence, tokens, mentions, told),
        *_negated(tokens, told),
        *_opposite(tokens, told),
    ]
    return _joined(found)


def shares_nothing(sentence: str, sources: Sequence[Source]) -> bool:
    """Say whether no word of a sentence that means something stands in the sources."""
    stems = {token.stem for source in sources for token in source.tokens}
    return not any(token.stem in stems for token in _tokens(sentence) if token.stem)


def _mentions(text: str, published: date | None = None) -> list[Mention]:
    rest = Rest(text)
    return [*dates(rest, published), *amounts(rest)]


def _unknown_values(mentions: Sequence[Mention], sources: Sequence[Source]) -> Iterator[Span]:
    known = frozenset[Value]().union(*(source.known for source in sources))
    for mention in mentions:
        if mention.stated and not mention.stated & known:
            yield mention.start, mention.end


def _tokens(text: str) -> list[_Token]:
    plain = aligned(text)
    stems = {start: stem for start, _, stem in located_terms(text)}
    return [
        _Token(
            match.start(),
            match.end(),
            _POSSESSIVE.sub("", match.group().replace(".", "")),
            stems.get(match.start(), ""),
            text[match.start()].isupper(),
        )
        for match in _TOKEN.finditer(plain)
    ]


# Quotations


_PAIRS = (("“„", "”“"), ("«", "»"), ("‹", "›"), ("❝", "❞"), ("〝", "〞"), ("「", "」"), ("『", "』"), ('"＂', '"＂'))
_SINGLE = re.compile(r"(?<!\w)[‘'](?=\S)(?P<said>.{2,}?)(?<=\S)[’'](?!\w)")


def _forged(sentence: str, sources: Sequence[Source]) -> Iterator[Span]:
    """Find what stands in quotation marks and in no source word for word; marks without their pair too."""
    for opening, closing in _PAIRS:
        at = 0
        while (start := _next(opening + closing, sentence, at)) < len(sentence):
            end = _next(closing, sentence, start + 1)
            if sentence[start] not in opening:
                yield 0, start + 1
                at = start + 1
                continue
            if end == len(sentence) or not _verbatim(sentence[start + 1 : end], sources):
                yield start, min(end + 1, len(sentence))
            at = end + 1
    for match in _SINGLE.finditer(sentence):
        if not _verbatim(match["said"], sources):
            yield match.span()


def _next(marks: str, text: str, at: int) -> int:
    return next((i for i in range(at, len(text)) if text[i] in marks), len(text))


def _verbatim(said: str, sources: Sequence[Source]) -> bool:
    pattern = re.compile(rf"(?<![^\W_]){re.escape(_flat(said))}(?![^\W_])")
    return any(pattern.search(text) for source in sources for text in source.flat)


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", aligned(text)).strip(" .,;:!?\"'-")


# Names


def _unknown_names(
    sentence: str, tokens: Sequence[_Token], mentions: Sequence[Mention], told: Sequence[_Token]
) -> Iterator[Span]:
    words = {form for token in told for form in _forms(token.word)}
    read = {place for mention in mentions for place in range(mention.start, mention.end)}
    named = [token for n, token in enumerate(tokens) if token.start not in read and _is_name(sentence, tokens, n)]
    for token in named:
        if not _forms(token.word) & words:
            yield token.start, token.end
    for one, two in pairwise(named):
        between = sentence[one.end : two.start]
        if not re.fullmatch(rf"(?:\s|\.|-|\s(?:{'|'.join(_CONNECTORS - {'and'})})\s)+", between):
            continue
        may_part = one.word in _TITLES and not _another_follows(one, told)
        if not may_part and not _together(one, two, told):
            yield one.start, two.end


def _is_name(sentence: str, tokens: Sequence[_Token], n: int) -> bool:
    """Say whether a word is, or may be, part of a name."""
    token = tokens[n]
    if not token.capital or any(char.isdigit() for char in token.word) or token.word == "i":
        return False
    before = sentence[: token.start].rstrip(" \"'“‘«(-–—")
    if before and before[-1] not in ".?!:…":
        return True
    if not token.stem or token.word in _OPENERS:
        return False
    following = tokens[n + 1] if n + 1 < len(tokens) else None
    if following and following.capital and sentence[token.end : following.start] in {" ", "-", ". "}:
        return True
    possessive = sentence[token.end - 2 : token.end] in {"'s", "’s"}
    if possessive or (following and following.word in _SINGULAR):
        return not _COMMON_ENDING.search(token.word)
    return not _COMMON_ENDING.search(token.word) and not token.word.endswith("s")


_SINGULAR = frozenset("is was has does says".split())
_COMMON_ENDING = re.compile(
    r"(?:ly|ing|ed|tions?|sions?|ments?|ness|ity|ism|ous|ive|ary|able|ible|ance|ence|ers|ors|ists|ies|ages|ship|ure)$"
)
_OPENERS = frozenset(
    (
        "according additional additionally afterwards aid air almost already although amid among another anyone "
        "anything approximately around art aside away back bad bank bees best better big black blue both bread "
        "bridge business children city climate close coal come company contrary control council court crime "
        "current customs damage data death debt despite director doctor dozens due earlier early earth education "
        "eight eighty either eleven else energy engineer enough even eventually every everyone everything except "
        "faith far farmer fear fellow ferry few fewer fifteen fifty finally fire first fish five flood fog "
        "following food former forty four free fresh fuel full further gas general given gold good government "
        "grain growth half harvest head health heavy help hence high higher home hope hospital hot hundreds ice "
        "income indeed inflation inside instead iron joint just justice labour land large last late later law "
        "least left legal less like little local long low lower main many market may mayor meanwhile men mere mid "
        "military milk millions mine minister money most much museum national near nearby nearly neither new news "
        "nine ninety nobody none nothing now nuclear officials oil old once one ordinary others otherwise outside "
        "over overall paper part past pay peace people perhaps police poor power present president prior private "
        "production professor profit public rain rather recent record red rent research researcher rice rich right "
        "roughly rye salt sand school science second separate seven seventy several share shortly silver similar "
        "since single six sixty small smoke snow so social soil some someone something soon soviet spokesman "
        "spokeswoman staff state steel still strong such support tax ten third thirteen thirty thousands three "
        "thus time today together tomorrow tonight too top total trade traffic training troops truth turnout "
        "twelve twenty twice two under unemployment unfortunately unlike until upon use various video violence "
        "vote war water wealth weather week well wet wheat when whether white whole wind wine winter women wood "
        "wool work workers world yes yesterday yet young zero"
    ).split()
)
"""Words that open sentences and are no names, though nothing else about them says so."""


def _forms(word: str) -> frozenset[str]:
    """Give the spellings under which a word counts as the same name."""
    forms = {word} | _ALIASES.get(word, frozenset())
    if len(word) > 4 and word.endswith("s"):
        forms.add(word[:-1])
    for ending, mark in ((_DEMONYM, "people"), (_LAND, "land")):
        base = ending.sub("", word)
        if base != word and len(base) >= 4:
            forms.add(f"{base} {mark}")
            forms.add(f"{base} {'land' if mark == 'people' else 'people'}")
    return frozenset(forms)


def _together(one: _Token, two: _Token, told: Sequence[_Token]) -> bool:
    """Say whether two words of a name stand near each other in the sources, in their order."""
    first, second = _forms(one.word), _forms(two.word)
    if len(one.word) > 1 and one.word == two.word:
        return True
    return any(
        bool(first & _forms(token.word)) and any(second & _forms(near.word) for near in told[n + 1 : n + 1 + _NEAR])
        for n, token in enumerate(told)
        if token.word
    )


def _another_follows(title: _Token, told: Sequence[_Token]) -> bool:
    """Say whether a title stands in the sources only before names."""
    places = [n for n, token in enumerate(told[:-1]) if token.word and _forms(token.word) & _forms(title.word)]
    return bool(places) and all(told[n + 1].capital for n in places)


# Words turned around


def _negated(tokens: Sequence[_Token], told: Sequence[_Token]) -> Iterator[Span]:
    """Find a "not" that the sources do not have, and words that it is missing from."""
    denied = {told[target].stem for target in _targets(told)}
    affirmed = {token.stem for n, token in enumerate(told) if token.stem and not _under_negation(told, n)}
    turned = any(token.word in _NEGATORS | _DENYING or token.word.endswith("n't") for token in told)
    for n, token in enumerate(tokens):
        if _is_negator(token):
            target = _target(tokens, n)
            stem = tokens[target].stem if target is not None else ""
            if not turned or (stem and stem in affirmed - denied):
                yield token.start, token.end
        elif token.stem and token.stem in denied - affirmed and not _under_negation(tokens, n):
            yield token.start, token.end


def _is_negator(token: _Token) -> bool:
    return token.word in _NEGATORS or token.word.endswith("n't")


def _targets(tokens: Sequence[_Token]) -> Iterator[int]:
    for n, token in enumerate(tokens):
        if _is_negator(token) and (target := _target(tokens, n)) is not None:
            yield target


def _target(tokens: Sequence[_Token], n: int) -> int | None:
    """Give the first word after a negation that means something."""
    after = range(n + 1, min(len(tokens), n + 1 + _REACH))
    return next((i for i in after if tokens[i].stem and tokens[i].word not in {"one", "longer"}), None)


def _under_negation(tokens: Sequence[_Token], n: int) -> bool:
    return any(_is_negator(token) or token.word in _DENYING for token in tokens[max(0, n - _REACH) : n])


def _opposite(tokens: Sequence[_Token], told: Sequence[_Token]) -> Iterator[Span]:
    """Find words of which the sources hold the opposite alone."""
    there = {token.word for token in told}
    for token in tokens:
        for one, other in _OPPOSITES:
            for ours, theirs in ((one, other), (other, one)):
                if token.word in ours and not ours & there and theirs & there:
                    yield token.start, token.end


def _shares_little(tokens: Sequence[_Token], told: Sequence[_Token]) -> bool:
    stems = {token.stem for token in told}
    ours = [token.stem for token in tokens if token.stem]
    return len(ours) >= _FEW_WORDS and sum(stem in stems for stem in ours) < LEAST_SHARED * len(ours)


def _joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
