"""The demo articles and their questions: well formed, exact, ours."""

import re
from collections import Counter
from datetime import date
from pathlib import Path

from pytest import fixture, mark, skip

import seeds
from benchmarks.demo_conversations import conversations
from index import Article
from index.files import article_files, read_articles
from qa.questions import JudgedQuestion, read_questions

QUESTIONS = read_questions(seeds.QUESTIONS)
REAL = Path(__file__).parent.parent.parent / "shared" / "seeds"


@fixture(scope="module")
def articles() -> dict[str, Article]:
    files, others, errors = article_files([seeds.ARTICLES])
    assert (others, errors) == ([], [])
    return {article.id: article for file in files for article in read_articles(file) if isinstance(article, Article)}


def test_each_article_says_where_and_when_it_is_from(articles: dict[str, Article]) -> None:
    assert len(articles) >= 12
    for file in seeds.ARTICLES.iterdir():
        article = articles[file.stem]
        assert "\nlicense: CC0-1.0\n" in file.read_text("utf-8")
        assert article.source == "Footnote demo desk"
        assert date(2022, 1, 1) < article.published < date(2024, 12, 31)
        assert 250 <= len(article.text.split()) <= 600


@mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_each_judged_span_stands_where_it_says(question: JudgedQuestion, articles: dict[str, Article]) -> None:
    for span in question.relevant:
        assert articles[span.article].text[span.start : span.end] == span.text
    for answer in question.answers:
        assert any(answer in span.text for span in question.relevant), answer


def test_there_are_questions_of_every_kind() -> None:
    kinds = Counter(question.kind for question in QUESTIONS)
    assert len(QUESTIONS) >= 60
    assert set(kinds) == {"single-fact", "two-dates", "who-said", "number", "explain", "follow-up", "unanswerable"}
    assert sum(not question.answerable for question in QUESTIONS) >= 15
    assert all(question.history for question in QUESTIONS if question.kind == "follow-up")


def test_the_conversations_are_judged_and_of_every_kind(articles: dict[str, Article]) -> None:
    told = list(conversations())
    turns = [turn for _, some in told for turn in some]
    assert len({id for id, _ in told}) == len(told) >= 30
    for turn in turns:
        assert turn.question.strip()
        assert turn.standalone.strip()
        for span in turn.relevant:
            assert articles[span.article].text[span.start : span.end] == span.text
    kinds = Counter(turn.kind for turn in turns)
    assert set(kinds) == {"first", "follow-up", "topic change"}
    assert kinds["follow-up"] >= 100
    assert kinds["topic change"] >= 20
    assert all(some[0].kind == "first" and len(some) >= 3 for _, some in told)
    assert {turn.needs for turn in turns if turn.kind == "follow-up"} == {
        "pronoun", "ellipsis", "place or event", "date", "correction", "who said", "count or list", "why or how"
    }  # fmt: skip


def test_no_sentence_is_taken_from_the_articles_that_gave_the_facts(articles: dict[str, Article]) -> None:
    if not REAL.is_dir():
        skip(f"LOUDLY: {REAL} is not here, so the demo articles were not compared with their sources")

    def runs(text: str) -> set[tuple[str, ...]]:
        words = re.findall(r"\w+", text.lower().replace("’", ""))
        return {tuple(words[i : i + 9]) for i in range(len(words) - 8)}

    theirs = set().union(*(runs(file.read_text("utf-8")) for file in REAL.glob("*.txt")))
    for article in articles.values():
        assert not runs(article.text) & theirs, article.id
