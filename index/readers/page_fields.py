"""What the head of a web page says of the statement on it."""

import datetime
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence

from lxml.html import HtmlElement

from index.addresses import is_web_address
from index.readers.properties import clean_title, first_language

_TITLES = ("og:title", "dc.title", "dcterms.title", "citation_title", "twitter:title")
_DATES = (
    "article:published_time",
    "og:article:published_time",
    "dc.date.issued",
    "dcterms.issued",
    "citation_publication_date",
    "citation_date",
    "datepublished",
)
_ISSUERS = ("dc.publisher", "dcterms.publisher", "citation_publisher", "og:site_name", "application-name")
_PUBLISHED = re.compile(r"\s*([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})(?![0-9])")
# Between the title of a page and the name of its site.
_SEPARATOR = r"\s*(?:[|｜»«·•/:]|::|\s[-–—]\s|\s-\s)\s*"
_BAR = re.compile(r"\s*[|｜]\s*|\s+[»«]\s+|\s+::\s+")
_DOMAIN = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+/?", re.ASCII)
_SAVED_FROM = re.compile(r"<!-- *saved from url=\(\d+\)(\S+) *-->")
_MAX_NAME_CHARS = 200


def read_page_fields(root: HtmlElement, markup: str, headings: Sequence[str]) -> dict[str, object]:
    """Return title, issuer, date, language and url as far as the page gives them.

    `headings` are its headings of the first rank, as shown. They tell a title from the name of the site
    behind it. The date is the day that the page says it was published on, as it writes it.
    """
    meta = _read_meta(root)
    linked = list(_read_json(root))
    fields: dict[str, object | None] = {
        "issuer": _find_issuer(meta, linked),
        "date": _find_date(meta, linked),
        "language": _find_language(root, meta),
        "url": _find_url(root, meta, markup),
    }
    fields["title"] = _find_title(root, meta, linked, headings)
    return {name: value for name, value in fields.items() if value is not None}


def _read_meta(root: HtmlElement) -> dict[str, str]:
    """Return the first value of each meta element, by its name in lower case."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        for key in ("name", "property", "itemprop", "http-equiv"):
            name, content = element.get(key), _tidy(element.get("content"))
            if name and content:
                found.setdefault(name.strip().lower(), content)
    return found


def _tidy(words: str | None) -> str:
    return " ".join((words or "").split())


def _read_json(root: HtmlElement) -> Iterator[Mapping[str, object]]:
    """Yield the objects of JSON-LD that stand at its top, in a list or in a graph."""
    for script in root.iter("script"):
        if script.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            loaded: object = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for item in loaded if isinstance(loaded, list) else [loaded]:
            if isinstance(item, dict):
                yield item
                graph = item.get("@graph")
                if isinstance(graph, list):
                    yield from (each for each in graph if isinstance(each, dict))


def _find_issuer(meta: Mapping[str, str], linked: Sequence[Mapping[str, object]]) -> str | None:
    names = [_name_organisation(item.get("author")) for item in linked]
    names += [_name_organisation(item.get("publisher")) for item in linked]
    names += [meta.get(key) for key in _ISSUERS]
    for name in names:
        if name and len(name) <= _MAX_NAME_CHARS and not _DOMAIN.fullmatch(name):
            return name
    return None


def _name_organisation(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict) or "Organization" not in str(value.get("@type")):
        return None
    name = value.get("name")
    return _clean_json(name) if isinstance(name, str) else None


def _clean_json(words: str) -> str:
    """Return what a page's script says, without halves of characters, which JSON can spell."""
    words = html.unescape(words)
    return _tidy("".join(char for char in words if not "\ud800" <= char <= "\udfff"))


def _find_date(meta: Mapping[str, str], linked: Sequence[Mapping[str, object]]) -> datetime.date | None:
    written = [meta.get(key) for key in _DATES] + [item.get("datePublished") for item in linked]
    for value in written:
        found = _PUBLISHED.match(value) if isinstance(value, str) else None
        if found:
            try:
                return datetime.date(int(found[1]), int(found[3]), int(found[4]))
            except ValueError:
                continue
    return None


def _find_language(root: HtmlElement, meta: Mapping[str, str]) -> str | None:
    given = (root.get("lang"), root.get("xml:lang"), meta.get("content-language"), meta.get("og:locale"))
    return next(filter(None, map(first_language, given)), None)


def _find_url(root: HtmlElement, meta: Mapping[str, str], markup: str) -> str | None:
    saved_from = _SAVED_FROM.search(markup[:5000])
    links = [link.get("href") for link in root.iter("link") if link.get("rel", "").lower() == "canonical"]
    for url in (*links, meta.get("og:url"), saved_from and saved_from[1]):
        if url and is_web_address(url.strip()):
            return url.strip()
    return None


def _find_title(
    root: HtmlElement,
    meta: Mapping[str, str],
    linked: Sequence[Mapping[str, object]],
    headings: Sequence[str],
) -> str | None:
    shown = [_tidy(heading) for heading in headings]
    sites = [_name_organisation(item.get("publisher")) for item in linked]
    sites += [meta.get(key) for key in _ISSUERS]
    given = [meta.get(key, "") for key in _TITLES]
    given += [_tidy("".join(title.itertext())) for title in root.iter("title")]
    for title in (*(_cut_site(each, shown, sites) for each in given if each not in sites), *shown):
        if clean_title(title):
            return title
    return None


def _cut_site(title: str, headings: Sequence[str], sites: Sequence[str | None]) -> str:
    """Cut the name of the site off: 'Joint Statement | Ministry of Defence' -> 'Joint Statement'."""
    for heading in filter(None, headings):
        words = re.escape(heading)
        if re.fullmatch(rf"{words}(?:{_SEPARATOR}.*)?|.*{_SEPARATOR}{words}", title, re.IGNORECASE):
            return heading
    for site in filter(None, sites):
        cut = re.fullmatch(rf"(.+?){_SEPARATOR}{re.escape(site)}", title, re.IGNORECASE)
        if cut:
            return cut[1]
    return _BAR.split(title)[0]
