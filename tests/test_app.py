"""The chat in a real browser, over a real index, with the default models."""

import asyncio
import contextlib
import dataclasses
import gc
import json
import re
import shutil
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

import app
from index.build import build_index
from index.encoder import Encoder
from index.errors import IndexStoreError, StatementsError
from index.store import open_index
from index.types import BuildSettings, Span, Statement
from qa.answer import Answerer
from qa.cite import format_citation
from qa.cross_encoder import Reranker
from qa.types import Answer, Citation, Question, Quote, StatementHeading

SEEDS = Path(__file__).resolve().parents[1] / "seeds"
ASKED = "What did the Ministers say about China's nuclear arsenal?"
ABOUT_HOSTILE = "What does the zeppelin accord cost?"
UNANSWERED = "Which cheese is best?"
ABOUT_JULY = "What was said in July 2024 about Russia?"
IN_JULY = "in July 2024"
ABOUT_2019 = "What did the Ministers say in 2019?"
WAIT_S = 60

# What a statement may hold that a page could act on, alter or lose.
HOSTILE = (
    "Hostile statement\r\n\r\n"
    "The *zeppelin* _accord_ costs $x$ and $$y$$ <b>now</b>, <script>window.hacked = 1</script> &amp; &lt;  "
    "two  spaces,\ttabs, `code`, ${window.hacked = 1} {{value}} \\(z\\) <img src=x onerror=hacked=1>,\r\n"
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u202eoverride\u202c \U0001f1ef\U0001f1f5 "
    "\U0001f469\u200d\U0001f680 e\u0301 and https://example.org/?a=1&b=2.\r\n"
    "The zeppelin \u65e5\u672c\u8a9e\u3002 # is no heading.\r\n\r\nThe zeppelin paragraph ends here.\r\n"
)


class Unable:
    """An answerer whose index is gone, or that has a fault, or that quotes what no file should hold."""

    def __init__(self, outcome: Exception | Answer, statement: Statement | None = None) -> None:
        self._outcome = outcome
        self._statement = statement

    def answer(self, question: Question) -> Answer:
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return dataclasses.replace(self._outcome, question=question)

    def statement(self, statement_id: str) -> Statement:
        if self._statement is None:
            raise StatementsError(f'There is no statement "{statement_id}".')
        return self._statement

    def statements(self) -> Sequence[Statement]:
        return [] if self._statement is None else [self._statement]


class Listening:
    """Passes questions on and remembers them."""

    def __init__(self, inner: app.AnswersQuestions) -> None:
        self._inner = inner
        self.heard: list[Question] = []

    def answer(self, question: Question) -> Answer:
        self.heard.append(question)
        return self._inner.answer(question)

    def statement(self, statement_id: str) -> Statement:
        return self._inner.statement(statement_id)

    def statements(self) -> Sequence[StatementHeading]:
        return self._inner.statements()


class Waiting(Listening):
    """Answers when it is let."""

    def __init__(self, inner: app.AnswersQuestions) -> None:
        super().__init__(inner)
        self.let = threading.Event()

    def answer(self, question: Question) -> Answer:
        assert self.let.wait(WAIT_S)
        return super().answer(question)


# What happens without a browser


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay the repository's statements and a hostile one in one folder."""
    folder = Path(shutil.copytree(SEEDS, tmp_path_factory.mktemp("app") / "seeds"))
    (folder / "hostile.txt").write_bytes(HOSTILE.encode())
    about = """
        title = 'Hostile <b>&amp; "statement"'
        issuer = "<i>Ministry</i> & sons"
        url = "https://example.org/?a=1&lt=2"
    """
    (folder / "hostile.meta.toml").write_text(about, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def answerer(
    seeds: Path,
    tmp_path_factory: pytest.TempPathFactory,
    default_encoder: Encoder,
    default_reranker: Reranker,
    default_judge: Reranker,
) -> Answerer:
    """Answer all questions below as the program does, with the default models."""
    store = tmp_path_factory.mktemp("store")
    build_index(
        seeds,
        store,
        settings=BuildSettings(),
        load_encoder=lambda _: default_encoder,
        model_id=lambda _: default_encoder.model_id,
    )
    return Answerer(lambda: open_index(store), default_encoder, default_reranker, judge=default_judge)


def last(steps: Iterator[app.Conversation]) -> app.Conversation:
    *_, conversation = steps
    return conversation


def test_the_question_stands_before_its_answer(answerer: app.AnswersQuestions) -> None:
    pending, answered = app.converse(answerer, app.Conversation(), f"  {ASKED}\n")
    assert "Searching" in pending.turns[0]
    assert pending.questions == ()
    assert len(answered.turns) == 1
    assert answered.questions == (ASKED,)


@pytest.mark.parametrize("typed", ["", " \n\t", "\u2003"])
def test_no_question_is_no_turn(answerer: app.AnswersQuestions, typed: str) -> None:
    assert list(app.converse(answerer, app.Conversation(), typed)) == []


def test_earlier_questions_go_with_the_next_one(answerer: app.AnswersQuestions) -> None:
    listening = Listening(answerer)
    conversation = last(app.converse(listening, app.Conversation(), ASKED))
    conversation = last(app.converse(listening, conversation, UNANSWERED))
    conversation = last(app.converse(listening, conversation, "And Russia?"))
    assert [question.earlier for question in listening.heard] == [(), (ASKED,), (ASKED, UNANSWERED)]
    assert len(conversation.turns) == 3


def test_a_long_question_is_turned_away(answerer: app.AnswersQuestions) -> None:
    listening = Listening(answerer)
    conversation = last(app.converse(listening, app.Conversation(), "word " * 4000))
    assert "A question may have 2,000 characters; this one has 19,999." in conversation.turns[0]
    assert conversation.questions == ()
    assert listening.heard == []


def test_half_a_surrogate_pair_is_no_fault(answerer: app.AnswersQuestions) -> None:
    assert last(app.converse(answerer, app.Conversation(), f"{ASKED} \ud83d")).questions == (f"{ASKED} ?",)


def test_an_error_for_the_user_is_a_message() -> None:
    unable = Unable(IndexStoreError("The index is <gone>."))
    conversation = last(app.converse(unable, app.Conversation(), ASKED))
    assert "The index is &lt;gone&gt;." in conversation.turns[0]
    assert conversation.questions == ()


def test_a_fault_is_shown_and_keeps_its_traceback() -> None:
    steps = app.converse(Unable(ZeroDivisionError("secret")), app.Conversation(), ASKED)
    next(steps)
    shown = next(steps).turns[0]
    assert "fault of the program" in shown
    assert "secret" not in shown
    with pytest.raises(ZeroDivisionError):
        next(steps)


def test_a_question_is_asked_again_without_what_was_removed(answerer: app.AnswersQuestions) -> None:
    listening = Listening(answerer)
    conversation = last(app.converse(listening, app.Conversation(), ASKED))
    conversation = last(app.converse(listening, conversation, ABOUT_JULY))
    pending, answered = app.ask_without(listening, conversation, {"turn": 1, "words": IN_JULY})
    assert "Searching" in pending.turns[2]
    again = last(app.ask_without(listening, answered, {"turn": 2, "words": "Ministers"}))
    assert [question.text for question in listening.heard[1:]] == [ABOUT_JULY] * 3
    assert [question.earlier for question in listening.heard[1:]] == [(ASKED,)] * 3
    assert [question.ignored for question in listening.heard[2:]] == [{IN_JULY}, {IN_JULY, "Ministers"}]
    assert len(again.turns) == 4


@pytest.mark.parametrize(
    "chip",
    [
        *({"turn": 1, "words": IN_JULY}, {"turn": -1, "words": IN_JULY}, {"turn": "0", "words": IN_JULY}),
        *({"turn": 0, "words": None}, {"turn": 0}, {"words": IN_JULY}, {}, [], None, "turn"),
    ],
)
def test_what_was_never_shown_cannot_be_removed(answerer: app.AnswersQuestions, chip: object) -> None:
    conversation = last(app.converse(answerer, app.Conversation(), ABOUT_JULY))
    assert list(app.ask_without(answerer, conversation, chip)) == []


def test_a_link_opens_its_statement(answerer: app.AnswersQuestions) -> None:
    statement = answerer.statement("hostile")
    place = {"statement": "hostile", "start": "0", "end": "17", "sha256": statement.sha256}
    assert '<mark class="quoted">Hostile statement</mark>' in app.read_statement(answerer, place)


@pytest.mark.parametrize(
    "place",
    [
        {"statement": "hostile", "start": "17", "end": "0"},
        {"statement": "hostile", "start": "-1", "end": "2"},
        {"statement": "hostile", "start": "x", "end": "2"},
        {"statement": "hostile", "start": None, "end": [1]},
        {"statement": "hostile", "end": "2"},
        {"statement": "hostile"},
    ],
)
def test_a_link_to_no_place_opens_the_statement(answerer: app.AnswersQuestions, place: object) -> None:
    shown = app.read_statement(answerer, place)
    assert "The *zeppelin* _accord_" in shown
    assert "<mark" not in shown


def test_a_link_to_a_file_that_has_changed_highlights_nothing(answerer: app.AnswersQuestions) -> None:
    place = {"statement": "hostile", "start": "0", "end": "17", "sha256": "0" * 64}
    shown = app.read_statement(answerer, place)
    assert "The file has changed" in shown
    assert "<mark" not in shown


@pytest.mark.parametrize(
    "place", [{"statement": "<none>"}, {}, [], None, "hostile", {"statement": ["hostile"]}]
)
def test_a_link_to_no_statement_says_so(answerer: app.AnswersQuestions, place: object) -> None:
    shown = app.read_statement(answerer, place)
    assert "notice failure" in shown
    assert "<none>" not in shown


# The command


def test_no_index_is_one_clear_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert app.main(["--index", str(tmp_path / "none"), "--port", str(port)]) == 1
    assert "python -m index" in capsys.readouterr().err


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def test_a_busy_port_is_one_clear_sentence(busy_port: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--port", str(busy_port)]) == 1
    assert capsys.readouterr().err == f"Port {busy_port} is already in use. Choose another with --port.\n"


def test_an_address_of_another_machine_is_one_clear_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert app.main(["--host", "192.0.2.1"]) == 1
    assert re.fullmatch(
        r"The chat cannot be served on 192\.0\.2\.1, port 7860: .+\.\n", capsys.readouterr().err
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", 'The password file {} names nobody. Write one "user:password" a line.'),
        (b"\n \n", 'The password file {} names nobody. Write one "user:password" a line.'),
        (b"ann:secret\nbob\n", 'Line 2 of {} is not of the form "user:password".'),
        (b":secret\n", 'Line 1 of {} is not of the form "user:password".'),
        (b"ann:\n", 'Line 1 of {} is not of the form "user:password".'),
        (b"\xff\xfe", "The password file {} cannot be read: it is not UTF-8 text."),
        (None, "The password file {} cannot be read: No such file or directory."),
    ],
)
def test_a_bad_password_file_is_one_clear_sentence(
    content: bytes | None, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "people"
    if content is not None:
        file.write_bytes(content)
    assert app.main(["--auth", str(file)]) == 1
    assert capsys.readouterr().err == message.format(file) + "\n"


def test_a_password_may_hold_colons(tmp_path: Path) -> None:
    file = tmp_path / "people"
    file.write_text("ann:a:b c\r\n\nbob:\u00fcber\n", encoding="utf-8")
    assert app.read_people(file) == [("ann", "a:b c"), ("bob", "\u00fcber")]


@pytest.mark.parametrize("arguments", [["--port", "x"], ["--port", "0"], ["--port", "65536"], ["--nonsense"]])
def test_bad_usage_exits_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        app.main(arguments)
    assert left.value.code == 2
    assert "usage: app.py" in capsys.readouterr().err


# In the browser

browser_test = pytest.mark.browser
Browser = webdriver.Chrome
Found = TypeVar("Found")


@contextlib.contextmanager
def served(answerer: app.AnswersQuestions, *, auth: list[tuple[str, str]] | None = None) -> Iterator[str]:
    """Serve a chat over `answerer` at the address this yields."""
    with leaving_nothing_open():
        chat = app.build_app(answerer)
        # Without a port given, Gradio takes the first free one from 7860.
        _, url, _ = chat.launch(**app.launch_options(), auth=auth)
    try:
        yield url
    finally:
        with leaving_nothing_open():
            chat.close(verbose=False)


@contextlib.contextmanager
def leaving_nothing_open() -> Iterator[None]:
    """Clear away the event loops that Gradio makes and forgets, which would end as warnings elsewhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        asyncio.set_event_loop(None)
        gc.collect()


@pytest.fixture(scope="module")
def url(answerer: app.AnswersQuestions) -> Iterator[str]:
    with served(answerer) as address:
        yield address


def open_browser(profile: Path) -> Browser:
    binary = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not binary or not driver:
        pytest.fail(
            "Chromium is missing. Install it with: apt-get install chromium chromium-driver", pytrace=False
        )
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for flag in [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1400,900",
        f"--user-data-dir={profile}",
    ]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))


@pytest.fixture(scope="module")
def module_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = open_browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.quit()


@pytest.fixture
def browser(module_browser: Browser) -> Browser:
    """One Chromium for all tests, on the desk and in the light until a test says otherwise."""
    module_browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    set_scheme(module_browser, "light")
    return module_browser


def set_scheme(browser: Browser, scheme: str) -> None:
    # Scrolling at once: no test waits for an animation.
    features = [
        {"name": "prefers-color-scheme", "value": scheme},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})


def set_width(browser: Browser, width: int) -> None:
    metrics = {"width": width, "height": 740, "deviceScaleFactor": 2, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def until(browser: Browser, condition: Callable[[Browser], Found]) -> Found:
    """Return what `condition` gives as soon as it gives something."""
    return WebDriverWait(browser, WAIT_S, poll_frequency=0.05).until(condition)


def find_all(browser: Browser, selector: str) -> list[WebElement]:
    return browser.find_elements(By.CSS_SELECTOR, selector)


def find(browser: Browser, selector: str) -> WebElement:
    return until(browser, lambda _: find_all(browser, selector))[0]


def text_of(element: WebElement) -> str:
    """Return textContent, which unlike `.text` nothing has tidied."""
    return cast(str, element.get_property("textContent"))


def texts(browser: Browser, selector: str) -> list[str]:
    return cast(
        list[str],
        browser.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)", selector
        ),
    )


def wait_for_texts(browser: Browser, selector: str, expected: list[str]) -> None:
    until(browser, lambda _: texts(browser, selector) == expected)


def open_chat(browser: Browser, address: str) -> None:
    browser.get(address)
    find(browser, "textarea")
    until(browser, lambda _: texts(browser, "#library summary"))


def question_box(browser: Browser) -> WebElement:
    """Find the box as a screen reader does, by its label."""
    label = (
        'return [...document.querySelectorAll("label")].find(l => l.innerText.trim() === "Question").control'
    )
    return cast(WebElement, browser.execute_script(label + " ?? document.querySelector('textarea')"))


def wait_for_answers(browser: Browser, count: int) -> None:
    until(browser, lambda _: len(find_all(browser, ".turn")) == count)
    until(browser, lambda _: not find_all(browser, ".pending"))


def ask(browser: Browser, question: str) -> None:
    turns = len(find_all(browser, ".turn"))
    question_box(browser).send_keys(question + Keys.ENTER)
    wait_for_answers(browser, turns + 1)


def links_to(browser: Browser, citation: Citation) -> WebElement:
    """Find the link under the first quote of `citation`."""
    for quote in find_all(browser, ".quote"):
        if text_of(quote.find_element(By.CSS_SELECTOR, ".citation")) == format_citation(citation):
            return quote.find_element(By.CSS_SELECTOR, ".actions a.open")
    raise AssertionError(f"not shown: {citation}")


@browser_test
def test_quotes_are_shown_exactly(
    browser: Browser, url: str, answerer: app.AnswersQuestions, seeds: Path
) -> None:
    open_chat(browser, url)
    ask(browser, ASKED)
    quotes = answerer.answer(Question(text=ASKED)).quotes
    assert quotes
    assert texts(browser, ".quote-text") == [quote.text for quote in quotes]
    for quote, shown in zip(quotes, texts(browser, ".quote-text"), strict=True):
        source = (seeds.parent / quote.citation.source).read_bytes().decode()
        assert shown == source[quote.citation.span.start : quote.citation.span.end]
    assert texts(browser, ".question") == [ASKED]


@browser_test
def test_what_looks_like_markup_is_shown_exactly(
    browser: Browser, url: str, answerer: app.AnswersQuestions
) -> None:
    open_chat(browser, url)
    ask(browser, ABOUT_HOSTILE)
    quotes = answerer.answer(Question(text=ABOUT_HOSTILE)).quotes
    assert any(
        "<script>" in quote.text and "\r\n" in quote.text and "\u202e" in quote.text for quote in quotes
    )
    assert texts(browser, ".quote-text") == [quote.text for quote in quotes]
    assert texts(browser, ".quote > figcaption > .citation") == [
        format_citation(quote.citation) for quote in quotes
    ]
    links_to(browser, quotes[0].citation).click()
    assert text_of(find(browser, ".statement-text")) == HOSTILE
    assert text_of(find(browser, "mark.quoted")) == quotes[0].text
    assert text_of(find(browser, ".reader h2")) == 'Hostile <b>&amp; "statement"'
    assert browser.execute_script("return window.hacked") is None
    assert find(browser, ".quote [target=_blank]").get_attribute("href") == "https://example.org/?a=1&lt=2"


@browser_test
def test_nul_is_shown_exactly(browser: Browser, answerer: app.AnswersQuestions) -> None:
    text = "\0Zero\0 width.\r\0\n"
    statement = dataclasses.replace(answerer.statement("hostile"), text=text)
    citation = dataclasses.replace(
        answerer.answer(Question(text=ABOUT_HOSTILE)).quotes[0].citation, span=Span(start=0, end=len(text))
    )
    quote = Quote(text=text, citation=citation, score=1, emphasis=Span(start=5, end=9))
    with served(Unable(Answer(question=Question(text="?"), quotes=(quote,)), statement)) as address:
        open_chat(browser, address)
        ask(browser, "Zero?")
        ask(browser, "Zero again?")
        assert texts(browser, ".quote-text") == [text, text]
        links_to(browser, citation).click()
        assert text_of(find(browser, ".statement-text")) == text


@browser_test
def test_the_answering_sentence_is_emphasised(
    browser: Browser, url: str, answerer: app.AnswersQuestions
) -> None:
    open_chat(browser, url)
    ask(browser, ASKED)
    quotes = answerer.answer(Question(text=ASKED)).quotes
    starts = [quote.citation.span.start for quote in quotes]
    assert texts(browser, ".quote-text mark") == [
        quote.text[quote.emphasis.start - start : quote.emphasis.end - start]
        for quote, start in zip(quotes, starts, strict=True)
    ]
    plain, emphasised = (find(browser, selector) for selector in (".quote-text", ".quote-text mark"))
    assert plain.value_of_css_property("background-color") != emphasised.value_of_css_property(
        "background-color"
    )
    assert plain.value_of_css_property("white-space-collapse") == "preserve"


@browser_test
def test_citations_stand_below_their_quotes(
    browser: Browser, url: str, answerer: app.AnswersQuestions
) -> None:
    open_chat(browser, url)
    ask(browser, ASKED)
    for card, quote in zip(
        find_all(browser, ".quote"), answerer.answer(Question(text=ASKED)).quotes, strict=True
    ):
        words = card.find_element(By.CSS_SELECTOR, ".quote-text")
        citations = card.find_elements(By.CSS_SELECTOR, ".citation")
        assert [text_of(line) for line in citations] == [
            format_citation(citation) for citation in (quote.citation, *quote.also_in)
        ]
        assert citations[0].rect["y"] >= words.rect["y"] + words.rect["height"]
    assert "own count" in find(browser, "#below").text


@browser_test
def test_aliases_are_named(browser: Browser, url: str, answerer: app.AnswersQuestions) -> None:
    asked = "What is said about China's nuclear arsenal?"  # one of the statements calls it the PRC
    open_chat(browser, url)
    ask(browser, asked)
    expected = [
        f"{name}: also searched as {', '.join(others)}"
        for name, others in answerer.answer(Question(text=asked)).matched_aliases.items()
    ]
    assert expected
    assert texts(browser, ".aliases li") == expected


@browser_test
def test_what_a_question_is_narrowed_to_can_be_removed(
    browser: Browser, url: str, answerer: app.AnswersQuestions
) -> None:
    open_chat(browser, url)
    ask(browser, ABOUT_JULY)
    assert texts(browser, ".chip bdi") == ["July 2024"]
    narrowed = texts(browser, ".quote-text")
    chip = find(browser, ".chip")
    assert chip.accessible_name == "Remove: July 2024"
    chip.click()
    wait_for_answers(browser, 2)
    assert texts(browser, ".question") == [ABOUT_JULY, ABOUT_JULY]
    assert texts(browser, ".turn:last-child .chip") == []
    wider = answerer.answer(Question(text=ABOUT_JULY, ignored=frozenset({IN_JULY}))).quotes
    assert texts(browser, ".turn:last-child .quote-text") == [quote.text for quote in wider]
    assert texts(browser, ".turn:first-child .quote-text") == narrowed
    assert narrowed != [quote.text for quote in wider]
    find(browser, ".turn:first-child .chip").click()
    wait_for_answers(browser, 3)


@browser_test
def test_the_nearest_is_offered_and_what_narrows_removed_by_keyboard(browser: Browser, url: str) -> None:
    set_width(browser, 375)
    open_chat(browser, url)
    ask(browser, ABOUT_2019)
    assert "No statement is from 2019. The nearest is" in text_of(find(browser, ".refusal"))
    assert overflowing(browser) == []
    chip = find(browser, ".chip")
    assert chip.rect["height"] >= 24
    chip.send_keys(Keys.ENTER)
    wait_for_answers(browser, 2)
    assert texts(browser, ".turn:last-child .chip") == []
    assert browser.switch_to.active_element == chip
    assert overflowing(browser) == []


@browser_test
def test_how_a_day_was_reckoned_is_told(browser: Browser, url: str) -> None:
    open_chat(browser, url)
    ask(browser, "What did they say last year?")
    assert texts(browser, ".chip bdi") == ["2023"]
    assert texts(browser, ".reckoned") == ["from the newest statement, of December 13, 2024"]


@browser_test
def test_a_quote_opens_in_its_statement(browser: Browser, url: str, answerer: app.AnswersQuestions) -> None:
    open_chat(browser, url)
    ask(browser, ASKED)
    for quote in answerer.answer(Question(text=ASKED)).quotes:
        links_to(browser, quote.citation).click()
        wait_for_texts(browser, "mark.quoted", [quote.text])
        statement = answerer.statement(quote.citation.statement_id)
        assert texts(browser, ".statement-text") == [statement.text]
        assert texts(browser, ".reader h2") == [statement.title]
        assert starts_in_view(browser, "mark.quoted", within=".pages")
    find(browser, ".reader .close").click()
    assert not find(browser, ".reader").is_displayed()


def starts_in_view(browser: Browser, selector: str, *, within: str) -> bool:
    """Say whether the element's first line can be seen in the part of the page that scrolls."""
    script = """
        const inner = document.querySelector(arguments[0]).getClientRects()[0];
        const outer = document.querySelector(arguments[1]).getBoundingClientRect();
        return inner.top >= outer.top && inner.bottom <= Math.min(outer.bottom, innerHeight);
    """
    return cast(bool, browser.execute_script(script, selector, within))


@browser_test
def test_a_link_can_be_opened_on_its_own(browser: Browser, url: str, answerer: app.AnswersQuestions) -> None:
    open_chat(browser, url)
    ask(browser, ASKED)
    quote = answerer.answer(Question(text=ASKED)).quotes[-1]
    address = links_to(browser, quote.citation).get_attribute("href")
    assert address
    browser.get(address)
    assert text_of(find(browser, "mark.quoted")) == quote.text


@browser_test
def test_all_statements_are_listed_and_open(
    browser: Browser, url: str, answerer: app.AnswersQuestions
) -> None:
    open_chat(browser, url)
    find(browser, "#library summary").click()
    titles = [statement.title for statement in answerer.statements()]
    assert texts(browser, "#library a") == titles
    find_all(browser, "#library a")[1].click()
    wait_for_texts(browser, ".reader h2", [titles[1]])
    assert not find_all(browser, "mark.quoted")


@browser_test
@pytest.mark.parametrize("clipboard", ["offered", "missing"])
def test_copy_takes_quote_and_citation(
    browser: Browser, url: str, answerer: app.AnswersQuestions, clipboard: str
) -> None:
    permissions = {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": url}
    browser.execute_cdp_cmd("Browser.grantPermissions", permissions)
    open_chat(browser, url)
    ask(browser, ABOUT_HOSTILE)
    if clipboard == "missing":
        hide = "window.kept = navigator.clipboard;"
        hide += "Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})"
        browser.execute_script(hide)
    button = find(browser, ".quote .copy")
    button.click()
    until(browser, lambda _: text_of(button) == "Copied")
    quote = answerer.answer(Question(text=ABOUT_HOSTILE)).quotes[0]
    read = "(window.kept ?? navigator.clipboard).readText().then(arguments[0], e => arguments[0](String(e)))"
    assert browser.execute_async_script(read) == f"{quote.text}\n\n{format_citation(quote.citation)}"
    until(browser, lambda _: text_of(button) == "Copy")


@browser_test
def test_a_refusal_says_why_and_quotes_nothing(
    browser: Browser, url: str, answerer: app.AnswersQuestions
) -> None:
    open_chat(browser, url)
    ask(browser, UNANSWERED)
    reason = answerer.answer(Question(text=UNANSWERED)).reason
    assert reason
    assert reason in text_of(find(browser, ".refusal"))
    assert not find_all(browser, ".quote, .copy, .citation")


@browser_test
def test_an_error_is_a_message_in_the_chat(browser: Browser) -> None:
    with served(Unable(IndexStoreError("The index is gone. Build it again."))) as address:
        open_chat(browser, address)
        ask(browser, ASKED)
        assert "The index is gone. Build it again." in text_of(find(browser, ".failure"))
        assert "Traceback" not in browser.page_source


@browser_test
def test_enter_sends_and_shift_enter_does_not(browser: Browser, url: str) -> None:
    open_chat(browser, url)
    box = question_box(browser)
    box.send_keys("What of", Keys.SHIFT, Keys.ENTER, Keys.NULL, "extended deterrence?")
    assert box.get_property("value") == "What of\nextended deterrence?"
    assert not find_all(browser, ".turn")
    box.send_keys(Keys.ENTER)
    wait_for_answers(browser, 1)
    assert texts(browser, ".question") == ["What of\nextended deterrence?"]
    assert box.get_property("value") == ""


@browser_test
def test_the_button_asks(browser: Browser, url: str) -> None:
    open_chat(browser, url)
    question_box(browser).send_keys(ASKED)
    next(button for button in find_all(browser, "button") if button.text == "Ask").click()
    wait_for_answers(browser, 1)
    assert texts(browser, ".question") == [ASKED]


@browser_test
def test_no_question_does_nothing(browser: Browser, url: str) -> None:
    open_chat(browser, url)
    question_box(browser).send_keys("   ", Keys.ENTER)
    ask(browser, ASKED)
    # The questions are answered in order, so an answer to nothing would stand here by now.
    assert [question.strip() for question in texts(browser, ".question")] == [ASKED]


@browser_test
def test_a_question_sent_meanwhile_is_asked_next(browser: Browser, answerer: app.AnswersQuestions) -> None:
    waiting = Waiting(answerer)
    with served(waiting) as address:
        open_chat(browser, address)
        # A nervous hand: the second ENTER finds the same question in the box, or nothing.
        question_box(browser).send_keys(ASKED, Keys.ENTER, Keys.ENTER)
        wait_for_texts(browser, ".question", [ASKED])
        assert texts(browser, ".pending") == ["Searching the statements\u2026"]
        until(browser, lambda _: question_box(browser).get_property("value") == "")
        question_box(browser).send_keys(UNANSWERED, Keys.ENTER)
        waiting.let.set()
        wait_for_answers(browser, 2)
        ask(browser, ABOUT_HOSTILE)
    assert [question.text for question in waiting.heard] == [ASKED, UNANSWERED, ABOUT_HOSTILE]


@browser_test
def test_each_example_is_asked_by_a_click(browser: Browser, url: str) -> None:
    open_chat(browser, url)
    assert len(app.EXAMPLES) == 4
    for count, example in enumerate(app.EXAMPLES):
        if count:
            next(
                button for button in find_all(browser, "button") if button.text == "New conversation"
            ).click()
            until(browser, lambda _: not find_all(browser, ".turn"))
        until(
            browser, lambda _: len([b for b in find_all(browser, "button.example") if b.is_displayed()]) == 4
        )
        next(button for button in find_all(browser, "button.example") if button.text == example).click()
        wait_for_answers(browser, 1)
        assert texts(browser, ".question") == [example]
        assert not [button for button in find_all(browser, "button.example") if button.is_displayed()]


@browser_test
def test_a_new_conversation_forgets_the_last(browser: Browser, answerer: app.AnswersQuestions) -> None:
    listening = Listening(answerer)
    with served(listening) as address:
        open_chat(browser, address)
        ask(browser, ASKED)
        ask(browser, "And Russia?")
        next(button for button in find_all(browser, "button") if button.text == "New conversation").click()
        until(browser, lambda _: not find_all(browser, ".turn"))
        ask(browser, UNANSWERED)
    assert [question.earlier for question in listening.heard] == [(), (ASKED,), ()]


@browser_test
def test_a_new_conversation_begins_after_the_answer_on_its_way(
    browser: Browser, answerer: app.AnswersQuestions
) -> None:
    waiting = Waiting(answerer)
    with served(waiting) as address:
        open_chat(browser, address)
        question_box(browser).send_keys(ASKED + Keys.ENTER)
        until(browser, lambda _: find_all(browser, ".pending"))
        next(button for button in find_all(browser, "button") if button.text == "New conversation").click()
        waiting.let.set()
        until(browser, lambda _: not find_all(browser, ".turn"))
        ask(browser, UNANSWERED)
    assert [question.earlier for question in waiting.heard] == [(), ()]


@browser_test
def test_the_newest_turn_is_scrolled_into_view(browser: Browser, url: str) -> None:
    open_chat(browser, url)
    for _ in range(3):
        ask(browser, ASKED)
    until(browser, lambda _: starts_in_view(browser, ".turn:last-child .question", within="#scroll"))


@browser_test
def test_a_question_is_text_whatever_it_holds(browser: Browser, url: str) -> None:
    question = (
        "<img src=x onerror='window.hacked=1'><script>window.hacked=1</script> &amp; ${1} {{2}} **3** cheese"
    )
    open_chat(browser, url)
    ask(browser, question)
    assert texts(browser, ".question") == [question]
    assert browser.execute_script("return window.hacked") is None
    assert not find_all(browser, "#chat img")


def paste(browser: Browser, text: str) -> None:
    """Put a text into the box at once, where typing it would take long."""
    script = "const [box, text] = arguments; box.value = text; box.dispatchEvent(new Event('input'))"
    browser.execute_script(script, question_box(browser), text)


@browser_test
def test_a_pasted_document_is_turned_away(browser: Browser, url: str) -> None:
    open_chat(browser, url)
    paste(browser, "word " * 4000)
    ask(browser, "")
    assert "A question may have 2,000 characters" in text_of(find(browser, ".failure"))
    ask(browser, ASKED)
    assert find_all(browser, ".quote")


@browser_test
def test_a_phone_never_scrolls_sideways(browser: Browser, url: str) -> None:
    set_width(browser, 375)
    open_chat(browser, url)
    assert overflowing(browser) == []
    for question in [ASKED, ABOUT_HOSTILE, UNANSWERED, "long" * 100]:
        ask(browser, question)
        assert overflowing(browser) == []
    find(browser, ".quote .actions a.open").click()
    find(browser, ".statement-text")
    assert overflowing(browser) == []
    assert find(browser, ".reader").rect["width"] == 375


def overflowing(browser: Browser) -> list[str]:
    """Name what is wider than the window or than what it scrolls in."""
    script = """
        const all = selector => [...document.querySelectorAll(selector)];
        const wide = all("body, #scroll, #foot, .pages").filter(e => e.scrollWidth > e.clientWidth);
        const out = all("#chat *").filter(e => e.getBoundingClientRect().right > innerWidth);
        const page = document.documentElement.scrollWidth > innerWidth ? ["page"] : [];
        return [...page, ...wide.map(e => e.id || e.className), ...out.map(e => e.outerHTML.slice(0, 80))];
    """
    return cast(list[str], browser.execute_script(script))


@browser_test
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read(browser: Browser, url: str, scheme: str) -> None:
    set_scheme(browser, scheme)
    open_chat(browser, url)
    welcome = contrasts(browser)
    assert len(welcome) > 10
    ask(browser, ASKED)
    ask(browser, "What did they say last year?")
    ask(browser, UNANSWERED)
    paste(browser, "x" * 2001)
    ask(browser, "")
    find(browser, ".quote .actions a.open").click()
    find(browser, ".statement-text")
    all_shown = welcome + contrasts(browser)
    for selector in (".quote-text", "mark.quoted", ".refusal", ".failure", "label", ".chip", ".reckoned"):
        assert find_all(browser, selector)
    paper = find(browser, "body").value_of_css_property("background-color")
    assert luminance(paper) < 0.1 if scheme == "dark" else luminance(paper) > 0.8
    faint = {(text, colour, ground) for text, colour, ground in all_shown if ratio(colour, ground) < 4.5}
    assert faint == set()


def contrasts(browser: Browser) -> list[tuple[str, str, str]]:
    """Return (text, its colour, the colour behind it) for all text that is shown."""
    script = """
        const clear = colour => /^rgba\\(.*, 0\\)$/.test(colour) || colour === "transparent";
        const ground = e => {
            for (; e; e = e.parentElement) {
                const colour = getComputedStyle(e).backgroundColor;
                if (!clear(colour)) return colour;
            }
            return "rgb(255, 255, 255)";
        };
        const says = node => node.nodeType === Node.TEXT_NODE && node.data.trim();
        const speaks = e => e.checkVisibility() && [...e.childNodes].some(says);
        const look = (e, text, part) => [text, getComputedStyle(e, part).color, ground(e)];
        const shown = [...document.querySelectorAll("body *")].filter(speaks);
        const box = document.querySelector("textarea");
        return [
            look(box, "what is typed"),
            look(box, "the placeholder", "::placeholder"),
            ...shown.map(e => look(e, e.textContent.slice(0, 40))),
        ];
    """
    return [(text, colour, ground) for text, colour, ground in browser.execute_script(script)]


def luminance(colour: str) -> float:
    """Return the relative luminance of an opaque `rgb(r, g, b)`, as WCAG 2.2 defines it."""
    found = re.fullmatch(r"rgba?\((\d+), (\d+), (\d+)(?:, 1)?\)", colour)
    assert found, f"not an opaque colour: {colour}"
    shares = [int(value) / 255 for value in found.groups()]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ratio(colour: str, ground: str) -> float:
    darker, lighter = sorted([luminance(colour), luminance(ground)])
    return (lighter + 0.05) / (darker + 0.05)


@browser_test
def test_everything_is_reached_by_keyboard(
    browser: Browser, url: str, answerer: app.AnswersQuestions
) -> None:
    open_chat(browser, url)
    until(browser, lambda _: browser.switch_to.active_element == question_box(browser))
    ask(browser, ASKED)
    quote = answerer.answer(Question(text=ASKED)).quotes[0]
    reached = []
    for _ in range(40):
        browser.switch_to.active_element.send_keys(Keys.SHIFT, Keys.TAB, Keys.NULL)
        reached.append(browser.switch_to.active_element.text)
        if browser.switch_to.active_element == links_to(browser, quote.citation):
            break
    assert {"Copy", "Open in the statement"} <= set(reached)
    link = browser.switch_to.active_element
    assert link.value_of_css_property("outline-style") == "solid"
    link.send_keys(Keys.ENTER)
    wait_for_texts(browser, "mark.quoted", [quote.text])
    assert browser.switch_to.active_element.text == quote.citation.title
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    until(browser, lambda _: not find(browser, ".reader").is_displayed())
    assert browser.switch_to.active_element == link
    question_box(browser).send_keys(Keys.TAB)
    assert browser.switch_to.active_element.text == "Ask"
    browser.switch_to.active_element.send_keys(Keys.TAB)
    assert browser.switch_to.active_element.text == "New conversation"


@browser_test
def test_screen_readers_are_told(browser: Browser, url: str) -> None:
    open_chat(browser, url)
    log = find(browser, "[role=log]")
    ask(browser, ASKED)
    # The same element: one that came with the answer in it would not be read out.
    assert log == find(browser, "[role=log]")
    assert log.accessible_name == "Conversation"
    assert question_box(browser).accessible_name == "Question"
    assert [heading.tag_name for heading in find_all(browser, "h1, h2") if heading.is_displayed()] == [
        "h1",
        "h2",
    ]


@browser_test
def test_a_password_is_asked_for(browser: Browser, answerer: app.AnswersQuestions) -> None:
    with served(answerer, auth=[("ann", "secret")]) as address:
        browser.get(address)
        name, password = (find(browser, f"input[type={kind}]") for kind in ("text", "password"))
        assert not find_all(browser, "#chat")
        name.send_keys("ann")
        password.send_keys("secret", Keys.ENTER)
        find(browser, "#chat")
        ask(browser, ASKED)
        assert find_all(browser, ".quote")


@browser_test
def test_nothing_leaves_this_machine(
    browser: Browser, answerer: app.AnswersQuestions, reached: set[str]
) -> None:
    read_log(browser, "performance")  # forgets what came before
    with served(answerer) as address:
        open_chat(browser, address)
        ask(browser, ASKED)
        find(browser, ".quote .actions a.open").click()
        find(browser, ".statement-text")
        requests = requested(browser)
    assert f"{address}gradio_api/queue/join" in requests
    assert {urlsplit(request).hostname for request in requests} == {"127.0.0.1"}
    assert reached
    assert reached <= {"127.0.0.1", "::1", "localhost"}


@pytest.fixture
def reached() -> Iterator[set[str]]:
    """Collect the names and addresses that Python looks up or connects to, in any thread, during the test."""
    hosts: set[str] = set()
    listening = True

    def listen(event: str, arguments: tuple[Any, ...]) -> None:
        if listening and event == "socket.getaddrinfo":
            hosts.add(str(arguments[0]))
        if listening and event == "socket.connect" and isinstance(arguments[1], tuple):
            hosts.add(arguments[1][0])

    sys.addaudithook(listen)  # for as long as the process lives
    yield hosts
    listening = False


def read_log(browser: Browser, kind: str) -> list[dict[str, Any]]:
    """Return what the browser has logged since it was last asked."""
    return cast(list[dict[str, Any]], browser.get_log(kind))  # type: ignore[no-untyped-call]


def requested(browser: Browser) -> set[str]:
    """Return the addresses that the page asked for, without their queries."""
    entries = [json.loads(entry["message"])["message"] for entry in read_log(browser, "performance")]
    addresses = [
        entry["params"]["request"]["url"]
        for entry in entries
        if entry["method"] == "Network.requestWillBeSent"
    ]
    addresses += [
        entry["params"]["url"] for entry in entries if entry["method"] == "Network.webSocketCreated"
    ]
    return {address.partition("?")[0] for address in addresses if not address.startswith(("data:", "blob:"))}


@browser_test
def test_the_page_offers_no_more_than_the_chat(url: str, browser: Browser) -> None:
    open_chat(browser, url)
    assert not find_all(browser, "footer")
    assert browser.title == app.TITLE
    script = "fetch(arguments[0]).then(answer => arguments[1](answer.status))"
    for path in ("openapi.json", "docs", "redoc", "monitoring", "gradio_api/monitoring/summary"):
        assert browser.execute_async_script(script, url + path) in {403, 404}, path
    browser.get(f"{url}gradio_api/info")
    assert json.loads(find(browser, "body").text) == {"named_endpoints": {}, "unnamed_endpoints": {}}


@browser_test
def test_no_file_is_taken(url: str, browser: Browser) -> None:
    open_chat(browser, url)
    script = """
        const form = new FormData();
        form.append("files", new Blob(["text"]), "file.txt");
        fetch(arguments[0], {method: "POST", body: form}).then(answer => arguments[1](answer.status));
    """
    assert browser.execute_async_script(script, f"{url}gradio_api/upload") == 413


@browser_test
def test_the_page_has_no_errors(browser: Browser, url: str) -> None:
    read_log(browser, "browser")  # forgets what came before
    open_chat(browser, url)
    ask(browser, ASKED)
    find(browser, ".quote .actions a.open").click()
    find(browser, ".statement-text")
    assert [entry["message"] for entry in read_log(browser, "browser") if entry["level"] == "SEVERE"] == []
