"""Measure many people asking at once: whether each gets their own answer, how long it takes, who is before whom.

`python -m benchmarks.load` serves the demo articles from a folder of its own. Each of 50 visitors, with own cookies,
asks the demo questions one after another for two minutes, in the page's way (Gradio's queue) or by the JSON API: a
conversation for each question and what was said before it. `--by both` lets half of them come by each.
`--strangers` makes all of them visitors without the owner's token, of one address. Memory is the server's alone.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np

import seeds

_PLACE = re.compile(r"(\d+) (?:person|people) before you")
_AT = (10.0, 60.0)
_PATIENCE = 120.0


@dataclass(slots=True)
class Asked:
    """Hold one question's way: when it was sent and answered, and what its line said meanwhile."""

    visitor: int
    sent: float
    answered: float
    places: list[int]
    signed: float = 0.0
    wrong: str = ""


@dataclass(slots=True)
class Seen:
    """Gather what all visitors saw."""

    asked: list[Asked] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    quotes: dict[tuple[str, ...], list[str]] = field(default_factory=dict)
    lost: int = 0
    memory: list[tuple[float, float]] = field(default_factory=list)


class Visitor:
    """Ask as one person does, and compare what comes with what was asked."""

    def __init__(self, number: int, address: str, seen: Seen) -> None:
        self.number = number
        self.client = httpx.AsyncClient(base_url=address, timeout=httpx.Timeout(_PATIENCE))
        self.seen = seen
        self._session = uuid.uuid4().hex[:12]
        self._event: dict[str, int] = {}

    async def visit(self, talks: Sequence[Sequence[str]], until: float, *, by_page: bool) -> None:
        """Hold one conversation after another until the time is over."""
        try:
            await self._arrive(by_page=by_page)
            for talk in talks:
                conversation, done = uuid.uuid4().hex if by_page else "new", 0
                for number in range(len(talk)):
                    if time.perf_counter() > until:
                        break
                    way = self._by_page if by_page else self._by_api
                    try:
                        conversation = await way(talk[: number + 1], conversation)
                        done += 1
                    except (httpx.HTTPError, _Failed) as error:
                        self.seen.errors[f"{type(error).__name__}: {error}"[:120]] += 1
                        await asyncio.sleep(1)
                        break
                if done:
                    await self._kept(conversation, talk[:done])
                if time.perf_counter() > until:
                    return
        finally:
            await self.client.aclose()

    async def _arrive(self, *, by_page: bool) -> None:
        (await self.client.get("/" if by_page else "/api/v1/health")).raise_for_status()
        if not by_page:
            return
        parts = (await self.client.get("/config")).raise_for_status().json()["dependencies"]
        (part,) = [one for one in parts if one["targets"][0][1] == "submit"]
        self._event = {"fn_index": part["id"], "trigger_id": part["targets"][0][0]}

    async def _by_page(self, said: Sequence[str], conversation: str) -> str:
        key = uuid.uuid4().hex
        asked = Asked(self.number, time.perf_counter(), 0.0, [])
        sent = {"key": key, "conversation": conversation, "question": said[-1]}
        body = {"data": [], "event_data": {"question": sent}, "session_hash": self._session, **self._event}
        (await self.client.post("/gradio_api/queue/join", json=body)).raise_for_status()
        shown = ""
        where = f"/gradio_api/queue/data?session_hash={self._session}"
        async with self.client.stream("GET", where) as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                if not line.startswith("data: "):
                    continue
                message = json.loads(line[6:])
                if message["msg"] in {"process_generating", "process_completed"}:
                    if not message["success"]:
                        raise _Failed(str(message["output"]))
                    asked.signed = asked.signed or time.perf_counter()
                    shown = _shown(message["output"]["data"], shown)
                    if found := _PLACE.search(shown):
                        asked.places.append(int(found[1]))
                    if 'data-state="done"' in shown and not asked.answered:
                        asked.answered = time.perf_counter()
                if message["msg"] == "close_stream":
                    break
        if not asked.answered:
            raise _Failed(f"no answer, but {re.sub('<.*?>', '', shown)[:80]!r}")
        ours = re.search(f'data-key="{key}" data-conversation="{conversation}"', shown)
        heading = re.search(r'<h2 class="fn-asked"[^>]*>(.*?)</h2>', shown)
        turn = re.search(r'data-turn="(\d+)"', shown)
        if not (ours and heading and html.unescape(heading[1]) == said[-1]):
            asked.wrong = f"another's answer for {said[-1]!r}"
        elif turn is None or int(turn[1]) != len(said) - 1:
            asked.wrong = f"turn {turn and turn[1]} for {len(said) - 1}"
        self._compare(asked, said, re.findall(r'data-place="([^"]*)"', shown))
        return conversation

    async def _by_api(self, said: Sequence[str], conversation: str) -> str:
        asked = Asked(self.number, time.perf_counter(), 0.0, [])
        response = await self.client.post("/api/v1/ask", json={"question": said[-1], "conversation": conversation})
        response.raise_for_status()
        asked.answered = time.perf_counter()
        answer = response.json()
        if answer["question"] != said[-1] or conversation not in {"new", answer["conversation"]}:
            asked.wrong = f"another's answer for {said[-1]!r}"
        self._compare(asked, said, [f"{one['start']}-{one['end']}" for one in answer["citations"]])
        return str(answer["conversation"])

    def _compare(self, asked: Asked, said: Sequence[str], quotes: list[str]) -> None:
        """Note an answer; the same words after the same words must bring the same quotes to everyone."""
        if self.seen.quotes.setdefault((str(bool(self._event)), *said), quotes) != quotes:
            asked.wrong = asked.wrong or f"other quotes for {said!r}"
        self.seen.asked.append(asked)

    async def _kept(self, conversation: str, said: Sequence[str]) -> None:
        """Read the conversation again: every question, once, in order."""
        try:
            kept = (await self.client.get(f"/api/v1/conversations/{conversation}")).raise_for_status().json()
        except httpx.HTTPError as error:
            self.seen.errors[f"reopening: {error}"[:120]] += 1
            return
        if [turn["question"] for turn in kept["turns"]] != list(said):
            self.seen.lost += 1


class _Failed(Exception):
    """The page's queue told of a failure."""


def _shown(data: Any, before: str) -> str:
    """Give the whole text, of Gradio's first message (the text) or a later one (how it differs from the one before)."""
    changed = data[0]
    if isinstance(changed, str):
        return changed
    for action, _, value in changed:
        before = before + value if action == "append" else value
    return before


def overtaken(asked: Sequence[Asked]) -> int:
    """Count questions that came while another waited, whose visitor was answered twice before that one was."""
    by_visitor: dict[int, list[Asked]] = {}
    for one in asked:
        by_visitor.setdefault(one.visitor, []).append(one)
    return sum(
        1
        for one in asked
        for visitor, others in by_visitor.items()
        if visitor != one.visitor and sum(one.sent < o.sent and o.answered < one.answered for o in others) > 1
    )


async def _measure(address: str, server: int, settings: argparse.Namespace) -> Seen:
    rows = [json.loads(line) for line in seeds.QUESTIONS.read_text("utf-8").splitlines()]
    talks = [[*_questions(row["history"]), row["question"]] for row in rows]
    seen, begun = Seen(), time.perf_counter()
    watching = asyncio.create_task(_watch(server, begun, seen))
    async with asyncio.TaskGroup() as group:
        for number in range(settings.n):
            mixed = random.Random(number).sample(talks, len(talks))
            by_page = settings.by == "page" or (settings.by == "both" and number % 2 == 0)
            visitor = Visitor(number, address, seen)
            group.create_task(visitor.visit(mixed * 20, begun + settings.seconds, by_page=by_page))
    watching.cancel()
    return seen


def _questions(history: Sequence[Any]) -> list[str]:
    return [one if isinstance(one, str) else one["question"] for one in history]


async def _watch(server: int, begun: float, seen: Seen) -> None:
    while True:
        size = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server}/status").read_text())
        if size:
            seen.memory.append((time.perf_counter() - begun, int(size[1]) / 1024))
        await asyncio.sleep(1)


def _print(seen: Seen, settings: argparse.Namespace, load: tuple[float, float, float]) -> None:
    waits = [one.answered - one.sent for one in seen.asked]
    p50, p95 = np.percentile(waits, [50, 95]) if waits else (0.0, 0.0)
    each = Counter(one.visitor for one in seen.asked)
    counts = [each[number] for number in range(settings.n)]
    placed = [one.places for one in seen.asked if one.places]
    rows: list[tuple[str, str]] = [
        ("visitors, seconds, way", f"{settings.n}, {settings.seconds:.0f}, {settings.by}"),
        ("load average before and after", f"{load[0]:.1f}, {os.getloadavg()[0]:.1f}"),
        ("answers", f"{len(seen.asked)}"),
        ("errors", f"{seen.errors.total()}"),
        ("mixed up", f"{sum(bool(one.wrong) for one in seen.asked)}"),
        ("conversations not kept as they were held", f"{seen.lost}"),
        ("question to answer, s: p50, p95, max", f"{p50:.2f}, {p95:.2f}, {max(waits, default=0):.2f}"),
        ("question to first sign, s: p95, max", _signs(seen)),
        ("answers a second", f"{len(seen.asked) / settings.seconds:.1f}"),
        ("answers to one visitor: fewest, most", f"{min(counts)}, {max(counts)}"),
        ("times that another was answered twice meanwhile", f"{overtaken(seen.asked)}"),
        ("questions that were told a place, and highest place", f"{len(placed)}, {max(map(max, placed), default=0)}"),
        ("of those, places that rose", f"{sum(one != sorted(one, reverse=True) for one in placed)}"),
        ("server's memory, MB: " + ", ".join(f"{at:.0f} s" for at in _AT) + ", end", _memory(seen)),
    ]
    print("| | |\n|---|---:|")
    for name, value in rows:
        print(f"| {name} | {value} |")
    for error, number in seen.errors.most_common(5):
        print(f"error, {number} times: {error}")
    for wrong, number in Counter(one.wrong for one in seen.asked if one.wrong).most_common(5):
        print(f"mixed up, {number} times: {wrong}")


def _signs(seen: Seen) -> str:
    signs = [one.signed - one.sent for one in seen.asked if one.signed]
    return f"{np.percentile(signs, 95):.2f}, {max(signs):.2f}" if signs else "none"


def _memory(seen: Seen) -> str:
    def at(seconds: float) -> float:
        return min(seen.memory, key=lambda one: abs(one[0] - seconds))[1]

    return ", ".join(f"{size:.0f}" for size in (*map(at, _AT), seen.memory[-1][1]))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=50, help="visitors (default 50)")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--by", choices=("page", "api", "both"), default="page")
    parser.add_argument("--strangers", action="store_true", help="none of them shows the owner's token")
    settings = parser.parse_args(arguments)
    command = [sys.executable, "-m", "ui.cli"]
    with tempfile.TemporaryDirectory(prefix="footnote-load-") as folder:
        library = ("--library", f"{folder}/library")
        subprocess.run([*command, "add", str(seeds.ARTICLES), *library], check=True, stdout=subprocess.DEVNULL)
        options = ("--host-name", "load.example") if settings.strangers else ()
        with subprocess.Popen([*command, "serve", *library, *options], stdout=subprocess.PIPE, text=True) as server:
            try:
                address = next(
                    found[1]
                    for line in server.stdout or ()
                    if (found := re.search(r"(http://\S+:\d+\S*) \(Ctrl-C stops\)", line))
                )
                load = os.getloadavg()
                seen = asyncio.run(_measure(address, server.pid, settings))
            finally:
                server.send_signal(signal.SIGINT)
                server.wait(30)
    _print(seen, settings, load)
    return int(bool(seen.errors or seen.lost or any(one.wrong for one in seen.asked)))


if __name__ == "__main__":
    sys.exit(main())
