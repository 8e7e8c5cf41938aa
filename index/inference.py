"""What a statement's own words say of it: title, issuer, date, place."""

import dataclasses
import datetime

from index.datelines import find_dateline, find_day_of_release, find_meeting, read_date_in_name
from index.headlines import find_headline
from index.issuers import find_issuer
from index.margins import read_margins


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Inferred:
    """What could be read off a statement. What is not clearly there is None."""

    title: str | None
    issuer: str | None
    date: datetime.date | None
    place: str | None


def infer_fields(text: str, *, statement_id: str, language: str | None = None) -> Inferred:
    """Infer title, issuer, date and place from a statement's text without its front matter.

    Only the first and last thousands of characters are looked at. A date in the file's name, the end of
    `statement_id`, counts as the statement's own: a person wrote it there, and people name statements by
    their day, while a file's times are a computer's. A dateline goes before it, and it goes before the day
    of a meeting that the statement tells of.
    """
    margins = read_margins(text)
    name = statement_id.rpartition("/")[2]
    headline = find_headline(margins, name=name)
    dateline = find_dateline(margins, language=language)
    met = find_meeting(margins, language=language)
    date = dateline.date or read_date_in_name(name)
    if date is None and met.date:
        date = find_day_of_release(margins, met.date, language=language)
    return Inferred(
        title=headline.title if headline else None,
        issuer=find_issuer(
            margins,
            title=headline.title if headline else None,
            title_blocks=headline.blocks if headline else (),
        ),
        date=date,
        place=dateline.place or met.place,
    )
