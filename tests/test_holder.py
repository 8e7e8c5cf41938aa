"""Whether a text tells who holds an office."""

import pytest

from qa.expected import Expected


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Prime Minister Kishida went.", "prime minister"),
        ("The president, Joe Biden, went.", "president"),
        ("the President of the French Republic, Emmanuel Macron", "president"),
        ("Prime Minister of the Republic of Korea Han Duck-soo", "prime minister"),
        ("Minister for Foreign Affairs Kamikawa and Minister of Defense Kihara", "minister"),
        ("Secretary of State Blinken", "secretary"),
        ("Ms. Alexandra Bell, Deputy Assistant Secretary for the Bureau of Arms Control", "secretary"),
        ("Keir Starmer became the prime minister.", "premier"),
        ("The fleet is commanded by Admiral Koehler.", "commander"),
    ],
)
def test_a_name_stands_beside_the_office(text: str, office: str) -> None:
    assert Expected(kind="holder", name=office).is_in(text)


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("the Prime Minister of Japan and President of the United States", "prime minister"),
        ("the Prime Minister of Japan and President of the United States", "president"),
        ("The Ministers of both countries met.", "minister"),
        ("the Secretary of State said so", "secretary"),
        ("Blinken met the ambassador.", "ambassador"),
        ("Kishida and Biden met.", "president"),
        ("", "president"),
    ],
)
def test_no_name_does(text: str, office: str) -> None:
    assert not Expected(kind="holder", name=office).is_in(text)
