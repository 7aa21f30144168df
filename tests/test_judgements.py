from index import Library


def test_one_judgement_is_kept_for_each_turn_the_oldest_first(small: Library) -> None:
    state = small.state()
    small.judgements.put("b", 1, "one")
    small.judgements.put("a", 0, "two")
    small.judgements.put("b", 1, "three")
    assert small.judgements.all() == [("b", 1, "three"), ("a", 0, "two")]
    assert small.judgements.of("b") == {1: "three"}
    small.judgements.put("b", 1, "")
    assert small.judgements.of("b") == {}
    assert small.state() == state, "no search sees judgements"
