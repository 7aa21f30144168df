"""What is said to the chat and not asked of the articles: greetings, thanks, questions about the library itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice

from index.engine import Engine
from index.terms import terms
from qa.leaning import bare, fragment
from qa.names import names, person
from qa.records import Aside, Mention, Reply, Turn

SHOWN = 10
"""How many articles a reply lists at most."""
_SAMPLED, _TOPICS = 300, 8
_LONGEST = 200
"""In characters; what is longer is asked of the articles."""

_HERE = (
    r"(?:\s+(?:do you (?:have|know|search|use|hold)|have you(?: got)?|is there|are there|can you (?:search|see|read)|"
    r"are (?:in (?:here|it|(?:the|this|your) library)|available|loaded|included|stored)))?"
)
_SHOW = r"(?:list|show|give|name)(?: me)?(?: all)?(?: of)?(?: the| your| all)*"
_THEIR = r"(?:the|your|these)"
_COURTESY = r"(?:ok(?:ay)?|great|perfect|cool|nice|good|awesome|excellent|fine|got it|i see|alright|wow)"
_SENTENCES = {
    Aside.GREETING: (
        r"(?:hi|hello|hey|hiya|howdy|good (?:morning|afternoon|evening|day))(?: there| footnote| again| everyone)?",
    ),
    Aside.THANKS: (
        rf"(?:{_COURTESY} )*{_COURTESY}",
        rf"(?:{_COURTESY} )*(?:many )?(?:thanks|thank you|thx|ty|cheers)"
        r"(?: a lot| so much| very much| again| footnote)*"
        r"(?: for (?:that|this|your help|the (?:help|answer|info|information)|clarifying))?"
        r"(?: (?:that|this|very|really)(?: was| is| s)? (?:helpful|useful|great|perfect|good|all))?",
    ),
    Aside.BYE: (r"(?:good)? ?bye(?: bye)?", r"see you(?: later| soon)?", r"good night", r"that(?: i)? ?s all"),
    Aside.HELP: (
        r"help(?: me)?",
        r"(?:what|which questions) (?:can|could|should|may|do) (?:you|i|we) "
        r"(?:do|answer|ask|tell me|know|help(?: me)? with)(?: you| about| here)*",
        r"how (?:does this|do you|do i|can i) (?:work|ask|use (?:this|it|you))",
        r"(?:who|what) are you",
        r"what is (?:this|footnote)",
        rf"what are {_THEIR} articles about",
        r"what(?: topics| subjects)? (?:do (?:you|the articles) (?:cover|know)|are covered)(?: about)?",
    ),
    Aside.ARTICLES: (
        rf"(?:which|what|how many) (?:articles|documents|texts|stories|files){_HERE}",
        rf"{_SHOW}(?: \w+)? (?:articles|documents|texts|stories|titles)",
        rf"what(?: i)? ?s in (?:here|{_THEIR} library)",
        rf"how (?:big|large) is {_THEIR} (?:library|collection)",
    ),
    Aside.SOURCES: (
        rf"(?:which|what|how many) (?:sources|outlets|newspapers|publications|publishers){_HERE}",
        rf"{_SHOW} (?:sources|outlets|publications|newspapers)",
        rf"where (?:do|are|does) {_THEIR} (?:articles|answers|information|texts)(?: come)? from",
        rf"what are {_THEIR} sources",
    ),
    Aside.DATES: (
        rf"(?:what|which) (?:period|time span|dates?|years?)(?: range)? do(?:es)? {_THEIR} articles "
        r"(?:cover|span|come from)",
        rf"how (?:old|recent|new|current|up to date) (?:are|is) {_THEIR} (?:articles|information|library)",
        rf"(?:what|which|when) (?:is|was|s) {_THEIR} (?:newest|latest|most recent|oldest|earliest|last|first) article"
        r"(?: from| published)?",
        rf"from when are {_THEIR} articles",
    ),
    Aside.CITED: (
        r"(?:which|what) (?:articles|sources) (?:did|have|do) you (?:cited?|quoted?|used?)(?: so far)?",
        rf"{_SHOW} (?:cited|quoted) (?:articles|sources)",
    ),
}
_RECOGNISED = [(kind, re.compile(one)) for kind, sentences in _SENTENCES.items() for one in sentences]
_VERB = (
    r"(?:mention(?:s|ed)?|names?|talks? about|speaks? (?:of|about)|discuss(?:es)?|covers?|contains?|refers? to|"
    r"writes? about|deals? with|(?:is|are) about|(?:have|has) (?:to do with|the words?)|"
    r"says? (?:anything |something )?about)"
)
_COUNTED = (
    r"(?:in )?(?:how many|which|what|list(?: all| me)*|show(?: me| all)*|count(?: all)*|"
    r"do any|are there any|is there an?|any)"
)
_MENTIONING = re.compile(
    rf"{_COUNTED}(?: of)?(?: the| your| these)* (?:articles?|passages?|texts?|stories|story|documents?|sources?)"
    rf"(?: are there)?(?: that| which| do| does)? {_VERB} (?P<phrase>.+)",
    re.I,
)
_MENTIONED = re.compile(
    r"(?:in )?(?:how (?:often|frequently|many (?:articles|passages|times))) (?:is|are|was|were|does|do) "
    r"(?P<phrase>.+?) (?:mentioned|named|discussed|appear|occur|come up|talked about)"
    r"(?: in (?:the|your|these) articles| altogether| overall)?",
    re.I,
)
_WHICH = re.compile(
    r"(?:and )?(?:which(?: ones?| articles)?|what are they|(?:list|show)(?: me)? (?:them|these))"
    r"(?: are (?:they|these|those))?"
)


def reply(question: str, history: Sequence[Turn], library: Engine) -> Reply | None:
    """Reply to what is not a question to the articles; None when it is one.

    A count looks at all passages, not at those that a search finds.
    """
    kind, phrase = aside(question, history)
    if kind is None:
        return None
    articles, passages = library.counts()
    sources: tuple[tuple[str, int], ...] = ()
    dates: tuple[date | None, date | None, int] = (None, None, 0)
    mentions: tuple[Mention, ...] = ()
    total = holding = 0
    if kind is Aside.MENTIONS:
        found = _holding(phrase, library)
        total, holding = len(found), sum(found.values())
        mentions = _mentions(dict(islice(found.items(), SHOWN)), library)
    elif kind is Aside.CITED:
        places = [one.place for turn in history for one in turn.cited]
        versions = {place.article: place.version for place in places}
        mentions = _mentions(Counter(place.article for place in places), library, versions)
        total, holding = len(mentions), sum(one.passages for one in mentions)
    elif kind is Aside.ARTICLES:
        mentions = tuple(Mention(article, 0) for article in islice(library.articles(), SHOWN))
        total = articles
    elif kind in {Aside.SOURCES, Aside.HELP, Aside.DATES}:
        sources, dates = tuple(library.sources()), library.dates()
    topics = _topics(library) if kind in {Aside.HELP, Aside.GREETING} else ()
    return Reply(kind, articles, passages, phrase, total, holding, mentions, sources, dates, topics)


def aside(question: str, history: Sequence[Turn] = ()) -> tuple[Aside | None, str]:
    """Recognise what is not asked of the articles, with the words to count where a count is asked."""
    said = _said(question)
    if not said or len(said) > _LONGEST:
        return None, ""
    asked = bare(question).strip(" ?!.…")
    match = _MENTIONING.fullmatch(asked) or _MENTIONED.fullmatch(asked)
    if match and _phrases(match["phrase"]):
        return Aside.MENTIONS, _plain(match["phrase"])
    part = fragment(question)
    counts_on = _WHICH.fullmatch(said) or _phrases(part)
    if counts_on:
        counted = _counted_before(history)
        if counted:
            return Aside.MENTIONS, _plain(part) if _phrases(part) else counted
    return next(((kind, "") for kind, pattern in _RECOGNISED if pattern.fullmatch(said)), (None, ""))


def _counted_before(history: Sequence[Turn]) -> str:
    """Give the words that the newest turn counted, "" when it did not count; parts may lean on a count before them."""
    newest = ""
    for turn in reversed(history):
        kind, phrase = aside(turn.question)
        if kind is Aside.MENTIONS:
            return newest or phrase
        part = fragment(turn.question)
        if not _phrases(part) and not _WHICH.fullmatch(_said(turn.question)):
            return ""
        newest = newest or (_plain(part) if _phrases(part) else "")
    return ""


def _said(question: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", question.casefold().replace("’", "'").replace("'", " ")).split())


def _holding(phrase: str, library: Engine) -> dict[str, int]:
    found = library.mentioning(_phrases(phrase))
    parts = re.split(r"\s+(?:and|&)\s+|,\s*", phrase)
    if found or len(parts) == 1:
        return found
    each = [library.mentioning(_phrases(part)) for part in parts if _phrases(part)]
    return {id: sum(one[id] for one in each) for id in each[0] if all(id in one for one in each)} if each else {}


def _phrases(text: str) -> list[list[str]]:
    return [words for words in (terms(part) for part in re.split(r"\s+or\s+", _plain(text))) if words]


def _plain(phrase: str) -> str:
    return re.sub(r"^(?:the words?|the names?|the term)\s+", "", phrase.strip(" ?!.\"'“”‘’"), flags=re.I)


def _mentions(
    counts: Mapping[str, int], library: Engine, versions: Mapping[str, int] | None = None
) -> tuple[Mention, ...]:
    older = versions or {}
    articles = [(library.article(id) or library.article(id, older.get(id, 0)), n) for id, n in counts.items()]
    return tuple(Mention(article, number) for article, number in articles if article)


def _topics(library: Engine) -> tuple[str, ...]:
    """Give the names that most of the newest articles share."""
    found: Counter[str] = Counter()
    for article in islice(library.articles(), _SAMPLED):
        found.update({person(name) for name in names(article.text) if 3 <= len(person(name)) <= 40})
    chosen: list[str] = []
    for name, number in found.most_common(60):
        if number > 1 and not any(name in other or other in name for other in chosen):
            chosen.append(name)
    return tuple(chosen[:_TOPICS])
