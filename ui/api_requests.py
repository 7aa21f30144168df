"""What the JSON API is sent, and what is wrong with it, in our words."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

from index import Library, Place
from qa import Turn
from qa.records import Cited
from ui.http_errors import RequestError

NEW = "new"
"""Asked for as a conversation, begins one."""

MOST_ARTICLES = 1000
"""Most articles of one request."""


def _day(value: object) -> date | None:
    if value is None:
        return None
    with suppress(ValueError):
        if isinstance(value, str):
            return date.fromisoformat(value)
    raise ValueError("a date such as 2022-11-14")


def _unicode(value: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise ValueError("Unicode text, no half characters")
    return value


Text = Annotated[str, AfterValidator(_unicode)]
Day = Annotated[date | None, BeforeValidator(_day, json_schema_input_type=str | None)]
Name = Annotated[Text, Field(max_length=200)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EarlierArticle(BaseModel):
    """Name an article that was quoted, and the version of it."""

    id: Name
    version: StrictInt = 0


class EarlierCitation(BaseModel):
    """Name a quote by its place; its words are read in the library."""

    article: EarlierArticle
    start: StrictInt
    end: StrictInt
    answer: tuple[StrictInt, StrictInt] | None = None


class Earlier(BaseModel):
    """An earlier answer, as it came; what is not named here is not read."""

    question: Annotated[Text, Field(max_length=1000)]
    query: Annotated[Text, Field(max_length=4000)] = ""
    citations: Annotated[list[EarlierCitation], Field(max_length=20)] = []


class _Narrowed(_Sent):
    """Hold a question, where it stands, and what is searched for it."""

    question: Annotated[Text, Field(description="At most 1,000 characters.")]
    history: Annotated[
        list[Text | Earlier],
        Field(
            max_length=200, description="The conversation so far, the oldest first: answers as they came, or questions."
        ),
    ] = []
    conversation: Annotated[Name | None, Field(description="The id of a kept conversation, in place of history.")] = (
        None
    )
    after: Annotated[Day, Field(description="Only articles published on this day or later.")] = None
    before: Annotated[Day, Field(description="Only articles published on this day or earlier.")] = None
    as_of: Annotated[Day, Field(description="In the versions of the articles that were current on this day.")] = None
    sources: Annotated[list[Name], Field(max_length=200, description="Only articles of these sources.")] = []
    alone: Annotated[StrictBool, Field(description="Take the question by its own words, whatever was said before.")] = (
        False
    )

    def narrowing(self) -> dict[str, Any]:
        """Give the limits as `answer` and `retrieve` take them."""
        return {
            "after": self.after,
            "before": self.before,
            "sources": self.sources,
            "alone": self.alone,
            "as_of": self.as_of,
        }


class AskRequest(_Narrowed):
    """Ask a question; with a conversation, its answer is kept there, and "new" begins one."""


class RetrieveRequest(_Narrowed):
    """Ask for passages."""

    k: Annotated[StrictInt, Field(ge=1, le=100, description="How many.")] = 5


class ArticlesRequest(_Sent):
    """Bring articles: text, and id, title, author, source, url, published where they are known."""

    articles: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=MOST_ARTICLES)]


class RenameRequest(_Sent):
    """Give a conversation another name."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]


def turns(history: Sequence[str | Earlier], library: Library) -> list[Turn]:
    """Make turns of what a client says was said; quotes are read where they stand, and left out where nothing does."""
    return [Turn(one) if isinstance(one, str) else _turn(one, library) for one in history]


def _turn(earlier: Earlier, library: Library) -> Turn:
    quotes, cited = [], []
    for one in earlier.citations:
        article = library.article(one.article.id, one.article.version)
        if article is None or not 0 <= one.start < one.end <= len(article.text):
            continue
        within = one.answer is not None and one.start <= one.answer[0] < one.answer[1] <= one.end
        quotes.append(article.text[one.start : one.end])
        cited.append(Cited(Place(article.id, one.start, one.end, article.version), one.answer if within else None))
    return Turn(earlier.question, " ".join(quotes), earlier.query, tuple(cited))


_MOST_SHOWN = 60
_EXPECTED = {
    "missing": "it",
    "extra_forbidden": "a field of /api/docs",
    "string_type": "a string",
    "string_unicode": "Unicode text",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "dataclass_type": "an object",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "bool_type": "true or false",
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "too_long": "at most {max_length} of them",
    "too_short": "at least {min_length} of them",
    "literal_error": "one of {expected}",
    "value_error": "{error}",
}


def _shown(value: object) -> str:
    match value:
        case None:
            return "null"
        case dict():
            return "an object"
        case list():
            return f"a list of {len(value)}"
        case str() if len(value) > _MOST_SHOWN:
            return f"{len(value):,} characters"
        case str() | int() | float():
            return repr(value)[:_MOST_SHOWN]
    return "something else"


def invalid(errors: Sequence[Any]) -> RequestError:
    """Say what is wrong with a request, of which pydantic found these errors."""
    first = errors[0]
    kind = first["type"]
    if kind == "json_invalid":
        return RequestError(
            422, "a body that is not JSON", "a JSON object such as those of /api/docs", "Correct the body"
        )
    place = ".".join(str(part)[:60] for part in first["loc"] if part != "body") or "the body"
    found = f"{place} is missing" if kind == "missing" else f"{place}: {_shown(first.get('input'))}"
    if kind == "extra_forbidden":
        found = f"the field {place}, which is not known"
    more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
    context = {name: str(value) for name, value in first.get("ctx", {}).items()}
    expected = _EXPECTED.get(kind, "{otherwise}").format(**context, otherwise=first["msg"])
    return RequestError(422, found + more, expected, "Correct it; /api/docs says what may be sent")
