from pytest import mark

from qa.asked import Kind, brings, kind_asked


@mark.parametrize(
    ("question", "kind"),
    [
        ("Where did they meet?", Kind.PLACE),
        ("in which city was it", Kind.PLACE),
        ("When did they meet?", Kind.TIME),
        ("What year was it?", Kind.TIME),
        ("Who said so?", Kind.PERSON),
        ("How many calls were there?", Kind.NUMBER),
        ("How long did it last?", Kind.NUMBER),
        ("Why did he leave?", Kind.REASON),
        ("What is strategic ambiguity?", Kind.MEANING),
        ("what does APEC stand for", Kind.MEANING),
        ("What is the name of the estate where they met?", Kind.PLACE),
        ("What did he say?", Kind.OTHER),
        ("Who said when it would end?", Kind.PERSON),
    ],
)
def test_the_first_question_word_says_what_is_asked_for(question: str, kind: Kind) -> None:
    assert kind_asked(question) is kind


@mark.parametrize(
    ("sentence", "kind", "question", "expected"),
    [
        ("They met in Bali.", Kind.PLACE, "Where did Brandt meet Quint?", True),
        ("They lost in Tuesday’s vote for Mr. Hale.", Kind.PLACE, "Where did Brandt meet Quint?", False),
        ("They met again.", Kind.PLACE, "Where did Brandt meet Quint?", False),
        ("Brandt met Quint on Nov. 14.", Kind.TIME, "When did they meet?", True),
        ("Brandt met Quint.", Kind.TIME, "When did they meet?", False),
        ("In 2022 they met.", Kind.TIME, "When in 2022 did they meet?", False),
        ("The baker, Rosa Quint, was there.", Kind.PERSON, "Who was the baker?", True),
        ("The baker was there.", Kind.PERSON, "Who was the baker?", False),
        ("They spoke five times.", Kind.NUMBER, "How many times?", True),
        ("They spoke.", Kind.NUMBER, "How many times?", False),
        ("He left because it rained.", Kind.REASON, "Why did he leave?", True),
        ("He left.", Kind.REASON, "Why did he leave?", False),
        ("APEC, the forum of 21 economies, met.", Kind.MEANING, "What is APEC?", True),
        ("A levee is a wall against floods.", Kind.MEANING, "What is a levee?", True),
        (
            "He takes a stance of “calm doubt” toward it – leaving open what comes.",
            Kind.MEANING,
            "What is calm doubt?",
            True,
        ),
        ("They resent the levee on the river and its cost.", Kind.MEANING, "What is a levee?", False),
        ("Anything.", Kind.OTHER, "What is it?", True),
    ],
)
def test_a_sentence_brings_what_the_question_does_not_say(
    sentence: str, kind: Kind, question: str, expected: bool
) -> None:
    assert brings(sentence, kind, question) is expected
