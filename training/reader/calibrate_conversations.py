"""Fit what the scores of the reader in conversation are worth, and report that on other conversations.

    python -m training.reader.calibrate_conversations DATA [--libraries DIR] [--reader FILE]

DATA is the folder that benchmarks/sets.py reads. What it prints goes into qa/calibration.py.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import qa.reading_model
from benchmarks.answer_sets import load_answers, part_of
from benchmarks.demo_conversations import part_of_conversations
from benchmarks.parts import Part
from benchmarks.quality import ROOT, demo, filled
from index import Library
from qa import Turn, answer
from qa.calibration import THRESHOLD, WEIGHTS
from qa.questions import JudgedQuestion
from training.reader.calibrate import Group, best, bins, fit, group, line

_NEAR = 0.03
_ABOUT_SOMETHING_ELSE = 180


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.reader.calibrate_conversations")
    parser.add_argument("data", type=Path)
    parser.add_argument("--libraries", type=Path, default=ROOT / ".footnote" / "quality")
    parser.add_argument("--reader", type=Path, default=qa.reading_model.FILE)
    settings = parser.parse_args(arguments)
    qa.reading_model.FILE = settings.reader
    with filled(demo().articles, settings.libraries / "answers-seeds") as library:
        chosen, reported = (_told(part, library) for part in (Part.CHOOSE, Part.REPORT))
        elsewhere = _elsewhere(settings.data, library)
    weights = fit([chosen], near=WEIGHTS, decay=_NEAR)
    print(f"WEIGHTS_IN_CONVERSATION = {[round(float(w), 3) for w in weights]}")
    others = [best(one, weights)[0] for one in elsewhere]
    print(
        f"questions about something else: 97% have a confidence below {np.quantile(others, 0.97):.2f}, n={len(others)}"
    )
    for name, groups in (("chosen on", chosen), ("reported", reported)):
        print(line(f"demo conversations, {name}", groups, weights, THRESHOLD))
    for low, high, right, n in bins(reported, weights, THRESHOLD, 3):
        print(f"confidence {low:.2f}-{high:.2f}: first quote right {right:.3f}, n={n}")


def _told(part: Part, library: Library) -> list[Group]:
    """Ask the later turns of the demo conversations, each after the answers to those before."""
    found = []
    for turns in part_of_conversations(part):
        history: list[Turn] = []
        for turn in turns:
            if history:
                found.append(group(JudgedQuestion("", turn.question, tuple(history), turn.relevant), library, own=True))
            history.append(answer(turn.question, library, history=history).turn)
    return found


def _elsewhere(data: Path, library: Library) -> list[Group]:
    """Ask SQuAD's questions in the demo conversations."""
    begun = [answer(turns[0].question, library).turn for turns in part_of_conversations(Part.CHOOSE)]
    asked = [
        q
        for q in load_answers("squad-answers", data).questions
        if part_of("squad-answers", q) is Part.CHOOSE and q.answerable
    ]
    return [
        group(JudgedQuestion("", q.question, (begun[i % len(begun)],)), library, own=True)
        for i, q in enumerate(asked[:_ABOUT_SOMETHING_ELSE])
    ]


if __name__ == "__main__":
    main()
