"""Addresses on the web."""

import re
import urllib.parse

_ADDRESS = re.compile(r"https?://[!-~\u00a1-\U0010ffff]+", re.IGNORECASE)


def is_web_address(url: str) -> bool:
    """Say whether this is an http or https address that can be cited."""
    try:
        return _ADDRESS.fullmatch(url) is not None and bool(urllib.parse.urlsplit(url).hostname)
    except ValueError:
        return False
