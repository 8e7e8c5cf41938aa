import datetime

import pytest

from index.readers.properties import clean_day, clean_language, clean_title, clean_url


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (" Joint  Statement\nof the Ministers ", "Joint Statement of the Ministers"),
        ("共同声明", "共同声明"),
        ("Title IX", "Title IX"),
        ("New Zealand", "New Zealand"),
        ("Document of the 12th Session", "Document of the 12th Session"),
        *(
            (words, None)
            for words in (
                None,
                "",
                "  ",
                "-",
                "2024",
                "Microsoft Word - final.doc",
                "Untitled",
                "untitled-1",
                "Title",
            )
        ),
        *(
            (words, None)
            for words in (
                "Document1",
                "Word Document",
                "statement_final.docx",
                "page.html",
                "x" * 501,
                "Home",
                "Layout 1",
                "C:/a/b",
            )
        ),
    ],
)
def test_only_a_title_that_was_meant_is_one(words: str | None, title: str | None) -> None:
    assert clean_title(words) == title


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("zh_Hant", "zh"),
        ("eng", None),
        ("", None),
        (None, None),
        ("English", None),
    ],
)
def test_a_language_is_two_letters(words: str | None, language: str | None) -> None:
    assert clean_language(words) == language


@pytest.mark.parametrize("words", ["2024-07-28", " 2024-07-28T00:00:00Z", "2024-07-28T10:00:00.123456+00:00"])
def test_a_full_date_is_a_day(words: str) -> None:
    assert clean_day(words) == datetime.date(2024, 7, 28)


@pytest.mark.parametrize("words", [None, "", "2024", "2024-07", "2024-02-30", "July 28, 2024", "0101-01-01"])
def test_other_dates_are_no_day(words: str | None) -> None:
    assert clean_day(words) is None


def test_an_address_is_of_the_web() -> None:
    assert clean_url(" https://example.org/a?b=c ") == "https://example.org/a?b=c"
    for words in (
        None,
        "",
        "urn:isbn:1",
        "ftp://example.org",
        "https://",
        "http://a b",
        "http://[",
        "example.org",
    ):
        assert clean_url(words) is None
