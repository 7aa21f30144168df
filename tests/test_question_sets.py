import copy
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conftest import LetterEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import TempPathFactory, fixture, mark, raises

from index import Library
from qa.evaluation import Unit, evaluate
from qa.question_sets import QuestionSet, read_question_set
from qa.questions import JudgementError, RelevantSpan, read_questions

SNOW = "Snow fell in Oster. The snow lay in Oster for a week."
RAIN = "Rain came to Höhe after that."


def answers(*found: tuple[str, int]) -> list[dict[str, Any]]:
    return [{"text": text, "answer_start": start} for text, start in found]


SQUAD: dict[str, Any] = {
    "version": "v2.0",
    "data": [
        {
            "title": "Weather_of_Oster",
            "paragraphs": [
                {
                    "context": SNOW,
                    "qas": [
                        {
                            "id": "q1",
                            "question": "Where did it snow?",
                            "answers": answers(("Oster", 13), ("in Oster", 10), ("Oster", 13)),
                            "is_impossible": False,
                        },
                        {
                            "id": "q2",
                            "question": "Where did it hail?",
                            "answers": [],
                            "plausible_answers": answers(("Oster", 13)),
                            "is_impossible": True,
                        },
                    ],
                },
                {"context": RAIN, "qas": [{"question": "What came?", "answers": answers(("Rain", 0))}]},
            ],
        }
    ],
}

BEIR = {
    "corpus.jsonl": '{"_id": "d1", "title": "Snow", "text": "Snow fell."}\n'
    '{"_id": "no/safe id", "title": "", "text": "Rain came to Oster at night."}\n'
    '{"_id": "d3", "title": "", "text": " "}\n'
    '{"_id": "d4", "title": "Hail", "text": ""}\n',
    "queries.jsonl": '{"_id": "q1", "text": "what fell"}\n{"_id": "q2", "text": "rain?", "metadata": {}}\n'
    '{"_id": "q3", "text": "never judged"}\n{"_id": "q4", "text": "judged, nothing relevant"}\n',
    "qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td4\t1\nq1\tno/safe id\t0\n"
    "q2\tno/safe id\t1\nq4\td1\t0\nq4\td3\t0\n",
}


def squad(folder: Path, content: object) -> Path:
    file = folder / "squad.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return file


def beir(folder: Path, **changed: str) -> Path:
    for name, content in {**BEIR, **{name.replace("__", "/"): text for name, text in changed.items()}}.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    return folder


def changed(**values: object) -> dict[str, Any]:
    """Give the SQuAD set with fields of its first question changed, those that are ... taken out."""
    found = copy.deepcopy(SQUAD)
    row = found["data"][0]["paragraphs"][0]["qas"][0]
    for field, value in values.items():
        if value is ...:
            del row[field]
        else:
            row[field] = value
    return found


def test_a_file_of_ours_is_read_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "ours.jsonl"
    file.write_text('{"id": "q", "question": "What?"}')
    assert read_question_set(file) == QuestionSet(tuple(read_questions(file)), (), Unit.PASSAGE)


def test_squad_contexts_of_one_title_are_one_article(tmp_path: Path) -> None:
    found = read_question_set(squad(tmp_path, SQUAD))
    (article,) = found.articles
    assert article.title == "Weather of Oster"
    assert article.text == f"{SNOW}\n\n{RAIN}"
    assert article.id.startswith("weather-of-oster-")
    assert found.unit is Unit.PASSAGE
    snow, hail, rain = found.questions
    assert snow.relevant == (RelevantSpan(article.id, 13, 18, "Oster"), RelevantSpan(article.id, 10, 18, "in Oster"))
    assert snow.answers == ("Oster", "in Oster")
    assert not hail.answerable
    assert hail.answers == ()
    assert rain.relevant == (RelevantSpan(article.id, len(SNOW) + 2, len(SNOW) + 6, "Rain"),)
    assert rain.id == f"{article.id}-3"


def test_a_flattened_copy_of_squad_reads_the_same(tmp_path: Path) -> None:
    """Copies with an entry a question repeat titles and contexts; the article holds each once."""
    (entry,) = SQUAD["data"]
    flat = [
        {"title": entry["title"], "paragraphs": [{"context": paragraph["context"], "qas": [row]}]}
        for paragraph in entry["paragraphs"]
        for row in paragraph["qas"]
    ]
    assert read_question_set(squad(tmp_path, {"data": flat})) == read_question_set(squad(tmp_path, SQUAD))


@mark.parametrize(
    ("said", "start"),
    [(13, 13), (12, 13), (0, 13), (-9, 13), (14, 13), (24, 13), (25, 36), (36, 36), (99, 36), (10**30, 36)],
)
def test_an_answer_is_taken_where_it_stands_nearest_to_its_start(tmp_path: Path, said: int, start: int) -> None:
    found = read_question_set(squad(tmp_path, changed(answers=answers(("Oster", said)))))
    assert found.questions[0].relevant == (RelevantSpan(found.articles[0].id, start, start + 5, "Oster"),)


def test_squad_without_titles_or_with_whole_numbers_for_ids_is_read(tmp_path: Path) -> None:
    without = changed(id=51870)
    del without["data"][0]["title"]
    found = read_question_set(squad(tmp_path, without))
    assert found.questions[0].id == "51870"
    assert found.articles[0].title == "Snow fell in Oster. The snow lay in Oster for"


def test_no_answers_without_is_impossible_means_unanswerable(tmp_path: Path) -> None:
    found = read_question_set(squad(tmp_path, changed(answers=[], is_impossible=...)))
    assert not found.questions[0].answerable


@mark.parametrize(
    ("change", "named"),
    [
        ({"answers": answers(("hail", 0))}, "question 'q1', field 'data[0].paragraphs[0].qas[0].answers[0].text'"),
        (
            {"answers": [{"text": "Oster"}]},
            "question 'q1', field 'data[0].paragraphs[0].qas[0].answers[0].answer_start'",
        ),
        ({"answers": answers(("", 0))}, "qas[0].answers[0].text'"),
        ({"answers": [3]}, "qas[0].answers[0]'"),
        ({"answers": "Oster"}, "qas[0].answers'"),
        ({"answers": []}, "qas[0].answers'"),
        ({"answers": ..., "is_impossible": ...}, "qas[0].answers'"),
        ({"is_impossible": True}, "qas[0].is_impossible'"),
        ({"is_impossible": "no"}, "qas[0].is_impossible'"),
        ({"question": "?"}, "qas[0].question'"),
        ({"question": "half \ud800"}, "qas[0].question'"),
        ({"question": "zero \0"}, "qas[0].question'"),
        ({"id": "q2"}, "qas[1].id'"),
        ({"id": True}, "qas[0].id'"),
    ],
)
def test_a_wrong_squad_question_is_named(tmp_path: Path, change: dict[str, Any], named: str) -> None:
    with raises(JudgementError) as caught:
        read_question_set(squad(tmp_path, changed(**change)))
    assert "squad.json, " in str(caught.value)
    assert f"{named} is " in str(caught.value)


@mark.parametrize(
    ("content", "said"),
    [
        ("[]", "is not an object"),
        ("{", "is not JSON"),
        ("[" * 200_000, "is not JSON"),
        ({}, "field 'data' is missing"),
        ({"data": [{"title": 3}]}, "field 'data[0].title' is 3"),
        ({"data": [{"title": "A"}]}, "field 'data[0].paragraphs' is missing"),
        ({"data": [{"title": "A", "paragraphs": [{"context": " ", "qas": []}]}]}, "paragraphs[0].context' is empty"),
        ({"data": [{"title": "A", "paragraphs": [{"context": "x"}]}]}, "paragraphs[0].qas' is missing"),
        ({"data": []}, "holds no judged question"),
    ],
)
def test_a_wrong_squad_file_is_named(tmp_path: Path, content: object, said: str) -> None:
    with raises(JudgementError) as caught:
        read_question_set(squad(tmp_path, content))
    assert "squad.json" in str(caught.value)
    assert said in str(caught.value)


def test_beir_judges_whole_articles(tmp_path: Path) -> None:
    found = read_question_set(beir(tmp_path))
    snow, rain, hail = found.articles
    assert (snow.id, snow.title, snow.text) == ("d1", "Snow", "Snow fell.")
    assert (rain.title, rain.text) == ("Rain came to Oster at night.", "Rain came to Oster at night.")
    assert rain.id.startswith("no-safe-id-")
    assert (hail.id, hail.text) == ("d4", "Hail")
    assert found.unit is Unit.ARTICLE
    first, second = found.questions
    assert (first.id, first.question) == ("q1", "what fell")
    assert first.relevant == (RelevantSpan("d1", 0, 10, ""), RelevantSpan("d4", 0, 4, ""))
    assert [span.article for span in second.relevant] == [rain.id]


@mark.parametrize(
    "qrels",
    [
        "q1\td1\t1\n",
        "query-id\tcorpus-id\tscore\nq1\td1\t1.0\n",
        "\ufeffquery-id\tcorpus-id\tscore\r\nq1\td1\t1\r\n\r\n",
        "q1 0 d1 1\nq1 0 d4 -1\n",
        "q1\t0\td1\t1",
        "query Q0 article grade\nq1  0  d1\t1\n",
        "q1 d1 1\nq1 d1 1\n",
    ],
)
def test_judgements_are_read_in_the_forms_they_come_in(tmp_path: Path, qrels: str) -> None:
    (question,) = read_question_set(beir(tmp_path, **{"qrels/test.tsv": qrels})).questions
    assert question.relevant == (RelevantSpan("d1", 0, 10, ""),)


def test_packed_files_and_other_splits_are_read(tmp_path: Path) -> None:
    plain = read_question_set(beir(tmp_path / "plain"))
    for name, content in BEIR.items():
        file = tmp_path / "packed" / (name.replace("test", "dev") + ".gz")
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_bytes(gzip.compress(content.encode()))
    assert read_question_set(tmp_path / "packed", "dev") == plain
    with raises(JudgementError, match=r"holds no qrels/test.tsv \(beside it: dev.tsv.gz\)"):
        read_question_set(tmp_path / "packed")


@mark.parametrize(
    ("name", "content", "said"),
    [
        ("qrels/test.tsv", "q1\td1\t1\nqX\td1\t1\n", "test.tsv, line 2, field 'query-id' is \"qX\""),
        ("qrels/test.tsv", "q1\td1\t1\nq1\tdX\t0\n", "test.tsv, line 2, field 'corpus-id' is \"dX\""),
        ("qrels/test.tsv", "q1\td1\tgood\n", "test.tsv, line 1, field 'score' is \"good\""),
        ("qrels/test.tsv", "q1\td1\t1\nq1\td1\t2\n", "test.tsv, line 2, field 'score' is 2, and before 1"),
        ("qrels/test.tsv", "q1\td3\t1\n", "test.tsv, line 1, field 'corpus-id' is an article without text"),
        ("qrels/test.tsv", "q1\td1\n", "test.tsv, line 1, has 2 fields"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "holds no judged question"),
        (
            "corpus.jsonl",
            '{"_id": "d1", "text": "x"}\n{"_id": "d1", "text": "y"}',
            "line 2, field '_id' is used before",
        ),
        ("corpus.jsonl", '{"_id": "d1"}', "corpus.jsonl, line 1, field 'text' is missing"),
        ("corpus.jsonl", '{"text": "x"}', "corpus.jsonl, line 1, field '_id' is missing"),
        ("corpus.jsonl", "\n[]", "corpus.jsonl, line 2, is not an object"),
        ("corpus.jsonl", "{}\n\udcff", "corpus.jsonl, line 1, field '_id'"),
        ("corpus.jsonl", "\n\udcff", "corpus.jsonl, line 2, is not UTF-8"),
        ("corpus.jsonl", "[" * 200_000, "corpus.jsonl, line 1, is not JSON"),
        ("queries.jsonl", '{"_id": "q1", "text": 3}', "queries.jsonl, line 1, field 'text' is 3"),
        ("queries.jsonl", '{"_id": "q1", "text": "?"}', "queries.jsonl, line 1, field 'text'"),
        ("queries.jsonl", '{"_id": 1, "text": "x"}\n{"_id": "1", "text": "x"}', "line 2, field '_id' is used before"),
    ],
)
def test_a_wrong_beir_row_names_file_line_and_field(tmp_path: Path, name: str, content: str, said: str) -> None:
    with raises(JudgementError) as caught:
        read_question_set(beir(tmp_path, **{name: content}))
    assert said in str(caught.value)


@mark.parametrize("content", [b"", b"plain", gzip.compress(b"{}" * 99)[:-9], b"\x1f\x8b\x08\0" + b"\xff" * 40])
def test_a_broken_packed_file_is_named(tmp_path: Path, content: bytes) -> None:
    (beir(tmp_path) / "corpus.jsonl").unlink()
    (tmp_path / "corpus.jsonl.gz").write_bytes(content)
    with raises(JudgementError, match=r"corpus\.jsonl|corpus-id"):
        read_question_set(tmp_path)


def test_other_kinds_and_missing_files_are_refused(tmp_path: Path) -> None:
    for name in ("questions.csv", "nowhere.json", "nowhere.jsonl", "nowhere"):
        with raises(JudgementError, match=name):
            read_question_set(tmp_path / name)
    with raises(JudgementError, match=r"holds no queries\.jsonl"):
        read_question_set(tmp_path)


@mark.parametrize("kind", ["squad", "beir"])
def test_a_set_evaluates_on_the_articles_it_brings(tmp_path: Path, kind: str) -> None:
    found = read_question_set(squad(tmp_path, SQUAD) if kind == "squad" else beir(tmp_path / "beir"))
    with Library.create(tmp_path / "library", LetterEncoder()) as library:
        assert {outcome.value for outcome in library.add(found.articles)} == {"added"}
        assert len(evaluate(found.questions, library, unit=found.unit).rows) == len(found.questions)


@fixture(scope="module")
def folder(tmp_path_factory: TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mutated")


def read_or_refuse(path: Path) -> None:
    """Read a set that may be wrong; what is read must hold together."""
    try:
        found = read_question_set(path)
    except JudgementError:
        return
    texts = {article.id: article.text for article in found.articles}
    assert len(texts) == len(found.articles)
    assert len({question.id for question in found.questions}) == len(found.questions)
    for question in found.questions:
        for span in question.relevant:
            assert 0 <= span.start < span.end <= len(texts[span.article])
            assert texts[span.article][span.start : span.end].startswith(span.text)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["text", "id", "_id"]), inner),
    max_leaves=4,
)


def places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from places(child, (*path, key))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(places(SQUAD))), VALUES, st.booleans())
def test_squad_with_any_value_anywhere_is_read_or_refused(
    folder: Path, place: tuple[str | int, ...], value: object, remove: bool
) -> None:
    found: Any = copy.deepcopy(SQUAD)
    inner = found
    for key in place[:-1]:
        inner = inner[key]
    if remove:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    read_or_refuse(squad(folder, found))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(BEIR)), st.data())
def test_beir_with_any_bytes_anywhere_is_read_or_refused(folder: Path, name: str, data: st.DataObject) -> None:
    content = BEIR[name].encode()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 12)))
    new = data.draw(st.binary(max_size=6) | st.sampled_from([b'"', b"\n", b"\t", b"null", b"{}", b"1e9", b"\\ud800"]))
    path = beir(folder / "beir")
    (path / name).write_bytes(content[:start] + new + content[end:])
    read_or_refuse(path)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_squad_with_any_bytes_anywhere_is_read_or_refused(folder: Path, data: st.DataObject) -> None:
    content = json.dumps(SQUAD).encode()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 12)))
    file = folder / "bytes.json"
    file.write_bytes(content[:start] + data.draw(st.binary(max_size=6)) + content[end:])
    read_or_refuse(file)
