"""Judged questions, as JSON lines: what was asked and which spans of which articles answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import FootnoteError
from qa.records import Turn


class JudgementError(FootnoteError):
    """A file of judged questions is not one."""


@dataclass(frozen=True, slots=True)
class RelevantSpan:
    """Mark characters of an article that answer a question; `text` is what stands there."""

    article: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """Hold a question with its judgement; no relevant span means that the articles do not answer it."""

    id: str
    question: str
    history: tuple[Turn, ...] = ()
    relevant: tuple[RelevantSpan, ...] = ()
    answers: tuple[str, ...] = ()
    kind: str = ""

    @property
    def answerable(self) -> bool:
        return bool(self.relevant)


def read_questions(file: Path) -> list[JudgedQuestion]:
    """Read judged questions, one JSON object a line.

    Fields: id, question; optional kind, history (question, answer), relevant (article, start,
    end, text), answers, answerable, which must agree with relevant.
    Raises: JudgementError, naming file, line and field.
    """
    questions: dict[str, JudgedQuestion] = {}
    try:
        lines = file.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise JudgementError(
            f"{file} cannot be read ({error})", "a UTF-8 file of JSON lines", "Check the path"
        ) from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        row = _Row(f"{file}, line {number}")
        question = row.question(line)
        if question.id in questions:
            raise row.wrong("id", f"used before: {question.id!r}", "an id of its own")
        questions[question.id] = question
    return list(questions.values())


class _Row:
    def __init__(self, where: str) -> None:
        self._where = where

    def wrong(self, field: str, found: str, expected: str) -> JudgementError:
        return JudgementError(f"{self._where}, field {field!r} is {found}", expected, "Correct the line")

    def question(self, line: str) -> JudgedQuestion:
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise JudgementError(
                f"{self._where}, is not JSON ({error})", "one JSON object a line", "Correct it"
            ) from error
        if not isinstance(values, dict):
            raise JudgementError(f"{self._where}, is not an object", "a JSON object", "Correct the line")
        relevant = tuple(self._spans(values))
        answerable = values.get("answerable", bool(relevant))
        if answerable is not bool(relevant):
            raise self.wrong("answerable", json.dumps(answerable), "true with relevant spans, false without")
        history = tuple(
            Turn(self._text(turn, "question"), self._text(turn, "answer", ""))
            for turn in self._objects(values, "history")
        )
        answers = values.get("answers", [])
        if not isinstance(answers, list) or not all(isinstance(answer, str) for answer in answers):
            raise self.wrong("answers", json.dumps(answers)[:80], "a list of strings")
        return JudgedQuestion(
            self._text(values, "id"),
            self._text(values, "question"),
            history,
            relevant,
            tuple(answers),
            self._text(values, "kind", ""),
        )

    def _spans(self, values: dict[str, Any]) -> Iterator[RelevantSpan]:
        for span in self._objects(values, "relevant"):
            start, end = span.get("start"), span.get("end")
            if not (type(start) is int and type(end) is int and 0 <= start < end):
                raise self.wrong("relevant", f"start {start!r}, end {end!r}", "whole numbers, 0 <= start < end")
            yield RelevantSpan(self._text(span, "article"), start, end, self._text(span, "text"))

    def _objects(self, values: dict[str, Any], field: str) -> list[dict[str, Any]]:
        found = values.get(field, [])
        if not isinstance(found, list) or not all(isinstance(value, dict) for value in found):
            raise self.wrong(field, json.dumps(found)[:80], "a list of objects")
        return found

    def _text(self, values: dict[str, Any], field: str, default: str | None = None) -> str:
        found = values.get(field, default)
        if not isinstance(found, str) or (default is None and not found.strip()):
            raise self.wrong(field, "missing or empty" if not found else json.dumps(found)[:80], "a string")
        if any("\ud800" <= char <= "\udfff" for char in found):
            raise self.wrong(field, "half a character", "Unicode text")
        return found
