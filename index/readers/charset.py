"""Names of encodings, as web pages and mails give them, become encodings as browsers understand the names."""

import codecs

# Browsers read these as the larger set that came to be written under the name.
_MEANT: dict[str, str] = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
}
# As Python names them. Its other codecs are no encodings of texts on the web: punycode, unicode_escape ...
_KNOWN = frozenset(
    ["utf-8", "euc_jp", "iso2022_jp", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp866", "cp874"]
    + ["cp932", "cp949", "gb18030", "big5hkscs"]
    + [f"cp{number}" for number in range(1250, 1259)]
    + [f"iso8859-{number}" for number in range(2, 17) if number not in {9, 11, 12}]
)
_ALIASES = {"x-sjis": "cp932", "windows-31j": "cp932", "ks_c_5601-1987": "cp949", "x-euc-jp": "euc_jp"}
_ALIASES |= {
    "x-gbk": "gb18030",
    "windows-874": "cp874",
    "x-mac-roman": "mac-roman",
    "unicode-1-1-utf-8": "utf-8",
}


def resolve_charset(name: str, data: bytes) -> str | None:
    """Return the encoding that `data` is in if it is called `name`, or None if that says nothing.

    Bytes beyond ASCII that are valid UTF-8 are UTF-8 whatever they are called: text in another encoding
    is that by chance never.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if not data.isascii():
            return "utf-8"
    name = name.strip().strip("\"'").lower()
    try:
        found = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    found = _MEANT.get(found, found)
    return found if found in _KNOWN else None
