import threading
import time
from types import SimpleNamespace

import anyio
from pytest import raises

from ui import work as module
from ui.authority import Visitor
from ui.http_errors import RequestError
from ui.line import Line
from ui.work import Gone, Work


class Request:
    def __init__(self, visitor: Visitor | None = None, address: str = "10.0.0.1", *, left: bool = False) -> None:
        self.left = left
        self.state = SimpleNamespace(visitor=visitor or Visitor())
        self.client = SimpleNamespace(host=address)

    async def is_disconnected(self) -> bool:
        return self.left


def test_so_much_is_done_at_a_time_and_the_loop_goes_on() -> None:
    at_once, most, ticks, guard = 0, 0, 0, threading.Lock()

    def piece() -> int:
        nonlocal at_once, most
        with guard:
            at_once += 1
            most = max(most, at_once)
        time.sleep(0.02)
        with guard:
            at_once -= 1
        return 1

    async def main() -> None:
        nonlocal ticks
        work = Work(Line(2))
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(work.do, piece)
            while most == 0 or at_once:
                ticks += 1
                await anyio.sleep(0.001)

    anyio.run(main)
    assert most == 2
    assert ticks > 1


def test_what_waits_too_much_or_too_long_is_turned_away(monkeypatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 1)
    monkeypatch.setattr(module, "SECONDS", 0.05)
    busy, done = threading.Event(), threading.Event()

    def long() -> None:
        busy.set()
        done.wait(30)

    async def main() -> list[RequestError]:
        work, errors = Work(Line(1)), []

        async def refused() -> None:
            with raises(RequestError) as error:
                await work.do(lambda: None)
            errors.append(error.value)

        async with anyio.create_task_group() as group:
            group.start_soon(work.do, long)
            await anyio.to_thread.run_sync(busy.wait)
            group.start_soon(refused)
            await anyio.sleep(0)
            group.start_soon(refused)
            while len(errors) < 2:
                await anyio.sleep(0.01)
            done.set()
        assert await work.do(lambda: 7) == 7, "the turn is free again"
        return errors

    errors = anyio.run(main)
    assert [(error.status, error.retry_after) for error in errors] == [(503, 2)] * 2


def test_nothing_is_done_for_who_has_left_and_a_failure_gives_its_turn_back() -> None:
    done = []

    async def main() -> None:
        work = Work(Line(1))
        with raises(Gone):
            await work.do(lambda: done.append("for nobody"), Request(left=True))
        with raises(ZeroDivisionError):
            await work.do(lambda: 1 // 0, Request())
        await work.do(lambda: done.append("for somebody"), Request())

    anyio.run(main)
    assert done == ["for somebody"]


def test_readers_have_turns_of_their_own_and_all_programs_of_an_address_share_theirs() -> None:
    reader, program = Visitor("reader", may_change=False), Visitor("fresh", may_change=False, new_reader="cookie")
    done = []

    async def main() -> None:
        work = Work(Line(1))

        async def one(name: str, request: Request) -> None:
            await work.do(lambda: done.append(name), request)

        async with anyio.create_task_group() as group:
            for name, request in [
                *[("program", Request(program, "10.0.0.2"))] * 3,
                ("owner", Request()),
                ("reader", Request(reader, "10.0.0.2")),
            ]:
                group.start_soon(one, name, request)

    anyio.run(main)
    assert done == ["program", "owner", "reader", "program", "program"]
