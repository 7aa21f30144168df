"""What both faces say about articles and answers, as plain unescaped text."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from index import Article, Library
from index.passages import spoken, spoken_date
from qa import Answer, Citation, Written
from qa.calibration import measured
from qa.records import Aside, Filter, Reply
from qa.writing import WrittenSentence


def day(article: Article) -> str:
    """Write the date of an article, as "15 November 2023"."""
    return spoken_date(article) or "no date"


def byline(article: Article) -> str:
    """Write author, source and date of an article, as "Ann Lee, Hill Gazette, 9 June 2020"."""
    author = article.author if article.author.casefold() != article.source.casefold() else ""
    if len(author) > _LONG_AUTHOR:
        author = author[:_LONG_AUTHOR].rstrip(" ,;") + "…"
    named = [part for part in (author, article.source) if part] or ["no source"]
    return ", ".join([*named, day(article)])


def pages(article: Article, start: int, end: int) -> str:
    """Write the pages that a span stands on, as "p. 12" or "pp. 12–13"; "" where there are none."""
    span = article.pages_of(start, end)
    if span is None:
        return ""
    first, last = span
    return f"p. {first:,}" if first == last else f"pp. {first:,}–{last:,}"


def address(article: Article, start: int = 0, end: int = 0) -> str:
    """Give the address of an article; of a PDF on the web, that of the page on which a span begins."""
    try:
        parts = urlsplit(article.url)
    except ValueError:
        return article.url
    span = article.pages_of(start, end)
    paged = parts.scheme in {"http", "https"} and parts.path.lower().endswith(".pdf") and not parts.fragment
    return f"{article.url.rstrip('#')}#page={span[0]}" if span and paged else article.url


def counted(number: int, singular: str) -> str:
    """Write a number with its noun: "1 article", "1,204 passages"."""
    return f"{number:,} {singular}" if number == 1 else f"{number:,} {singular}s"


def searched(library: Library) -> str:
    """Say how much was searched."""
    articles, passages = library.counts()
    return f"{counted(passages, 'passage')} in {counted(articles, 'article')}"


def query_note(answer: Answer) -> str:
    """Say what was searched, when that is not what was typed; "" otherwise."""
    notes = [f"Searched as: {answer.query}"] if answer.query != answer.question else []
    light = answer.meant.light
    if light:
        more = f" and {len(light) - _LIGHT_SHOWN} more" if len(light) > _LIGHT_SHOWN else ""
        notes.append(f"Words of your earlier questions counted a little: {', '.join(light[:_LIGHT_SHOWN])}{more}")
    return " · ".join(notes)


def gone_note(answer: Answer) -> str:
    """Say which articles quoted before have been removed since; "" when none has."""
    gone = answer.meant.gone
    if not gone:
        return ""
    return f"No longer in the library, though quoted earlier in this conversation: {', '.join(gone)}."


def as_of_note(answer: Answer) -> str:
    """Say as of which day was searched; "" when that is now."""
    return (
        f"As of {spoken(answer.as_of)}, in the versions of the articles that were current then." if answer.as_of else ""
    )


def also_note(citation: Citation) -> str:
    """Say in how many near-copies the quote stands too; "" when in none."""
    number = len(citation.also)
    return f"also in {number:,} {'other' if number == 1 else 'others'}" if number else ""


def lost_note(lost: int) -> str:
    """Say that quotes of a kept conversation no longer stand in the articles; "" when all do."""
    if not lost:
        return ""
    what = "1 quote was" if lost == 1 else f"{lost} quotes were"
    return f"{what} left out: the article, or the version that was quoted, has been removed since."


def reply_lines(reply: Reply) -> list[str]:
    """Say what the library replies to what was not asked of the articles; listed articles are not in it."""
    held = f"{counted(reply.articles, 'article')} ({counted(reply.passages, 'passage')})"
    match reply.aside:
        case Aside.GREETING:
            return [f"Hello. Ask about the {held} here; every answer is quoted from one of them.", *_topics(reply)]
        case Aside.THANKS:
            return ["You are welcome. Ask on, or check a quote by its number."]
        case Aside.BYE:
            return ["Goodbye."]
        case Aside.HELP:
            return [
                f"I answer from {held}, in their own sentences, and say so when they do not hold the answer.",
                *_topics(reply),
                *_period(reply),
                "Ask who, what, when, where, why or how many; then ask on (“and in 2023?”, “who said that?”). "
                "Or ask about the articles: “which articles mention …?”, “list the sources”.",
            ]
        case Aside.ARTICLES:
            return [f"There are {held}.", *_listing(reply, "The newest:")]
        case Aside.SOURCES:
            names = ", ".join(f"{name or 'no source named'} ({counted(n, 'article')})" for name, n in reply.sources)
            return [f"{counted(len(reply.sources), 'source')}: {names}."]
        case Aside.DATES:
            return _period(reply) or ["None of the articles has a date."]
        case Aside.CITED:
            if not reply.listed:
                return ["Nothing has been quoted in this conversation yet."]
            return [f"Quoted in this conversation so far, with how often: {counted(reply.total, 'article')}."]
        case Aside.MENTIONS:
            if not reply.total:
                return [f"None of {held} mentions “{reply.phrase}”; all were looked through."]
            verb = "mentions" if reply.total == 1 else "mention"
            share = f"{reply.total:,} of {counted(reply.articles, 'article')} {verb} “{reply.phrase}”"
            return [
                f"{share}, in {reply.holding:,} of {counted(reply.passages, 'passage')}; all were looked through.",
                *_listing(reply, "The newest of them:"),
            ]


def _listing(reply: Reply, opening: str) -> list[str]:
    return [opening if len(reply.listed) < reply.total else "They are:"] if reply.listed else []


def _topics(reply: Reply) -> list[str]:
    return [f"Often named: {', '.join(reply.topics)}."] if reply.topics else []


def _period(reply: Reply) -> list[str]:
    first, last, undated = reply.dates
    if first is None or last is None:
        return []
    without = f"; {counted(undated, 'article')} without a date" if undated else ""
    return [f"They were published from {spoken(first)} to {spoken(last)}{without}."]


def trust(answer: Answer) -> str:
    """Say how often such an answer was right when it was measured."""
    right, of = measured(answer.confidence, in_conversation=answer.meant.in_conversation)
    return f"In tests, the first quote was right in {right} of {of} cases like this."


def no_answer_notes(answer: Answer) -> list[str]:
    """Say what helps when nothing answers: words that occur nowhere, and filters that hide an answer."""
    notes = []
    if answer.unknown:
        words = ", ".join(f"“{word}”" for word in answer.unknown)
        notes.append(f"No article holds the {'word' if len(answer.unknown) == 1 else 'words'} {words}.")
    if answer.hidden_by:
        notes.append(f"There is an answer outside {' and '.join(_LIMITS[name] for name in answer.hidden_by)}.")
    if not answer.closest:
        notes.append(EMPTY_HINT)
    return notes


def written_head(written: Written) -> str:
    """Say what a language model wrote, or why there is nothing of it."""
    if written.failed:
        return f"{written.model} wrote nothing: {written.failed}"
    if written.declined:
        return f"{written.model} found no answer in the quotes above."
    if not written.sentences:
        return f"Nothing that {written.model} wrote is shown: no sentence of it rests on the quotes above."
    return f"Written by {written.model} from the quotes above; check it:"


def dropped_note(written: Written) -> str:
    """Say which sentences are not shown; "" when all are, or none."""
    if not written.sentences or not written.dropped:
        return ""
    reasons = ", ".join(dict.fromkeys(one.fault.value for one in written.dropped))
    return f"{counted(len(written.dropped), 'sentence')} left out: {reasons}."


def doubtful_parts(sentence: WrittenSentence) -> Iterator[tuple[str, bool]]:
    """Give a written sentence in parts, each with whether the quotes bear it out or it is doubtful."""
    at = 0
    for start, end in sentence.doubtful:
        yield sentence.text[at:start], False
        yield sentence.text[start:end], True
        at = end
    yield sentence.text[at:], False


def parts(citation: Citation) -> tuple[str, str, str]:
    """Give a quote in three: before the words that answer, these, and after; all before where nothing is known."""
    if citation.answer is None:
        return citation.quote, "", ""
    start, end = (place - citation.start for place in citation.answer)
    return citation.quote[:start], citation.quote[start:end], citation.quote[end:]


_LIGHT_SHOWN = 8
_LONG_AUTHOR = 80
_LIMITS = {
    Filter.DATE: "the dates asked for",
    Filter.SOURCE: "the sources asked for",
    Filter.AS_OF: "what there was that day",
}
ALSO_SHOWN = 5
"""How many near-copies are listed by faces that show them at once."""
ALONE = "Searched by these words alone."
DOUBTFUL = "not in the quotes named"
CLOSEST = "Closest, but not an answer:"
NOT_FOUND = "Not in the articles."
EMPTY_HINT = "Try other words; only what the articles say can be found."
