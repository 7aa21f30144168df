import asyncio
from collections.abc import Callable

from ui.line import Line


def moves(told: list[tuple[str, int]], name: str) -> Callable[[int], None]:
    return lambda before: told.append((name, before))


def test_those_who_come_first_are_first_and_the_others_are_told_how_many_come_before() -> None:
    async def scene() -> None:
        line, told, served = Line(1), [], []
        leave = {name: asyncio.Event() for name in "abc"}

        async def visitor(name: str) -> None:
            async with line.place(name, moves(told, name)):
                served.append(name)
                await leave[name].wait()

        async with asyncio.TaskGroup() as group:
            for name in "abc":
                group.create_task(visitor(name))
                await asyncio.sleep(0)
            assert served == ["a"]
            assert told == [("b", 1), ("c", 2)]
            leave["a"].set()
            for _ in range(5):
                await asyncio.sleep(0)
            assert served == ["a", "b"]
            assert told[2:] == [("c", 1)]
            leave["b"].set()
            leave["c"].set()
        assert served == ["a", "b", "c"]

    asyncio.run(scene())


def test_one_who_asks_much_does_not_hold_up_another() -> None:
    async def scene() -> list[str]:
        line, served = Line(2), []

        async def visitor(name: str) -> None:
            async with line.place(name, lambda _: None):
                served.append(name)
                await asyncio.sleep(0.001)

        async with asyncio.TaskGroup() as group:
            for name in [*["greedy"] * 20, "other"]:
                group.create_task(visitor(name))
        return served

    served = asyncio.run(scene())
    assert len(served) == 21
    assert served.index("other") <= 3


def test_turns_go_round_also_where_all_places_are_taken_by_others() -> None:
    async def scene() -> list[str]:
        line, served = Line(1), []

        async def visitor(name: str) -> None:
            async with line.place(name):
                served.append(name)
                await asyncio.sleep(0)

        async with asyncio.TaskGroup() as group:
            for name in [*["a"] * 4, *["b"] * 2, "c"]:
                group.create_task(visitor(name))
        assert not line._latest, "nothing is remembered of who has gone"
        return served

    assert "".join(asyncio.run(scene())) == "abcabaa"


def test_one_who_leaves_while_waiting_or_being_served_frees_the_place() -> None:
    async def scene() -> bool:
        line = Line(1)
        holding = asyncio.Event()

        async def visitor(name: str) -> bool:
            async with line.place(name, lambda _: None):
                holding.set()
                if name != "last":
                    await asyncio.sleep(60)
                return True

        first, second = asyncio.create_task(visitor("first")), asyncio.create_task(visitor("second"))
        await holding.wait()
        last = asyncio.create_task(visitor("last"))
        await asyncio.sleep(0)
        second.cancel()
        first.cancel()
        return await asyncio.wait_for(last, 5)

    assert asyncio.run(scene())
