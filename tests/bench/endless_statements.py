"""As many statements as one wants: real ones, then the same ones over again with other words in them."""

import collections
import dataclasses
import itertools
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from index.metadata import describe_statement
from index.passages import split_passages
from index.readers import read_file
from index.seeds import SeedFile, find_seeds

_WORD = re.compile(r"[^\W\d_]{4,}|\d+")
_PLAIN = (".txt", ".md")
_YEAR_DIGITS = 4
# The most frequent words hold sentences together and stay; of the others, one in so many is changed.
_WORDS_KEPT = 200
_ONE_CHANGED_IN = 3


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class MadeStatement:
    """A statement ready to be written. `passages` counts those that can be found in it.

    Its own words begin at `start` of the text; what stands before them is known of it.
    """

    path: Path
    text: str
    start: int
    sidecar: bytes | None
    passages: int

    def write(self, folder: Path) -> None:
        """Write it below `folder`, with what is known of it beside it."""
        path = folder / self.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.text.encode())
        if self.sidecar is not None:
            path.with_suffix(".meta.toml").write_bytes(self.sidecar)


def make_statements(folders: Sequence[Path]) -> Iterator[MadeStatement]:
    """Yield the text files of `folders` as they are, then again and again, each time in other words.

    The same folders give the same statements. A word takes the place of one about as frequent, so that words
    stay as unevenly spread as they are in real texts; one that stands there once gets a new ending, so that
    there are always more words, as there are always more names.
    """
    originals = []
    for number, folder in enumerate(folders):
        for file in find_seeds(folder).statements:
            if file.path.suffix in _PLAIN:
                originals.append(_read(file, Path("0", str(number))))
                yield originals[-1]
    frequencies = _count_words(original.text for original in originals)
    for repeat in itertools.count(1):
        words = _Rewording(frequencies, repeat)
        for original in originals:
            text = original.text[: original.start] + words.reword(original.text[original.start :])
            yield dataclasses.replace(original, path=Path(str(repeat)) / original.path, text=text)


def _read(file: SeedFile, folder: Path) -> MadeStatement:
    raw = read_file(file.path)[0]
    statement = describe_statement(
        raw, statement_id=file.statement_id, source=file.source, sidecar=file.sidecar
    )
    return MadeStatement(
        path=folder / file.path.name,
        text=raw.text,
        start=raw.front_matter.end if raw.front_matter else 0,
        sidecar=file.sidecar.read_bytes() if file.sidecar else None,
        passages=sum(passage.kind == "body" for passage in split_passages(statement)),
    )


def _count_words(texts: Iterable[str]) -> Mapping[str, int]:
    """Return how often each word stands there, the most frequent first."""
    counts = collections.Counter(
        word.lower() for text in texts for word in _WORD.findall(text) if word.isalpha()
    )
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


class _Rewording(dict[str, str]):
    """What stands for each word in one repeat; made up when it is first asked for."""

    def __init__(self, frequencies: Mapping[str, int], repeat: int) -> None:
        super().__init__()
        self._frequencies = frequencies
        self._by_rank = list(frequencies)
        self._ranks = {word: rank for rank, word in enumerate(self._by_rank)}
        self._repeat = repeat

    def reword(self, text: str) -> str:
        """Return `text` in other words."""
        return _WORD.sub(lambda found: self[found[0]], text)

    def __missing__(self, word: str) -> str:
        drawn = zlib.crc32(f"{self._repeat} {word.lower()}".encode())
        self[word] = self._change_number(word, drawn) if word.isdigit() else self._change_word(word, drawn)
        return self[word]

    def _change_number(self, number: str, drawn: int) -> str:
        if len(number) == _YEAR_DIGITS:
            return number
        least = 10 ** (len(number) - 1)
        return str(least + drawn % (9 * least))

    def _change_word(self, word: str, drawn: int) -> str:
        rank = self._ranks[word.lower()]
        if rank < _WORDS_KEPT or drawn % _ONE_CHANGED_IN:
            return word
        drawn //= _ONE_CHANGED_IN
        other = self._by_rank[min(rank // 2 + drawn % rank, len(self._by_rank) - 1)]
        if self._frequencies[word.lower()] == 1:
            other = word.lower()[: len(word) // 2 + 1] + other[len(other) // 2 :]
        return _write_like(word, other)


def _write_like(model: str, word: str) -> str:
    if model.isupper():
        return word.upper()
    return word.capitalize() if model[0].isupper() else word
