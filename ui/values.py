"""The shapes of the JSON values that the faces give; ui/records.py makes most of them."""

from __future__ import annotations

from typing_extensions import TypedDict


class ArticleValues(TypedDict):
    """An article, without its text."""

    id: str
    title: str
    source: str
    url: str
    published: str | None


class WholeArticleValues(ArticleValues):
    """An article with its text, into which `start` and `end` of citations and hits count characters."""

    text: str


class ArticlePartValues(WholeArticleValues):
    """The characters from `start` to `end` of an article's text, which has `length` of them."""

    start: int
    end: int
    length: int


class CitationValues(TypedDict):
    """A quote: the characters from `start` to `end` of its article's text. `answer` are those that answer."""

    number: int
    quote: str
    article: ArticleValues
    start: int
    end: int
    score: float
    answer: list[int] | None


class HitValues(TypedDict):
    """A passage that was found, the best with rank 1."""

    rank: int
    score: float
    text: str
    article: ArticleValues
    start: int
    end: int


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


class FoundValues(TypedDict):
    """What was found for a question. Without citations the articles do not say; `closest` are no answers."""

    question: str
    query: str
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
