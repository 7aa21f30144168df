from datetime import UTC, datetime

from index import Library


def test_turns_are_kept_in_order_and_the_latest_conversation_comes_first(small: Library) -> None:
    shelf = small.conversations
    before = datetime.now(UTC)
    assert all([shelf.append("a", "1", "First"), shelf.append("b", "x", "Second"), shelf.append("a", "2", "ignored")])
    assert shelf.turns("a") == ["1", "2"]
    kept = shelf.find("a")
    assert (kept.name, kept.turns) == ("First", 2)
    assert before.replace(microsecond=0) <= kept.started <= kept.changed <= datetime.now(UTC)
    assert {one.id for one in shelf.all()} == {"a", "b"}
    times = [one.changed for one in shelf.all()]
    assert times == sorted(times, reverse=True)


def test_another_owners_conversation_is_as_if_it_were_not_there(small: Library) -> None:
    shelf = small.conversations
    shelf.append("a", "secret", "Mine", owner="one")
    assert shelf.all("two") == shelf.all() == []
    assert shelf.turns("a", "two") == []
    assert shelf.find("a", "two") is None
    assert not shelf.append("a", "forged", "Theirs", owner="two")
    assert not shelf.rename("a", "Theirs", owner="two")
    assert not shelf.delete("a", owner="two")
    assert shelf.turns("a", "one") == ["secret"]
    assert shelf.find("a", "one").name == "Mine"


def test_a_deleted_conversation_is_gone_and_its_id_is_free(small: Library) -> None:
    shelf = small.conversations
    shelf.append("a", "1", "First")
    assert shelf.delete("a")
    assert not shelf.delete("a")
    assert shelf.turns("a") == []
    shelf.append("a", "2", "Anew")
    assert shelf.turns("a") == ["2"]


def test_keeping_a_turn_leaves_the_state_of_the_library_as_it_is(small: Library) -> None:
    state = small.state()
    small.conversations.append("a", "1", "First")
    small.conversations.rename("a", "Second")
    small.conversations.delete("a")
    assert small.state() == state, "the vector index needs no rebuilding for it"


def test_conversations_outlive_the_program(small: Library, tmp_path, letters) -> None:
    small.conversations.append("a", "1", "First")
    small.close()
    with Library.open(tmp_path / "library", letters) as again:
        assert again.conversations.turns("a") == ["1"]


def test_turns_are_revised_in_place_whoever_owns_them(small: Library) -> None:
    shelf = small.conversations
    for turn in ("one", "two"):
        shelf.append("a", turn, "Mine")
    shelf.append("b", "three", "Theirs", owner="them")
    shelf.revise(lambda turns: [turn.replace("t", "T") for turn in turns])
    assert shelf.turns("a") == ["one", "Two"]
    assert shelf.turns("b", "them") == ["Three"]
