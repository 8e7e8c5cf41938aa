"""Whether a word is English, by the dictionary of pyspellchecker."""

import bisect
import functools
import gzip
import importlib.resources


def is_english(word: str) -> bool:
    """Say whether the dictionary knows `word`, in small letters."""
    return count_english(word) > 0


def count_english(word: str) -> int:
    """Return how often the dictionary's texts have `word`, in small letters; 0 if it does not know it."""
    entry = f'"{word}":'.encode()
    entries = _read_entries()
    place = bisect.bisect_left(entries, entry)
    known = place < len(entries) and entries[place].startswith(entry)
    return int(entries[place][len(entry) :].strip(b" ,")) if known else 0


@functools.cache
def _read_entries() -> list[bytes]:
    """Return the lines of the dictionary's JSON, one for each word, in order.

    Most questions need one or two words of it: to find them so takes less than a quarter of the time that it
    takes to have pyspellchecker read all.
    """
    words = importlib.resources.files("spellchecker") / "resources" / "en.json.gz"
    return sorted(gzip.decompress(words.read_bytes()).split(b"\n"))
