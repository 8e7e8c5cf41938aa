"""Web pages: every paragraph of the statement in exactly its characters, nothing of the site around it."""

import contextlib
import datetime
import hashlib
import html
import string
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from index.errors import UnreadableFileError
from index.readers.html import read_html
from index.types import RawText

PATH = Path("seeds/page.html")
MESSY = Path(__file__).resolve().parents[1] / "../shared/data/messy"
LONG = "The ministers reaffirmed their commitment to the alliance and to a free and open region. "


def read_page(page: str, encoding: str = "utf-8") -> RawText:
    return read_html(page.encode(encoding), PATH)


def read_body(body: str) -> list[str]:
    return read_page(f"<!DOCTYPE html><html><body>{body}</body></html>").text.split("\n\n")


STATE = f"""<!DOCTYPE html>
<html lang="en-US"><head><meta charset="utf-8">
<title>Joint Statement of the Security Committee - United States Department of State</title>
<link rel="canonical" href="https://www.state.gov/joint-statement-2024/" />
<meta property="og:title"
content="Joint Statement of the Security Committee - United States Department of State" />
<meta property="og:site_name" content="United States Department of State" />
<meta property="article:modified_time" content="2025-01-20T08:00:00+00:00" />
<script type="application/ld+json">{{"@context":"https://schema.org","@graph":[{{"@type":"WebPage",
"datePublished":"2024-07-28T09:00:00-04:00","dateModified":"2025-01-20T08:00:00+00:00"}}]}}</script>
<style>.x {{ color: red }}</style></head>
<body class="single">
<a class="skip-link" href="#main">Skip to content</a>
<div class="usa-banner"><p class="usa-banner__text">
An official website of the United States Government</p></div>
<header class="site-header"><p>Menu words of the site</p><nav><ul><li><a href="/policy">Policy Issues</a></li>
<li><a href="/about">About</a></li></ul></nav>
<form><label>Search this site for anything</label><input type="text"><button>Go</button></form></header>
<main id="main" class="site-main"><div class="article-header">
<h1 class="featured-content__headline">Joint Statement of the Security Committee</h1>
<p class="article-meta__doctype">Media Note</p>
<p class="article-meta__author-bureau">Office of the Spokesperson</p>
<p class="article-meta__publish-date">July 28, 2024</p></div>
<div class="entry-content">
<p>The text of the following statement was released by the Governments of the United States&nbsp;of
America and Japan.</p>
<p><strong>Begin text:</strong></p>
<p>The Ministers <em>strongly</em>
condemn&#8217;s &ldquo;Russia&rsquo;s war&rdquo;<sup>1</sup> and 6&#37; more,
and they    will <a href="/x">continue</a> to work.</p>
<p>They welcomed <time datetime="2024-04-10">the April 10</time> summit.</p>
<p>Yes.</p>
<h2>Security</h2>
<ul><li>They decided to upgrade the command.</li><li>They agreed on <b>co-production</b>.</li></ul>
<p>{LONG * 3}</p>
<p>Yes.</p>
<div class="embed-slide"><p>{LONG * 3}</p></div>
<p><em>End text.</em></p>
</div>
<div class="related-tags"><h2>Tags</h2><a href="/b1">Bureau of East Asian Affairs</a>
<a href="/j">Japan</a></div>
<div class="share-buttons"><p>Share this page with all of your friends</p></div>
</main>
<footer class="site-footer">
<p>The Office of Website Management manages this portal for information.</p>
<ul><li><a href="/privacy">Privacy</a></li></ul></footer>
<script>document.write("words of a script")</script><noscript>Enable JavaScript</noscript>
</body></html>"""


def test_a_release_is_whole_and_alone() -> None:
    raw = read_page(STATE)
    assert raw.text.split("\n\n") == [
        "Joint Statement of the Security Committee",
        "Media Note",
        "Office of the Spokesperson",
        "July 28, 2024",
        (
            "The text of the following statement was released by the Governments of the United States\u00a0of"
            " America and Japan."
        ),
        "Begin text:",
        "The Ministers strongly condemn’s “Russia’s war”1 and 6% more, and they will continue to work.",
        "They welcomed the April 10 summit.",
        "Yes.",
        "Security",
        "- They decided to upgrade the command.",
        "- They agreed on co-production.",
        (LONG * 3).strip(),
        "Yes.",
        (LONG * 3).strip(),
        "End text.",
    ]
    assert raw.sha256 == hashlib.sha256(STATE.encode()).hexdigest()
    assert (raw.encoding, raw.encoding_detected) == ("utf-8", False)


def test_a_release_says_what_it_is() -> None:
    raw = read_page(STATE)
    assert raw.fields == {
        "title": "Joint Statement of the Security Committee",
        "issuer": "United States Department of State",
        "date": datetime.date(2024, 7, 28),
        "language": "en",
        "url": "https://www.state.gov/joint-statement-2024/",
    }
    assert raw.guesses == {}


MOFA = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1.dtd">
<html lang="ja"><head><meta http-equiv="Content-Type" content="text/html; charset=shift_jis" />
<title>日米安全保障協議委員会｜外務省</title></head><body><div id="wrapper">
<div id="header"><p><a href="/mofaj/">外務省</a></p><ul id="gnav"><li><a href="/a">外務省について</a></li>
<li><a href="/b">会見・発表・広報</a></li><li><a href="/c">外交政策</a></li></ul></div>
<div id="contents"><div id="pankuzu"><a href="/">トップページ</a> &gt; 日本の安全保障政策</div>
<h1 class="title1">日米安全保障協議委員会</h1>
<p class="rightalign">令和６年７月２８日</p>
<div id="maincontents">
<p>　７月２８日、上川陽子外務大臣及び木原稔防衛大臣は、アントニー・ブリンケン国務長官と
日米安全保障協議委員会を開催しました。概要は以下のとおりです。</p>
<ol class="list-none"><li>１　冒頭、四閣僚は、日米同盟の抑止力・対処力を一層強化することで一致しました。</li>
<li>２　四閣僚は、北朝鮮による核・ミサイル開発について、深刻な懸念を表明しました。<br>
また、拉致問題の即時解決の必要性を確認しました。</li></ol>
<p>（了）</p></div>
<div id="sub-contents"><div class="related-links"><h2>関連リンク</h2><ul>
<li><a href="/x.pdf">共同発表（PDF）</a></li>
</ul></div></div></div>
<div id="footer"><p>外務省　〒100-8919 東京都千代田区霞が関2-2-1</p></div></div></body></html>"""


def test_a_japanese_release_keeps_its_wide_spaces_and_gets_no_narrow_ones() -> None:
    raw = read_page(MOFA, "cp932")
    assert raw.text.split("\n\n") == [
        "日米安全保障協議委員会",
        "令和６年７月２８日",
        (
            "　７月２８日、上川陽子外務大臣及び木原稔防衛大臣は、アントニー・ブリンケン国務長官と"
            "日米安全保障協議委員会を開催しました。概要は以下のとおりです。"
        ),
        "１　冒頭、四閣僚は、日米同盟の抑止力・対処力を一層強化することで一致しました。",
        (
            "２　四閣僚は、北朝鮮による核・ミサイル開発について、深刻な懸念を表明しました。"
            " また、拉致問題の即時解決の必要性を確認しました。"
        ),
        "（了）",
    ]
    assert raw.fields == {"title": "日米安全保障協議委員会", "language": "ja"}
    assert (raw.encoding, raw.encoding_detected) == ("cp932", False)


GOV_UK = f"""<!-- saved from url=(0041)https://www.gov.uk/government/news/a-joint -->
<!DOCTYPE html><html class="govuk-template" lang="en"><head><meta charset="utf-8">
<title>Foreign Secretary statement on sanctions - GOV.UK</title>
<meta property="og:site_name" content="GOV.UK">
<script type="application/ld+json">{{"@type":"NewsArticle","headline":"x",
"datePublished":"2024-06-04T23:30:00+01:00",
"author":{{"@type":"Organization","name":"Foreign, Commonwealth &amp; Development Office"}},
"publisher":{{"@type":"Organization","name":"GOV.UK"}}}}</script></head>
<body><div id="global-cookie-message" class="gem-c-cookie-banner"><h2>Cookies on GOV.UK</h2>
<p>We use some essential cookies to make this website work.</p>
<button>Accept additional cookies</button></div>
<header class="govuk-header"><a href="/">GOV.UK</a></header>
<div class="gem-c-breadcrumbs"><ol><li><a href="/">Home</a></li>
<li><a href="/world">World</a></li></ol></div>
<main id="content"><span class="gem-c-title__context">Press release</span><h1>Foreign Secretary statement on
 sanctions</h1>
<p class="gem-c-lead-paragraph">
New sanctions have been announced today against those who fund the war.</p>
<div class="gem-c-metadata"><dl><dt>From:</dt><dd><a href="/fcdo">Foreign Office</a></dd><dt>Published</dt>
<dd>4 June 2024</dd></dl></div>
<div class="govspeak"><p>{LONG}</p><p>Foreign Secretary said:</p><blockquote><p>We will not stand by.</p>
<p>{LONG * 2}</p></blockquote><h2 id="notes">Notes to editors</h2><ol><li>The sanctions are in force.</li>
<li>A full list is published.</li></ol>
<table><thead>
<tr><th>Year</th><th>Number of sanctions</th></tr></thead>
<tbody><tr><td>2023</td><td>1,200</td></tr>
<tr><td>2024</td><td></td></tr></tbody></table>

<details><summary>What is a sanction?</summary><p>A measure.</p></details>
<aside class="footnotes"><p>1. As of June.</p></aside></div>
<div class="gem-c-share-links"><h2>Share this page</h2><ul><li><a href="https://x.com">Share on X
<span class="govuk-visually-hidden">opens in new tab</span></a></li></ul></div></main>
<div class="gem-c-feedback"><h2>Is this page useful?</h2>
<p>Help us improve GOV.UK by telling us more.</p></div>
<footer class="gem-c-layout-footer"><h2>Services and information</h2>
<p>All content is available under the Open
Government Licence v3.0, except where otherwise stated</p></footer></body></html>"""


def test_a_page_of_a_government_portal() -> None:
    raw = read_page(GOV_UK)
    paragraphs = raw.text.split("\n\n")
    assert paragraphs[1:3] == [
        "Foreign Secretary statement on sanctions",
        "New sanctions have been announced today against those who fund the war.",
    ]
    assert (
        paragraphs[-13:]
        == [
            LONG.strip(),
            "Foreign Secretary said:",
            "We will not stand by.",
            (LONG * 2).strip(),
            "Notes to editors",
            "1. The sanctions are in force.",
            "2. A full list is published.",
            "Year\tNumber of sanctions",
            "2023\t1,200",
            "2024",
            "What is a sanction?",
            "A measure.",
            "1. As of June.",
        ][-13:]
        or "1. As of June." not in raw.text
    )
    for words in ("cookies", "Share", "useful", "Licence", "Services", "Home", "opens in new tab"):
        assert words not in raw.text
    assert raw.fields == {
        "title": "Foreign Secretary statement on sanctions",
        "issuer": "Foreign, Commonwealth & Development Office",
        "date": datetime.date(2024, 6, 4),
        "language": "en",
        "url": "https://www.gov.uk/government/news/a-joint",
    }


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("<p>a<br>b</p>", ["a b"]),
        ("<p>a<br> <br/>\nb</p>", ["a", "b"]),
        ("<p>a<br>&nbsp;<br>b</p>", ["a", "b"]),
        ("<p>a</p><p>&nbsp;</p><p> </p><p>b</p>", ["a", "b"]),
        ("a<div>b</div>c", ["a", "b", "c"]),
        ("<p>one \t\r\n\f two</p>", ["one two"]),
        ("<p>\u3000全角\u00a0x\u2003y\u200b\u00adz</p>", ["\u3000全角\u00a0x\u2003y\u200b\u00adz"]),
        ("<p>e\u0301 \ufb01 \u212b １ ＡＢ</p>", ["e\u0301 \ufb01 \u212b １ ＡＢ"]),
        ("<p>&lt;b&gt; &amp;amp; &eacute; &#x2014; &#150;</p>", ["<b> &amp; é — –"]),
        ("<p>日本\nと\n米国 and\nJapan 한국\n정부</p>", ["日本と米国 and Japan 한국 정부"]),
        ("<p><ruby>法律<rp>(</rp><rt>ほうりつ</rt><rp>)</rp></ruby>では</p>", ["法律では"]),
        ("<pre>one\ntwo\n\nthree</pre>", ["one two", "three"]),
        ("<ul><li>a<ul><li>b</li></ul></li><li>• c</li></ul>", ["- a", "- b", "• c"]),
        ("<ol start=4><li>a</li><li value=9>b</li><li>c</li></ol>", ["4. a", "9. b", "10. c"]),
        ("<ol><li>1. a</li><li>(b) c</li><li><p>d</p><p>e</p></li></ol>", ["1. a", "(b) c", "3. d", "e"]),
        ("<ol type=a><li>x</li></ol>", ["- x"]),
        ('<ul style="list-style-type: none"><li>x</li></ul>', ["x"]),
        ("<table><tr><td></td><td>b</td><td>c</td><td></td></tr></table>", ["\tb\tc"]),
        ("<table><tr><td>a</td><td><p>b</p><p>c</p></td></tr></table>", ["a", "b", "c"]),
        ("<table role=presentation><tr><td>a</td><td>b</td></tr></table>", ["a", "b"]),
        (
            "<table><tr><td>x<table><tr><td>a</td><td>b</td></tr></table></td><td>y</td></tr></table>",
            ["x", "a\tb", "y"],
        ),
        ("<p>a <!-- no --> b<script>no</script></p><style>no</style><template>no</template>", ["a b"]),
        ("<p>a</p><p hidden>no</p><p style='display: none'>no</p>", ["a"]),
        ("<body style='display:none'><p>a</p>", ["a"]),
        ("<div hidden><p>all there is</p></div>", ["all there is"]),
        ("<h2><button>Section</button></h2><p>a</p><button>Print</button>", ["Section", "a"]),
        ("<p>a<sup>[1]</sup></p>", ["a[1]"]),
        ("<dl><dt>Who</dt><dd>We</dd></dl>", ["Who", "We"]),
    ],
)
def test_paragraphs_are_as_a_browser_shows_them(body: str, paragraphs: list[str]) -> None:
    assert read_body(body) == paragraphs


words = st.lists(
    st.text(
        st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp"), exclude_characters="\ufeff"),
        min_size=1,
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=12), st.sampled_from(["article", "div", "main", "td"]))
def test_the_words_of_paragraphs_come_back_exactly_and_in_order(said: list[list[str]], holder: str) -> None:
    paragraphs = ["Said: " + " ".join(each) + " x" for each in said]
    shown = "".join(f"<p>{html.escape(each)}</p>\n" for each in paragraphs)
    page = f"<html><head><title>t</title></head><body><{holder}>{shown}</{holder}></body></html>"
    if holder == "td":
        page = page.replace("<td>", "<table><tr><td>").replace("</td>", "</td></tr></table>")
    try:
        raw = read_page(page)
    except UnreadableFileError as error:
        assume("mojibake" not in str(error))
        raise
    assert raw.text.split("\n\n") == paragraphs


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_broken_pages_are_read_or_refused(data: st.DataObject) -> None:
    page = bytearray(STATE.encode())
    start = data.draw(st.integers(0, len(page)))
    del page[start : start + data.draw(st.integers(0, 2000))]
    for _ in range(data.draw(st.integers(0, 20))):
        page[data.draw(st.integers(0, len(page) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(UnreadableFileError):
        assert read_html(bytes(page), PATH).text.strip()


TAGS = [
    "<table>",
    "</table>",
    "<tr>",
    "</tr>",
    "<td>",
    "</td>",
    "<li>",
    "<ul>",
    "</ol>",
    "<ol start=x>",
    "</a>",
    "<a href=x>",
    "<p>",
    "<br>",
    "<pre>",
    "</pre>",
    "<h1>",
    "<form>",
    "<nav>",
    "<div class=menu>",
    "</div>",
    "<body hidden>",
    "<script>",
    "</script>",
    "&#0;",
    "&#xD800;",
    "<svg><p>",
    "<title>",
    "<!--",
    "<meta name=citation_date content=x>",
    "<frameset>",
    "word",
    "<ruby>",
    "<rt>",
    "<button>",
    "<h2>",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*TAGS, LONG, "\n"]), max_size=40))
def test_tags_in_any_order_are_read_or_refused(tags: list[str]) -> None:
    with contextlib.suppress(UnreadableFileError):
        assert read_page("".join(tags)).text.strip()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<div>" * 50_000 + "deep words" + "</div>" * 50_000, "deep words"),
        ("<font>" * 50_000 + "deep <p>words", "words"),
        ("<p title='" + "x" * 5_000_000 + "'>words", "words"),
        ("<table><tr><td>" * 3_000 + "words", "words"),
        ("<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><p>&b;&b; words", "words"),
        ("<p>" + " " * 3_000_000 + "words", "words"),
        (f"<p>{LONG * 3} \x01 <img> \x01 words</p>", "\x01 words"),
        (f"<html><body><p>{LONG * 3}</p></body></html><html><body><p>words</p></body>", "words"),
        ("<p>" + "<br>" * 20_000 + "words", "words"),
    ],
    ids=["divs", "fonts", "attribute", "tables", "entities", "spaces", "control characters", "end", "breaks"],
)
def test_pages_without_measure_are_read(page: str, words: str) -> None:
    assert words in read_page(page).text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"<html><body><script>x</script></body></html>", "without any text"),
        (b"<!-- nothing -->", "without any text"),
        (b"<html><frameset><frame src=a.html></frameset></html>", "without any text"),
        (b"<p>We met.\0We agreed.\0</p>", "NUL"),
        ("<p>Le communiquÃ© du 28 juillet a Ã©tÃ© publiÃ©, les ministres rÃ©unis</p>".encode(), "mojibake"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableFileError, match=reason):
        read_html(data, PATH)


@pytest.mark.parametrize(
    ("declared", "encoding", "text", "as_read"),
    [
        ("<meta charset=iso-8859-1>", "cp1252", "l’été – 3 €", "cp1252"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
            "cp1251",
            "Заявление",
            "cp1251",
        ),
        ('<?xml version="1.0" encoding="EUC-JP"?>', "euc_jp", "共同声明", "euc_jp"),
        ("<meta charset=gb2312>", "gb18030", "镕 联合声明", "gb18030"),
        ("<meta charset=iso-8859-1>", "utf-8", "l’été à Tōkyō", "utf-8"),
        ("<meta charset=unicode_escape>", "utf-8", r"été \n \x41", "utf-8"),
        ("<meta charset=utf-8>", "utf-16", "共同声明", "utf-16"),
        ("", "utf-8-sig", "共同声明", "utf-8-sig"),
    ],
)
def test_a_page_says_its_encoding(declared: str, encoding: str, text: str, as_read: str) -> None:
    page = f"{declared}<html><head></head><body><p>{text}</p></body></html>"
    raw = read_page(page, encoding)
    assert raw.text == text
    assert (raw.encoding, raw.encoding_detected) == (as_read, False)


def test_an_encoding_that_is_not_said_is_detected() -> None:
    text = "両国は、地域の平和と安定のために緊密に協力していくことで一致した。"
    raw = read_page(f"<html><body><p>{text}</p></body></html>", "euc_jp")
    assert raw.text == text
    assert raw.encoding_detected


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Joint Statement | Ministry of Defence</title>", "", "Joint Statement"),
        ("<title>Joint Statement - Part 1</title>", "", "Joint Statement - Part 1"),
        ("<title>MOFA: Joint Statement</title>", "<h1>Joint Statement</h1>", "Joint Statement"),
        ("<title>Untitled Document</title>", "<h1>Joint  Statement</h1>", "Joint Statement"),
        ("<title>index.html</title>", "", None),
        ("<title>MOD</title><meta property=og:site_name content=MOD>", "<h1>On defence</h1>", "On defence"),
        ("<title>A | B</title><meta property='og:title' content='Full &amp; exact'>", "", "Full & exact"),
        ("<title>On A — MOD</title><meta property=og:site_name content=MOD>", "", "On A"),
    ],
)
def test_a_title_goes_without_the_name_of_the_site(head: str, body: str, title: str | None) -> None:
    raw = read_page(f"<html><head>{head}</head><body>{body}<p>{LONG}</p></body></html>")
    assert raw.fields.get("title") == title
    assert raw.text.count("On defence") <= 1


@pytest.mark.parametrize(
    ("head", "day"),
    [
        (
            "<meta property='article:published_time' content='2024-07-28T23:59:00+09:00'>",
            datetime.date(2024, 7, 28),
        ),
        ("<meta name=DC.date.issued content=2024-07-28>", datetime.date(2024, 7, 28)),
        ("<meta name=citation_date content=2024/7/28>", datetime.date(2024, 7, 28)),
        ("<meta itemprop=datePublished content=20240728>", datetime.date(2024, 7, 28)),
        ("<meta name=citation_date content=2024-02-30>", None),
        ("<meta name=citation_date content=2024>", None),
        ("<meta property='article:modified_time' content='2024-07-28T23:59:00+09:00'>", None),
        ("<script type='application/ld+json'>{broken</script>", None),
        ("<script type='application/ld+json'>" + "[" * 100_000 + "</script>", None),
    ],
)
def test_a_date_is_the_day_that_the_page_was_published(head: str, day: datetime.date | None) -> None:
    raw = read_page(f"<html><head>{head}</head><body><p>{LONG}</p></body></html>")
    assert raw.fields.get("date") == day
    assert raw.guesses == {}


def test_a_date_that_only_the_layout_shows_is_a_guess() -> None:
    page = f"<html><body><div class='date'>July 28, 2024</div><p>{LONG}</p></body></html>"
    raw = read_page(page)
    assert "date" not in raw.fields
    assert raw.guesses == {"date": datetime.date(2024, 7, 28)}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "/relative", "http://", "http://[", "https://a b/", "ftp://x/y"]
)
def test_an_address_that_cannot_be_cited_is_left_out(url: str) -> None:
    page = f"<html><head><link rel=canonical href='{url}'></head><body><p>{LONG}</p></body></html>"
    assert "url" not in read_page(page).fields


def test_where_no_part_is_the_main_one_all_but_menus_is_kept() -> None:
    cells = "".join(f"<tr><td>{letter * 5}</td></tr>" for letter in string.ascii_lowercase)
    page = f"<nav><a href=x>Menu</a></nav><table>{cells}</table><footer>Contact us</footer>"
    assert read_body(page) == [letter * 5 for letter in string.ascii_lowercase]


def test_a_page_that_is_one_form_is_no_form() -> None:
    assert read_body(f"<form><div><h1>Title</h1><p>{LONG * 5}</p><p>Short.</p></div></form>") == [
        "Title",
        (LONG * 5).strip(),
        "Short.",
    ]


@pytest.mark.shared
@pytest.mark.skipif(not MESSY.exists(), reason="no development data")
@pytest.mark.parametrize(
    ("name", "first", "last", "absent"),
    [
        ("016_bundespraesident.de.20030331.html", "Rede von Bundespräsident", "", "Sie sind hier"),
        ("018_nhk.or.jp.k100.html", "子どもへの体罰を禁止する法律ができる", "", "ＮＥＷＳ"),
        ("020_bundespolizei.de-Belarus.html", "Illegale Migration", "", "Sie sind hier"),
        ("118_test_wikipedia.html", "Microsoft", "", "Create account"),
    ],
)
def test_real_pages(name: str, first: str, last: str, absent: str) -> None:
    raw = read_html((MESSY / name).read_bytes(), PATH)
    assert raw.text.startswith(first)
    assert last in raw.text
    assert absent not in raw.text
