"""Conversations that outlive the program: kept turn by turn in the library, read again, exported."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from index.errors import FootnoteError
from index.library import Library
from index.records import Article, Passage, Place
from index.shelf import Kept
from index.verbatim import plain
from qa import asides, followup
from qa.leaning import Lean
from qa.records import Answer, Citation, Turn

_MAX_NAME = 80


class ConversationError(FootnoteError):
    """There is no such conversation."""


@dataclass(frozen=True, slots=True)
class Told:
    """Hold one turn of a kept conversation as it can be shown now.

    Of `answer` only the quotes are there that still stand where they were, in a version of their
    article that is kept; `lost` is how many do not.
    """

    answer: Answer
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Conversation:
    """Hold a kept conversation, the oldest turn first."""

    kept: Kept
    told: tuple[Told, ...]

    @property
    def history(self) -> tuple[Turn, ...]:
        """Give the turns as the history of the next question."""
        return tuple(one.answer.turn for one in self.told)


def new_id() -> str:
    """Make an id that cannot be guessed."""
    return uuid.uuid4().hex


def keep(answer: Answer, id: str, library: Library, owner: str = "") -> bool:
    """Add an answer to a conversation, which its first question names; False when the id is another owner's.

    Raises: LibraryUnwritable.
    """
    turn = {
        "question": answer.question,
        "query": answer.query,
        "lean": answer.meant.lean.name,
        "light": list(answer.meant.light),
        "in_conversation": answer.meant.in_conversation,
        "citations": [_written(citation) for citation in answer.citations],
        "closest": [_written(citation) for citation in answer.closest],
        "confidence": round(answer.confidence, 4),
        "unknown": list(answer.unknown),
        "aside": answer.reply is not None,
        "as_of": answer.as_of.isoformat() if answer.as_of else None,
    }
    return library.conversations.append(id, json.dumps(turn, ensure_ascii=False), _named(answer.question), owner)


def reopen(id: str, library: Library, owner: str = "") -> Conversation:
    """Read a conversation; its quotes are taken anew from the articles, each from the version that was quoted.

    Raises: ConversationError, when the owner has none with this id.
    """
    kept = library.conversations.find(id, owner)
    if kept is None:
        raise _missing(id)
    articles: _Articles = {}
    told: list[Told] = []
    for body in library.conversations.turns(id, owner):
        told.append(_told(json.loads(body), [one.answer.turn for one in told], articles, library))
    return Conversation(kept, tuple(told))


def rename(id: str, name: str, library: Library, owner: str = "") -> str:
    """Give a conversation another name; give the name as it is kept.

    Raises: ConversationError, when the owner has none with this id; LibraryUnwritable.
    """
    name = _named(name)
    if not library.conversations.rename(id, name, owner):
        raise _missing(id)
    return name


def delete(id: str, library: Library, owner: str = "") -> None:
    """Delete a conversation.

    Raises: ConversationError, when the owner has none with this id; LibraryUnwritable.
    """
    if not library.conversations.delete(id, owner):
        raise _missing(id)


def forget_lost(library: Library) -> None:
    """Take from kept conversations the words that questions were filled with, where a quote no longer stands.

    They may come from that quote's article. What was typed stays, and so do the places.
    Raises: LibraryUnwritable.
    """
    articles: _Articles = {}

    def revised(bodies: list[str]) -> list[str]:
        turns = [json.loads(body) for body in bodies]
        written = [one for turn in turns for one in (*turn["citations"], *turn["closest"])]
        if len(_read(written, articles, library)) == len(written):
            return bodies
        bare = [{**turn, "query": turn["question"], "light": []} for turn in turns]
        return [json.dumps(turn, ensure_ascii=False) for turn in bare]

    library.conversations.revise(revised)


def _missing(id: str) -> ConversationError:
    return ConversationError(
        f"there is no conversation {id[:80]!r}", "the id of one that is kept", "footnote conversations lists them"
    )


_Articles = dict[tuple[str, int], Article | None]


def _told(turn: dict[str, Any], before: Sequence[Turn], articles: _Articles, library: Library) -> Told:
    question = turn["question"]
    as_of = date.fromisoformat(turn["as_of"]) if turn.get("as_of") else None
    if turn["aside"]:
        said = asides.reply(question, before, library)
        return Told(Answer(question, followup.alone(question), (), (), reply=said, as_of=as_of))
    citations = _read(turn["citations"], articles, library)
    closest = _read(turn["closest"], articles, library)
    meant = followup.remembered(
        question, turn["query"], Lean[turn["lean"]], turn["light"], in_conversation=turn["in_conversation"]
    )
    unknown = tuple(turn["unknown"])
    answer = Answer(question, meant, citations, (), turn["confidence"], closest, unknown, as_of=as_of)
    return Told(answer, len(turn["citations"]) - len(citations))


def _written(citation: Citation) -> dict[str, Any]:
    return {
        "number": citation.number,
        **asdict(citation.place),
        "answer": citation.answer,
        "score": round(citation.score, 4),
        "sha256": _digest(citation.quote),
        "also": [asdict(Place(one.article.id, one.start, one.end, one.article.version)) for one in citation.also],
    }


def _read(written: Sequence[dict[str, Any]], articles: _Articles, library: Library) -> tuple[Citation, ...]:
    found = []
    for one in written:
        article = _quoted(one, articles, library)
        if article is not None:
            start, end = one["start"], one["end"]
            answer = (one["answer"][0], one["answer"][1]) if one["answer"] else None
            also = _also(one.get("also", []), plain(article.text[start:end]), articles, library)
            passage = Passage(article, start, end)
            found.append(Citation(one["number"], passage, start, end, one["score"], answer, also))
    return tuple(found)


def _quoted(one: dict[str, Any], articles: _Articles, library: Library) -> Article | None:
    """Give the article in the version that was quoted, else in the newest one that says the same at that place."""

    def holds(article: Article | None) -> bool:
        return article is not None and _digest(article.text[one["start"] : one["end"]]) == one["sha256"]

    article = _article(one["article"], one.get("version", 0), articles, library)
    if holds(article):
        return article
    return next((version.article for version in library.versions(one["article"]) if holds(version.article)), None)


def _also(places: Sequence[dict[str, Any]], quote: str, articles: _Articles, library: Library) -> tuple[Passage, ...]:
    found = []
    for place in places:
        article = _article(place["article"], place["version"], articles, library)
        if article is not None and plain(article.text[place["start"] : place["end"]]) == quote:
            found.append(Passage(article, place["start"], place["end"]))
    return tuple(found)


def _article(id: str, version: int, articles: _Articles, library: Library) -> Article | None:
    if (id, version) not in articles:
        articles[id, version] = library.article(id, version)
    return articles[id, version]


def _digest(quote: str) -> str:
    return hashlib.sha256(quote.encode()).hexdigest()


def _named(text: str) -> str:
    name = " ".join(text.split()) or "Conversation"
    return name if len(name) <= _MAX_NAME else name[: _MAX_NAME - 1].rsplit(" ", 1)[0] + "…"
