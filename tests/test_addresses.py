"""What can be cited as an address on the web."""

import pytest

from index.addresses import is_web_address


@pytest.mark.parametrize(
    "url", ["https://example.org", "HTTP://example.org/a?b=c#d", "https://例え.jp/声明", "http://[::1]:80/"]
)
def test_an_address_of_a_page_is_one(url: str) -> None:
    assert is_web_address(url)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "",
            "example.org",
            "javascript:alert(1)",
            "ftp://example.org",
            "https://",
            "https:///a",
            "http://[::1",
        ),
        *("https://example.org/a b", "https://example.org\n", " https://example.org", "https:example.org"),
    ],
)
def test_anything_else_is_none(url: str) -> None:
    assert not is_web_address(url)
