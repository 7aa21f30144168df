"""What is cited, given what was read; the scores are written by hand."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from pytest import MonkeyPatch, approx, fixture

import qa.reader
from index import Article, Library, Passage
from index.records import Hit
from qa.followup import alone
from qa.reader import FEATURES, candidates, read, reread, titled
from qa.reading_model import Scores

HARBOUR = Article(
    "harbour",
    "The harbour",
    "Ivo Brandt runs the ferry. He has run it for nine years. Fog held it up on Friday.\n\n# Bread\n\nRosa Quint bakes rye.",
    source="Harbour Post",
)
COPY = Article("copy", "The harbour again", "Ivo Brandt runs the ferry. So they say.", source="Oster Weekly")


@fixture
def library(tmp_path, letters) -> Library:
    with Library.create(tmp_path / "library", letters) as made:
        made.add([HARBOUR, COPY])
        yield made


@fixture
def scored(monkeypatch: MonkeyPatch):
    """Make each passage score as the marked words say: {words: score of the span that is these words}."""

    def set_scores(marked: dict[str, float]) -> None:
        def fake(question: str, passages: Sequence[tuple[str, str]], said: Sequence[str]) -> list[list[Scores]]:
            return [[scores(text)] for _, text in passages]

        def scores(text: str) -> Scores:
            words = [(i, i + len(word)) for word in set(text.split()) for i in starts(text, word)]
            places = np.array(sorted(words)).reshape(-1, 2)
            begin, end = np.full((2, len(places)), -9.0)
            for said, value in marked.items():
                if said in text:
                    at = text.index(said)
                    begin[(places[:, 0] <= at).nonzero()[0][-1]] = value / 2
                    end[(places[:, 1] >= at + len(said)).nonzero()[0][0]] = value / 2
            best = max([value for said, value in marked.items() if said in text], default=-9)
            return Scores(best, places, begin, end, 0.0)

        monkeypatch.setattr(qa.reader, "read_passages", fake)

    def starts(text: str, word: str) -> list[int]:
        return [i for i in range(len(text)) if text.startswith(word, i) and (i == 0 or text[i - 1].isspace())]

    monkeypatch.setattr(qa.reader, "WEIGHTS", np.array([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], np.float32))
    monkeypatch.setattr(qa.reader, "THRESHOLD", 0.5)
    return set_scores


def hits(library: Library) -> list[Hit]:
    passages = [passage for id in ("harbour", "copy") for passage in library.passages(id)]
    return [Hit(passage, 1 / rank, rank) for rank, passage in enumerate(passages, start=1)]


def test_the_sentence_around_the_best_words_is_cited(library: Library, scored) -> None:
    scored({"nine years.": 4.0})
    reading = read(alone("For how long?  ferry"), hits(library), library)
    (citation,) = reading.citations
    assert (citation.quote, citation.short) == ("He has run it for nine years.", "nine years.")
    assert reading.confidence == approx(1 / (1 + math.exp(-4)), abs=0.01)
    assert reading.closest == ()


def test_under_the_threshold_nothing_is_cited_and_the_two_closest_are_named(library: Library, scored) -> None:
    scored({"nine years.": -2.0, "Fog": -1.0})
    reading = read(alone("ferry"), hits(library), library)
    assert reading.citations == ()
    assert [one.quote for one in reading.closest] == ["Fog held it up on Friday.", "He has run it for nine years."]
    assert [one.answer for one in reading.closest] == [None, None]
    assert reading.confidence < 0.5


def test_a_second_article_that_says_the_same_is_cited_once_where_its_words_are_the_same(
    library: Library, scored
) -> None:
    scored({"Ivo Brandt": 4.0})
    assert [one.quote for one in read(alone("ferry"), hits(library), library).citations] == [
        "Ivo Brandt runs the ferry."
    ]


def test_a_sentence_of_a_near_copy_with_a_word_changed_is_no_second_quote(library: Library, scored) -> None:
    text = "\n\n".join(f"Ivo Brandt runs the ferry {i} times a day from the {i} piers of Oster." for i in range(30, 42))
    other = text.replace("runs the ferry 30", "sails the ferry 30")
    changed = text.replace("ferry 30 times", "ferry 29 times")
    for id, body in (("one", text), ("two", other), ("three", changed)):
        library.add([Article(id, "Ferries", body)])
    found = [Hit(library.passages(id)[0], 1.0, rank) for rank, id in enumerate(("one", "two", "three"), start=1)]
    scored({"30 times": 5.0, "29 times": 5.0})
    quotes = [one.quote.split(" times")[0] for one in read(alone("ferry"), found, library).citations]
    assert len(quotes) == 2
    assert {quote[-2:] for quote in quotes} == {"30", "29"}, "another number says something else"


def test_what_was_quoted_is_no_more_to_be_said_in_another_place(library: Library, scored) -> None:
    scored({"Ivo Brandt": 4.0})
    first = read(alone("ferry"), hits(library), library).citations[0]
    again = replace(alone("ferry"), besides=(first.place,))
    reading = read(again, hits(library), library)
    assert first.quote not in [one.quote for one in (*reading.citations, *reading.closest)]


def test_a_second_sentence_must_be_nearly_as_likely(library: Library, scored) -> None:
    scored({"nine years.": 5.0, "Fog": 4.9})
    assert len(read(alone("ferry"), hits(library), library).citations) == 2
    scored({"nine years.": 5.0, "Fog": 2.0})
    assert len(read(alone("ferry"), hits(library), library).citations) == 1


def test_a_heading_is_not_quoted(library: Library, scored) -> None:
    scored({"Bread": 5.0})
    reading = read(alone("bread"), hits(library), library)
    assert all("#" not in one.quote for one in (*reading.citations, *reading.closest))


def test_nothing_read_is_no_answer(library: Library, scored) -> None:
    scored({})
    assert read(alone("ferry"), [], library).citations == ()
    assert read(alone("who is it"), hits(library), library).confidence == 0


def test_features_tell_of_numbers_and_names_that_are_not_there(library: Library, scored) -> None:
    scored({"nine years.": 4.0})
    columns = {name: i for i, name in enumerate(FEATURES)}
    _, rows = candidates(alone("Did Ivo Brandt sail with Hilda Moss in 1987?"), hits(library)[:1], library)
    assert rows[0, columns["a number of the question is not there"]] == 1
    assert rows[0, columns["share of the names of the question that are not there"]] == approx(0.5)
    _, rows = candidates(alone("Did Ivo Brandt run the ferry?"), hits(library)[:1], library)
    assert rows[0, columns["a number of the question is not there"]] == 0
    assert rows[0, columns["words of the question in title, date and passage, by rarity"]] == approx(1)


def test_the_title_that_is_read_tells_the_date() -> None:
    from conftest import BAKERY

    assert titled(BAKERY) == "A bakery opens on Mill Lane (2 March 2021)"
    assert titled(HARBOUR) == "The harbour"


def test_a_sentence_of_another_year_is_told(library: Library, scored) -> None:
    scored({"nine years.": 4.0})
    column = FEATURES.index("speaks of another year")

    def told(question: str, text: str, published: date | None) -> float:
        article = Article("a", "A", text, published=published)
        passage = Passage(article, 0, len(text))
        return candidates(alone(question), [Hit(passage, 1.0, 1)], library)[1][0, column]

    assert told("Who ran it in 1987?", "He has run it for nine years.", date(1990, 1, 1)) == 1
    assert told("Who ran it in 1987?", "In 1987 he has run it for nine years.", date(1990, 1, 1)) == 0
    assert told("Who ran it in 1987?", "He has run it for nine years.", date(1987, 1, 1)) == 0
    assert told("Who ran it in 1987?", "He has run it for nine years.", None) == 0
    assert told("Who ran it?", "He has run it for nine years.", date(1990, 1, 1)) == 0


def test_passages_are_reread_by_their_best_sentence(library: Library, scored) -> None:
    first, second = hits(library)
    scored({"So they": 6.0, "nine years.": 1.0})
    assert reread(alone("ferry"), [first, second], library) == [second, first]
    scored({"So they": 1.0, "nine years.": 6.0})
    assert reread(alone("ferry"), [first, second], library) == [first, second]
