from pytest import mark

from qa.leaning import Lean, bare, correction, fragment, lean, subject


@mark.parametrize(
    "question",
    [
        "Who is the White House press secretary?",
        "What did Captain Brandt say about that storm?",
        "How many kinds of bread does Rosa Quint sell?",
        "Is there a ferry to Oster on Sundays?",
        "Where do guinea pigs sleep in the wild?",
        "Is it true that guinea pigs are raised for food?",
        "Thanks! How old is the harbour of Oster?",
        "who is the governor of california",
        "What did Biden say when he arrived?",
    ],
)
def test_some_questions_stand_alone(question: str) -> None:
    assert lean(question) is Lean.NONE


@mark.parametrize(
    ("question", "how"),
    [
        ("Who said that?", Lean.WHO_SAID),
        ("and who told it?", Lean.WHO_SAID),
        ("Tell me more.", Lean.MORE),
        ("anything else?", Lean.MORE),
        ("Who else?", Lean.MORE),
        ("What happened the year before?", Lean.SHIFTED),
        ("And in 2023?", Lean.FRAGMENT),
        ("what about Taiwan", Lean.FRAGMENT),
        ("Why?", Lean.FRAGMENT),
        ("how long?", Lean.FRAGMENT),
        ("No, I meant Blinken.", Lean.CORRECTION),
        ("I meant the second one", Lean.CORRECTION),
        ("When did she arrive?", Lean.PERSON),
        ("Who is his opposite number in China?", Lean.PERSON),
        ("Did Xi see him?", Lean.PERSON),
        ("Does it oblige America to send soldiers?", Lean.POINTER),
        ("What was agreed there?", Lean.POINTER),
        ("When was the first of them?", Lean.POINTER),
        ("can China even do that?", Lean.POINTER),
        ("What prizes?", Lean.SHORT),
        ("And how many people came to the fair?", Lean.SHORT),
    ],
)
def test_others_lean_on_what_was_said_before(question: str, how: Lean) -> None:
    assert lean(question) is how


@mark.parametrize("question", ["", "?!", " ", "…", "a" * 5000, "\x00", "and " * 300, "(((", "no", "I meant"])
def test_any_text_can_be_told(question: str) -> None:
    assert isinstance(lean(question), Lean)


@mark.parametrize(
    ("question", "left"),
    [
        ("Thanks! And where was that?", "where was that?"),
        ("Ok, so what happened?", "what happened?"),
        ("Speaking of bread, who bakes it?", "bread, who bakes it?"),
        ("No, I mean who bakes it?", "who bakes it?"),
        ("Thanks!", "Thanks!"),
        ("What is bread?", "What is bread?"),
    ],
)
def test_what_only_opens_a_turn_is_taken_off(question: str, left: str) -> None:
    assert bare(question) == left


@mark.parametrize(
    ("question", "part"),
    [
        ("And in 2023?", "in 2023"),
        ("what about Rosa Quint?", "Rosa Quint"),
        ("How long?", "How long"),
        ("And who is the mayor?", ""),
        ("What about the man who sells the bread on Mill Lane every Friday?", ""),
        ("Bread", ""),
    ],
)
def test_the_part_of_a_question_that_a_turn_consists_of(question: str, part: str) -> None:
    assert fragment(question) == part


@mark.parametrize(
    ("question", "part"),
    [("No, I meant Blinken", "Blinken"), ("sorry, I meant in May", ""), ("Noses are red", ""), ("no, who was it?", "")],
)
def test_what_a_correction_puts_in(question: str, part: str) -> None:
    assert correction(question) == part


def test_chatter_is_no_subject_unless_there_is_nothing_else() -> None:
    assert [term for _, _, term in subject("Please tell me about the ferry")] == ["ferri"]
    assert [term for _, _, term in subject("Please tell me")] == ["pleas", "tell"]
