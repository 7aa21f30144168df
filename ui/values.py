"""The shapes of the JSON values that the faces give; ui/records.py makes most of them."""

from __future__ import annotations

from typing_extensions import TypedDict


class ArticleValues(TypedDict):
    """An article, without its text."""

    id: str
    title: str
    author: str
    source: str
    url: str
    published: str | None
    version: int


class VersionValues(ArticleValues):
    """A version of an article, the newest one from one day until another; null where that is not known, or not yet."""

    since: str | None
    until: str | None


class PassageValues(TypedDict):
    """The characters from `start` to `end` of an article's text; `pages` are the first and the last of them."""

    article: ArticleValues
    start: int
    end: int
    pages: list[int] | None


class WholeArticleValues(ArticleValues):
    """An article with its text, into which `start` and `end` of citations and hits count characters."""

    text: str


class ArticlePartValues(WholeArticleValues):
    """The characters from `start` to `end` of an article's text, which has `length` of them."""

    start: int
    end: int
    length: int


class CitationValues(PassageValues):
    """A quote: the characters from `start` to `end` of its article's text. `answer` are those that answer.

    `also` are the places in near-copies where the same words stand.
    """

    number: int
    quote: str
    score: float
    answer: list[int] | None
    also: list[PassageValues]


class HitValues(PassageValues):
    """A passage that was found, the best with rank 1; `also` are those of near-copies that say nothing beyond it."""

    rank: int
    score: float
    text: str
    also: list[PassageValues]


class MeasuredValues(TypedDict):
    """In how many of so many cases like this the first quote was right, in tests."""

    right: int
    of: int


class ListedValues(ArticleValues):
    """An article, and how many of its passages hold what was asked for."""

    passages: int


class SourceValues(TypedDict):
    """A source, and how many articles are from it."""

    name: str
    articles: int


class ReplyValues(TypedDict):
    """What the library says about itself."""

    about: str
    articles: int
    passages: int
    phrase: str
    total: int
    holding: int
    listed: list[ListedValues]
    sources: list[SourceValues]
    first_day: str | None
    last_day: str | None
    undated: int
    topics: list[str]


class WrittenSentenceValues(TypedDict):
    """A sentence over quotes, by their numbers; `doubtful` are spans of it that do not stand in them."""

    text: str
    quotes: list[int]
    doubtful: list[list[int]]


class DroppedSentenceValues(TypedDict):
    """A sentence that is not shown, and why."""

    text: str
    because: str


class WrittenValues(TypedDict):
    """What a language model wrote over the quotes; `failed` says why it wrote nothing."""

    model: str
    sentences: list[WrittenSentenceValues]
    dropped: list[DroppedSentenceValues]
    declined: bool
    failed: str | None


class FoundValues(TypedDict):
    """What was found for a question. Without citations the articles do not say; `closest` are no answers."""

    question: str
    query: str
    as_of: str | None
    lean: str
    light_words: list[str]
    gone: list[str]
    found: bool
    citations: list[CitationValues]
    measured: MeasuredValues | None
    closest: list[CitationValues]
    unknown_words: list[str]
    hidden_by: list[str]
    reply: ReplyValues | None
    written: WrittenValues | None


class AnswerValues(FoundValues):
    """What was found for a question, with the passages that were read for it."""

    hits: list[HitValues]


class KeptValues(TypedDict):
    """A kept conversation; times are UTC."""

    id: str
    name: str
    started: str
    changed: str
    turns: int


class ToldValues(AnswerValues):
    """A turn of a kept conversation; `lost` quotes no longer stand in the articles."""

    lost: int


class ConversationValues(TypedDict):
    """A kept conversation with its turns, the oldest first."""

    id: str
    name: str
    started: str
    changed: str
    turns: list[ToldValues]


class ErrorValues(TypedDict):
    """What is wrong, what would be right, what to do."""

    found: str
    expected: str
    do: str


class AskedValues(AnswerValues):
    """An answer; `conversation` is the id of the one it was kept in."""

    conversation: str | None


class HitsValues(TypedDict):
    """Passages, the best first."""

    hits: list[HitValues]


class ArticlesValues(TypedDict):
    """A page of the list of articles, newest first; `total` is how many there are."""

    articles: list[ArticleValues]
    total: int


class ResultValues(TypedDict):
    """What became of one article: added, replaced, unchanged, or refused with an error."""

    id: str | None
    outcome: str
    error: ErrorValues | None


class AddedValues(TypedDict):
    """What became of each article that was sent, in order, and how many of each outcome there are."""

    results: list[ResultValues]
    counts: dict[str, int]


class ConversationsValues(TypedDict):
    """A page of the list of conversations, the latest changed first."""

    conversations: list[KeptValues]
    total: int


class NamedValues(TypedDict):
    """A conversation and its name."""

    id: str
    name: str


class GoneValues(TypedDict):
    """What was deleted."""

    id: str


class StatusValues(TypedDict):
    """What the library holds. `failures` are files that could not be read, told to its owner alone."""

    articles: int
    passages: int
    sources: list[SourceValues]
    first_day: str | None
    last_day: str | None
    undated: int
    may_change: bool
    failures: dict[str, list[str]] | None


class HealthValues(TypedDict):
    """Whether the library can be read."""

    status: str
