from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from pytest import mark

from qa.dates import dated, dates
from qa.mentions import Mention, Rest


def read(text: str, published: date | None = None) -> list[Mention]:
    return list(dates(Rest(text), published))


def borne_out(said: str, told: str, published: date | None = None) -> bool:
    """Say whether each date of one text is known from another."""
    known = {value for mention in read(told, published) for value in mention.implied}
    known |= dated(published) if published else frozenset()
    said_dates = read(said)
    assert said_dates, said
    return all(mention.stated & known for mention in said_dates)


@mark.parametrize(
    ("said", "told"),
    [
        ("14 November", "On 14 November 2022"),
        ("14 Nov. 2022", "November 14, 2022"),
        ("the 14th of November", "14 Nov 2022"),
        ("Nov 14", "2022-11-14"),
        ("14 November 2022", "14.11.2022"),
        ("November 2022", "on 14 November 2022"),
        ("in November", "14 Nov. 2022"),
        ("13 March", "12–14 March and 13 March"),
        ("12 March", "12 and 14 March"),
        ("March 14", "March 12-14"),
        ("3/4/2022", "03/04/2022"),
        ("3/4/2022", "3 April 2022"),
        ("4.30pm", "16:30"),
        ("16:30", "4:30 p.m."),
        ("4:30", "at 4:30 p.m."),
        ("4 o’clock", "4 p.m."),
        ("the '90s", "in the 1990s"),
        ("on Mondays", "on Monday"),
        ("in autumn", "last fall"),
        ("last year", "last  year"),
    ],
)
def test_the_same_date_or_less_of_it_is_borne_out(said: str, told: str) -> None:
    assert borne_out(said, told)


@mark.parametrize(
    ("said", "told"),
    [
        ("14 November 2022", "14 November"),
        ("14 November", "in November, on the 14th of May"),
        ("15 November", "14 November"),
        ("14 November 2021", "14 November 2022, and 2021"),
        ("November 2021", "14 November 2022"),
        ("3 April 2022", "03/04/2022"),
        ("4:30 a.m.", "4:30 p.m."),
        ("4:30 p.m.", "4:30"),
        ("Monday", "14 November 2022"),
        ("in May", "they may come"),
        ("the 1980s", "the 1990s"),
        ("this year", "last year"),
    ],
)
def test_another_date_or_more_of_it_is_not(said: str, told: str) -> None:
    assert not borne_out(said, told)


def test_publication_tells_the_year_where_it_is_the_same() -> None:
    assert borne_out("14 November 2022", "on 14 November", date(2022, 11, 15))
    assert not borne_out("14 November 2023", "on 14 November", date(2023, 1, 3)), "that day had not come"
    assert not borne_out("14 November 2022", "on 14 November", date(2023, 1, 3)), "2022 stands nowhere"
    assert borne_out("3 January 2023", "nothing", date(2023, 1, 3))
    assert not borne_out("in January", "nothing", date(2023, 1, 3))


@mark.parametrize("text", ["They may march on.", "March on!", "the sun sat still", "12,500 marchers"])
def test_words_that_look_like_months_are_none(text: str) -> None:
    assert read(text) == []


@given(st.dates(date(1000, 1, 1), date(2100, 12, 31)))
def test_every_date_is_known_in_each_way_of_writing_it(day: date) -> None:
    month = day.strftime("%B")
    ways = [
        f"{day.day} {month} {day.year:04}",
        f"{month} {day.day}, {day.year:04}",
        day.isoformat(),
        f"{day.day} {month[:3]}. {day.year:04}",
    ]
    assert all(borne_out(one, other) for one in ways for other in ways)


@given(st.text())
def test_spans_lie_in_the_text(text: str) -> None:
    assert all(0 <= mention.start < mention.end <= len(text) for mention in read(text, date(2022, 1, 1)))
