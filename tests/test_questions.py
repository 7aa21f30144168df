import json
from pathlib import Path
from typing import Any

from pytest import mark, raises

from qa import Turn
from qa.questions import JudgedQuestion, JudgementError, RelevantSpan, read_questions

ROW: dict[str, Any] = {
    "id": "q1",
    "kind": "follow-up",
    "question": "And then?",
    "history": [{"question": "What first?", "answer": "Rain."}],
    "answerable": True,
    "answers": ["snow"],
    "relevant": [{"article": "a", "start": 3, "end": 7, "text": "snow"}],
}


def write(folder: Path, *rows: dict[str, Any] | str) -> Path:
    file = folder / "q.jsonl"
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))
    return file


def test_a_judged_question_is_read_whole(tmp_path: Path) -> None:
    (question,) = read_questions(write(tmp_path, ROW, ""))
    assert question == JudgedQuestion(
        "q1", "And then?", (Turn("What first?", "Rain."),), (RelevantSpan("a", 3, 7, "snow"),), ("snow",), "follow-up"
    )
    assert question.answerable


def test_a_question_without_spans_is_unanswerable(tmp_path: Path) -> None:
    (question,) = read_questions(write(tmp_path, {"id": "q", "question": "What?"}))
    assert not question.answerable


@mark.parametrize(
    ("change", "field"),
    [
        ({"id": ""}, "'id'"),
        ({"question": 5}, "'question'"),
        ({"history": "none"}, "'history'"),
        ({"history": [{"answer": "x"}]}, "'question'"),
        ({"answerable": False}, "'answerable'"),
        ({"answers": "snow"}, "'answers'"),
        ({"relevant": [{"article": "a", "start": 7, "end": 3, "text": "x"}]}, "'relevant'"),
        ({"relevant": [{"article": "a", "start": "3", "end": 7, "text": "x"}]}, "'relevant'"),
        ({"relevant": [{"start": 3, "end": 7, "text": "x"}]}, "'article'"),
    ],
)
def test_a_wrong_row_names_file_line_and_field(tmp_path: Path, change: dict[str, Any], field: str) -> None:
    with raises(JudgementError) as caught:
        read_questions(write(tmp_path, {**ROW, "id": "q0"}, {**ROW, **change}))
    assert "q.jsonl, line 2" in str(caught.value)
    assert field in str(caught.value)


def test_other_faults_are_named_too(tmp_path: Path) -> None:
    with raises(JudgementError, match="used before"):
        read_questions(write(tmp_path, ROW, ROW))
    with raises(JudgementError, match="line 1, is not JSON"):
        read_questions(write(tmp_path, "{"))
    with raises(JudgementError, match="not an object"):
        read_questions(write(tmp_path, "[]"))
    with raises(JudgementError, match="cannot be read"):
        read_questions(tmp_path / "nowhere.jsonl")


def test_line_separators_inside_a_string_do_not_end_a_line(tmp_path: Path) -> None:
    row = {**ROW, "question": "One\u2028two\u0085three?"}
    (question,) = read_questions(write(tmp_path, json.dumps(row, ensure_ascii=False)))
    assert question.question == row["question"]


@mark.parametrize("line", ["[" * 200_000, '{"id": "q", "question": "half \\ud800 a character"}'])
def test_hostile_lines_are_refused(tmp_path: Path, line: str) -> None:
    with raises(JudgementError):
        read_questions(write(tmp_path, line))
