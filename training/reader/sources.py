"""Read the public question sets as examples, each in the parts that are learnt from, chosen on and reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.parts import Part, clapnq_part, squad_part
from benchmarks.sets import rows
from training.reader.records import Example


def squad_train(data: Path) -> list[list[Example]]:
    """Read SQuAD 1.1: the examples of each paragraph together, paragraphs of an article in order."""
    return [_squad_row(row, "squad-1.1") for row in rows(data / "squad" / "train-v1.1.jsonl.gz")]


def squad_dev(data: Path, part: Part) -> list[Example]:
    """Read the articles of the SQuAD 2.0 half that belong to a part."""
    found = rows(data / "squad" / "dev-v2.0-half.jsonl.gz")
    return [one for row in found if squad_part(row["title"]) is part for one in _squad_row(row, "squad-2.0")]


def clapnq(data: Path, part: Part) -> list[Example]:
    """Read the questions of the CLAPnq half that belong to a part; what is learnt leaves out the passages of MTRAG."""
    judged = {_squeezed(row["text"]) for row in rows(data / "mtrag" / "clapnq" / "passages.jsonl.gz")}
    found = []
    for kind in ("answerable", "unanswerable"):
        for row in rows(data / "clapnq" / f"{kind}-half.jsonl.gz"):
            passage = row["passages"][0]
            text = passage["text"].strip()
            if clapnq_part(str(row["id"])) is not part:
                continue
            if part is Part.LEARN and any(_squeezed(text)[:200] in one for one in judged):
                continue
            selected = {s.strip() for output in row["output"] for s in output.get("selected_sentences") or []} - {""}
            spans = tuple(sorted((text.find(s), text.find(s) + len(s)) for s in selected if s in text))
            if bool(spans) is (kind == "answerable"):
                found.append(Example(row["input"], passage["title"], text, spans, f"clapnq-{kind}", within=True))
    return found


def _squad_row(row: dict[str, Any], source: str) -> list[Example]:
    title = row["title"].replace("_", " ")
    found = []
    for qa in row["qas"]:
        answers = [] if qa.get("is_impossible") else qa["answers"]
        spans = tuple(sorted({(a["answer_start"], a["answer_start"] + len(a["text"])) for a in answers}))
        found.append(Example(qa["question"].strip(), title, row["context"], spans, source))
    return found


def _squeezed(text: str) -> str:
    return "".join(text.split()).lower()
