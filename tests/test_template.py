import json
from datetime import date
from pathlib import Path
from typing import Any

from conftest import LetterEncoder
from pytest import fixture, mark, raises

from index import Article, Library
from index.errors import LibraryEmpty
from qa.evaluation import evaluate
from qa.questions import JudgementError, read_questions
from qa.template import template


def rows(library: Library, **options: int) -> list[dict[str, Any]]:
    return [json.loads(line) for line in template(library, **options)]


def texts(found: list[dict[str, Any]]) -> list[str]:
    return [span["text"] for row in found for span in row["relevant"]]


def library_of(folder: Path, *articles: Article) -> Library:
    library = Library.create(folder / "library", LetterEncoder())
    library.add(articles)
    return library


@fixture
def towns(tmp_path: Path) -> Library:
    """Give a library of 60 articles, one a month, each with one sentence that names a person and a year."""
    names = [f"{first}{last}" for first in ("Ald", "Bex", "Cor", "Dun", "Elm", "Fal") for last in "aeiouymnrt"]
    articles = [
        Article(
            name.lower(),
            f"News from {name}",
            f"Mayor {name}quill opened the {name}mill, {name}bridge and {name}school in {2000 + number}.\n\n"
            f"nobody {name}ish asked {name}farmers, {name}fishers or {name}millers.\n\n"
            f"Nothing was said by {name.lower()}farmers, {name.lower()}fishers or others.",
            published=date(2000 + number // 12, number % 12 + 1, 1),
        )
        for number, name in enumerate(names)
    ]
    return library_of(tmp_path, *articles)


def test_each_marked_sentence_stands_where_it_says(small: Library) -> None:
    found = rows(small)
    assert [row["id"] for row in found] == [f"t{number:03}" for number in range(1, len(found) + 1)]
    for row in found:
        assert row["question"] == ""
        for span in row["relevant"]:
            assert small.article(span["article"]).text[span["start"] : span["end"]] == span["text"]


def test_a_filled_template_evaluates(small: Library, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    filled = [{**row, "question": f"What about {row['id']}?"} for row in rows(small)]
    file.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in filled), "utf-8")
    questions = read_questions(file)
    assert [question.answerable for question in questions] == [row["answerable"] for row in filled]
    assert {question.answerable for question in questions} == {True, False}
    assert len(evaluate(questions, small).rows) == len(filled)


def test_an_unfilled_row_is_refused_by_line_and_field(small: Library, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join(template(small)), "utf-8")
    with raises(JudgementError, match="line 1, field 'question' is missing or empty"):
        read_questions(file)


@mark.parametrize(("count", "unanswerable"), [(1, 0), (4, 0), (5, 1), (20, 4), (43, 8)])
def test_a_fifth_are_for_questions_without_an_answer(towns: Library, count: int, unanswerable: int) -> None:
    found = rows(towns, count=count)
    assert len(found) == count
    without = [row for row in found if not row["answerable"]]
    assert len(without) == unanswerable
    assert all("News from " in row["hint"] and row["relevant"] == [] for row in without)
    assert len({row["hint"] for row in without}) == unanswerable
    assert all("hint" not in row and len(row["relevant"]) == 1 for row in found if row["answerable"])


def test_the_sentences_are_spread_over_articles_and_dates(towns: Library) -> None:
    named = [row["relevant"][0]["article"] for row in rows(towns, count=40) if row["relevant"]]
    assert len(set(named)) == 32
    years = [towns.article(id).published.year for id in named]
    assert all(5 <= years.count(year) <= 8 for year in range(2000, 2005))


def test_a_sentence_with_a_name_and_a_number_goes_first(towns: Library) -> None:
    assert all(text.startswith("Mayor ") for text in texts(rows(towns, count=40)))


def test_the_seed_decides(towns: Library) -> None:
    assert list(template(towns, seed=3)) == list(template(towns, seed=3))
    assert list(template(towns, seed=3)) != list(template(towns, seed=4))


def test_headings_fragments_and_questions_are_left_out(tmp_path: Path) -> None:
    text = (
        "# The Big Harbour Report Of Oster 2021\n\nand so it went on in Oster for 12 long days.\n\n"
        "Who paid the 12 men of Oster for it?\n\nOster rests.\n\n- Oster, Brandt and 12 others of the harbour\n\n"
        f"Oster {'very ' * 40}much.\n\nIvo Brandt of Oster paid 12 men on Friday."
    )
    with library_of(tmp_path, Article("a", "A", text)) as library:
        assert texts(rows(library)) == ["Ivo Brandt of Oster paid 12 men on Friday."]


def test_of_near_copies_one_is_taken(tmp_path: Path) -> None:
    said = "Captain Ivo Brandt took the ferry to Oster on {} with nine men."
    articles = [Article(day.lower(), day, said.format(day)) for day in ("Monday", "Tuesday", "Friday")]
    with library_of(tmp_path, *articles) as library:
        assert len(rows(library)) == 1


def test_a_line_stays_a_line_whatever_the_article_holds(tmp_path: Path) -> None:
    text = "Ivo Brandt of\u2028Oster paid\x85 12 men \u2029on Friday."
    with library_of(tmp_path, Article("a", "A", text)) as library:
        (line,) = template(library)
        assert len(line.splitlines()) == 1
        assert texts([json.loads(line)]) == [text]


@mark.parametrize("articles", [(), (Article("a", "A", "Rain. Snow. Hail."),)])
def test_a_library_without_such_a_sentence_is_refused(tmp_path: Path, articles: tuple[Article, ...]) -> None:
    with library_of(tmp_path, *articles) as library, raises(LibraryEmpty, match="no sentence to ask about"):
        template(library)
