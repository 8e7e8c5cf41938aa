"""The kinds of things asked for, and whether a text has them."""

import pytest

from qa.expected import Expected, Kind, is_year_or_month, read_expected


def has_kind(text: str, kind: Kind, name: str = "") -> bool:
    return Expected(kind=kind, name=name).is_in(text)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many soldiers took part?", "number"),
        ("how much did it cost", "number"),
        ("What is the budget of the exercise?", "number"),
        ("What percentage of the fleet?", "number"),
        ("When did the Ministers meet?", "date"),
        ("In which year was it founded?", "date"),
        ("What date was the dialogue held?", "date"),
        ("How long ago was that?", "date"),
        ("How long has it existed?", "duration"),
        ("how old is the alliance", "duration"),
        ("how many days did it last", "duration"),
        ("How often a year do they meet?", "number"),
        ("Is a second meeting planned?", "future"),
        ("Who will attend the upcoming trilateral summit?", "future"),
        ("How are upcoming threats met?", None),
        ("How often do they meet?", None),  # "regularly" tells it, too
        ("When?", "date"),
        ("When it comes to China, what did they say?", None),
        ("When necessary, how will they respond?", None),
        ("When is it appropriate to respond?", None),
        ("For allies, when is it right to ask for help?", None),
        ("When is it scheduled to begin?", "date"),
        ("Who chaired it?", None),
        ("Who chaired the very first round?", "first"),
        ("Which city hosted the inaugural round?", "first"),
        ("When was the very first round?", "date"),
        ("Who met first?", None),
        ("What happens when a missile is launched?", None),
        ("How did they respond?", None),
        ("", None),
    ],
)
def test_the_question_tells_what_must_be_in_an_answer(question: str, kind: str | None) -> None:
    assert [each.kind for each in read_expected(question)] == ([] if kind is None else [kind])


def test_what_is_left_to_do_is_to_come() -> None:
    assert [each.kind for each in read_expected("What follow-up work is left?")] == ["future"]


def test_what_is_to_come_may_have_a_date_too() -> None:
    assert [each.kind for each in read_expected("When is the next meeting?")] == ["date", "future"]


@pytest.mark.parametrize(
    ("question", "office"),
    [
        ("Who is the US ambassador to Japan?", "ambassador"),
        ("who was President then", "president"),
        ("What is the name of Japan's prime minister?", "prime minister"),
        ("Which admiral commands the fleet?", "admiral"),
        ("Who commands the fleet?", "commander"),
        ("Which officer spoke for the fleet?", "officer"),
        ("Which military commands were there?", None),
        ("Names of the ministers who met", "minister"),
        ("Who's the commander of the fleet?", "commander"),
        ("Who met the ministers?", None),  # they are told of, not asked for
        ("Who was the secretary-general?", None),
        ("What did the president say?", None),
        ("What general lines were agreed?", None),
    ],
)
def test_the_holder_of_an_office(question: str, office: str | None) -> None:
    assert [each.name for each in read_expected(question)] == ([] if office is None else [office])


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who was Japan's prime minister then?", "holder"),
        ("which prime minister, by name, did it?", "holder"),
        ("Names of the ministers who met", "holder"),
        ("Who commands the fleet?", "holder"),
        ("Who was with the president?", "office"),  # to the question who, he is no answer
        ("Who was meeting the president?", "office"),
        ("Which ministers met?", "office"),
    ],
)
def test_who_holds_the_office_is_asked_for(question: str, kind: str) -> None:
    assert [each.kind for each in read_expected(question)] == [kind]


@pytest.mark.parametrize(
    ("text", "office", "there"),
    [
        ("Prime Minister Kishida and Secretary Blinken", "prime minister", True),
        ("The Ministers met.", "minister", True),
        ("The Prime Minister met them.", "premier", True),
        ("Its spokesperson said so.", "spokesman", True),
        ("the Secretary-General of the United Nations", "secretary", False),
        ("The ministry said so.", "minister", False),
        ("The chief of mission", "ambassador", False),
        ("Admiral Koehler leads it.", "commander", True),
        ("They observed the command post exercise.", "commander", False),
        ("Captain Ito was there.", "officer", True),
    ],
)
def test_offices(text: str, office: str, *, there: bool) -> None:
    assert has_kind(text, "office", office) == there


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("They will meet again.", True),
        ("They look forward to the next meeting.", True),
        ("The meeting is planned for May.", True),
        ("They met in Tokyo and shared their will to meet.", True),  # not told apart
        ("Japan hosted the dialogue, which was established in 2010.", False),
    ],
)
def test_what_is_to_come(text: str, *, there: bool) -> None:
    assert has_kind(text, "future") == there


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Which meetings came before the talks?", True),
        ("Where was the previous round held?", True),
        ("Where was the previous EDD held?", True),
        ("What did previous US statements say?", False),
        ("Where was the round before the December one?", True),
        ("Which meetings did the dialogue come after?", True),
        ("What preceded the dialogue?", True),
        ("You said earlier that they met. Where?", False),
        ("What came after the meeting?", False),
        ("Did they meet before the summit?", False),
    ],
)
def test_what_came_before_is_asked_for(question: str, *, asked: bool) -> None:
    assert ("past" in [each.kind for each in read_expected(question)]) == asked


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("This dialogue followed the ministers' meeting.", True),
        ("It was the first meeting of its kind.", True),
        ("Japan hosted the dialogue, which was established in 2010.", False),
    ],
)
def test_what_came_before(text: str, *, there: bool) -> None:
    assert has_kind(text, "past") == there


@pytest.mark.parametrize(
    ("text", "there"),
    [("It lasted three days.", True), ("It exists since 2010.", True), ("It exists.", False)],
)
def test_a_duration(text: str, *, there: bool) -> None:
    assert has_kind(text, "duration") == there


@pytest.mark.parametrize("question", ["What stands next to it?", "Who lives next door?", "And then?"])
def test_nearness_is_not_what_is_to_come(question: str) -> None:
    assert read_expected(question) == ()


def test_years_in_digits_and_months() -> None:
    assert all(map(is_year_or_month, ["2022", "June", "December"]))
    assert not any(map(is_year_or_month, ["202", "20222", "3000", "", "June 2022", "May", "March", "june"]))


@pytest.mark.parametrize(
    "text",
    [
        "It cost 3 million dollars.",
        "Some 1,000 launchers",
        "In Japan 54,000 soldiers",
        "In 20 countries",
        "a rise of 5%",
        "They met twice.",
        "two-thirds of it: two",
        "dozens of ships",
    ],
)
def test_numbers(text: str) -> None:
    assert has_kind(text, "number")


@pytest.mark.parametrize(
    "text",
    [
        "They met on July 28, 2024.",
        "the Type-12 missile",
        'They observed "Yama Sakura 87" on 12 December 2024.',
        "It was Flight 447, and an F-35.",
        "someone, nobody, attend",
        "The two sides met.",
        "",
    ],
)
def test_numbers_in_dates_and_names_are_no_numbers(text: str) -> None:
    assert not has_kind(text, "number")


@pytest.mark.parametrize("text", ["in July", "since 1951", "on 3 May 2020", "Sept. 3"])
def test_dates(text: str) -> None:
    assert has_kind(text, "date")


@pytest.mark.parametrize("text", ["They may meet.", "3000 soldiers", "They march on.", ""])
def test_no_dates(text: str) -> None:
    assert not has_kind(text, "date")
