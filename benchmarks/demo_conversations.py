"""The demo conversations, with what their turns mean and what answers them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import seeds
from benchmarks.parts import Part
from qa.questions import RelevantSpan


@dataclass(frozen=True, slots=True)
class JudgedTurn:
    """Hold one turn of a demo conversation; `standalone` is the same question written to stand alone."""

    question: str
    standalone: str
    kind: str
    needs: str
    relevant: tuple[RelevantSpan, ...]


def conversations() -> Iterator[tuple[str, list[JudgedTurn]]]:
    """Read the demo conversations, each with its id."""
    with seeds.CONVERSATIONS.open(encoding="utf-8") as stream:
        for line in stream:
            values = json.loads(line)
            yield (
                values["id"],
                [
                    JudgedTurn(
                        turn["question"],
                        turn["standalone"],
                        turn["kind"],
                        turn["needs"],
                        tuple(RelevantSpan(**span) for span in turn["relevant"]),
                    )
                    for turn in values["turns"]
                ],
            )


def part_of_conversations(part: Part) -> Iterator[list[JudgedTurn]]:
    """Read the demo conversations that are chosen on, the odd ones, or reported, the even ones."""
    return (turns for id, turns in conversations() if part_of_conversation(id) is part)


def part_of_conversation(id: str) -> Part:
    """Say what a demo conversation is for: the odd ones to choose, the even ones to report."""
    return Part.CHOOSE if int(id[1:]) % 2 else Part.REPORT
