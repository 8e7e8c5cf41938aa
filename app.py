"""The web chat: a question in, the exact words of statements out. Nothing imports this module."""

import argparse
import dataclasses
import errno
import importlib.resources
import os
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from index.errors import StatementsError
from index.types import Span, Statement
from qa.answer import Answerer
from qa.present import (
    present_conversation,
    present_failure,
    present_html,
    present_list,
    present_missing,
    present_pending,
    present_statement,
    present_turn,
)
from qa.support import ANSWERS_FROM, Strictness
from qa.types import Answer, Question, StatementHeading

if TYPE_CHECKING:
    import gradio as gr

TITLE = "Word for Word"
EXAMPLES = (
    "What did the Ministers say about China's nuclear arsenal?",
    "Who co-chaired the U.S. side of the dialogue?",
    "What did the delegations see at Camp Kengun?",
    "How many nuclear warheads does North Korea have?",
)
MAX_QUESTION_CHARS = 2000
"""Longer than any question; a pasted document is turned away before a model reads it."""
MAX_PORT = 65535

_HEADER = f"""
<h1>{TITLE}</h1>
<p>Ask official statements a question. Every answer is their exact words, with a citation. When they do not
say it, neither does this page.</p>
"""
_LEGEND = "Paragraph numbers are this program's own count, from 1, of a statement's paragraphs."

# What chat.css names for light and for dark, where Gradio's own parts ask for a colour.
_COLOURS = {
    "body_background_fill": "var(--paper)",
    "body_text_color": "var(--ink)",
    "body_text_color_subdued": "var(--ink-soft)",
    "background_fill_primary": "var(--paper)",
    "background_fill_secondary": "var(--paper)",
    "panel_background_fill": "var(--paper)",
    "block_background_fill": "var(--paper)",
    "block_label_text_color": "var(--ink-soft)",
    "block_title_text_color": "var(--ink-soft)",
    "border_color_primary": "var(--rule)",
    "input_background_fill": "var(--sheet)",
    "input_border_color": "var(--ink-soft)",
    "input_placeholder_color": "var(--ink-soft)",
    "button_primary_background_fill": "var(--accent)",
    "button_primary_background_fill_hover": "var(--accent)",
    "button_primary_border_color": "var(--accent)",
    "button_primary_border_color_hover": "var(--accent)",
    "button_primary_text_color": "var(--accent-ink)",
    "button_secondary_background_fill": "var(--sheet)",
    "button_secondary_background_fill_hover": "var(--sheet)",
    "button_secondary_text_color": "var(--ink)",
    "link_text_color": "var(--accent)",
}


class AnswersQuestions(Protocol):
    """What the chat needs of an answerer. Each method may be called from several threads at once."""

    def answer(self, question: Question) -> Answer:
        """Return quotes that answer the question, or the reason why there are none."""

    def statement(self, statement_id: str) -> Statement:
        """Return one statement; a StatementsError says that there is none of that name."""

    def statements(self) -> Sequence[StatementHeading]:
        """Return what is searched."""


class ServingError(StatementsError):
    """The chat cannot be served as asked: its address, its port or its password file is the reason."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What one reader has asked so far: `questions` that were answered or refused, and every turn as HTML.

    `asked` are the questions of the turns, so that one can be asked again.
    """

    questions: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()
    asked: tuple[Question, ...] = ()

    def with_turn(self, question: Question, answer: str) -> "Conversation":
        """Return the conversation with one more turn; `answer` is HTML."""
        return dataclasses.replace(
            self, turns=(*self.turns, present_turn(question.text, answer)), asked=(*self.asked, question)
        )


def converse(answerer: AnswersQuestions, conversation: Conversation, typed: str) -> Iterator[Conversation]:
    """Yield the conversation once the question is in it, then with its answer; nothing for no question."""
    # A browser can send half a surrogate pair, and nothing further on can encode it.
    text = typed.encode("utf-8", errors="replace").decode("utf-8").strip()
    if not text:
        return
    question = Question(text=text, earlier=conversation.questions)
    if len(text) > MAX_QUESTION_CHARS:
        message = f"A question may have {MAX_QUESTION_CHARS:,} characters; this one has {len(text):,}."
        shortened = dataclasses.replace(question, text=text[:MAX_QUESTION_CHARS])
        yield conversation.with_turn(shortened, present_failure(message))
        return
    yield from _ask(answerer, conversation, question)


def ask_without(
    answerer: AnswersQuestions, conversation: Conversation, chip: object
) -> Iterator[Conversation]:
    """Ask the question of a turn once more, not narrowed to what the reader has removed.

    `chip` is what the page says was removed, so it may be anything; what makes no sense is not asked.
    """
    fields = chip if isinstance(chip, Mapping) else {}
    turn, words = fields.get("turn"), fields.get("words")
    if isinstance(turn, int) and isinstance(words, str) and 0 <= turn < len(conversation.asked):
        question = conversation.asked[turn]
        yield from _ask(
            answerer, conversation, dataclasses.replace(question, ignored=question.ignored | {words})
        )


def _ask(
    answerer: AnswersQuestions, conversation: Conversation, question: Question
) -> Iterator[Conversation]:
    yield conversation.with_turn(question, present_pending())
    try:
        answer = answerer.answer(question)
    except StatementsError as error:
        yield conversation.with_turn(question, present_failure(str(error)))
    except Exception:
        fault = "This is a fault of the program. The window it was started from says more."
        yield conversation.with_turn(question, present_failure(fault))
        raise
    else:
        answered = conversation.with_turn(question, present_html(answer))
        yield dataclasses.replace(answered, questions=(*conversation.questions, question.text))


def read_statement(answerer: AnswersQuestions, place: object) -> str:
    """Return, as HTML, the statement a link in the page points to, the words it points to highlighted.

    `place` is the query of the link's address, so it may be anything. When the file has changed since
    the link was made, nothing is highlighted and the page says so.
    """
    fields = place if isinstance(place, Mapping) else {}
    try:
        statement = answerer.statement(str(fields.get("statement", "")))
    except StatementsError as error:
        return present_missing(str(error))
    if fields.get("sha256", statement.sha256) != statement.sha256:
        return present_statement(
            statement, notice="The file has changed since these words were quoted from it."
        )
    try:
        span = Span(start=int(fields["start"]), end=min(int(fields["end"]), len(statement.text)))
    except (KeyError, TypeError, ValueError):
        span = None
    return present_statement(statement, span)


def build_app(answerer: AnswersQuestions) -> "gr.Blocks":
    """Return the chat over `answerer`, to be launched with `launch_options()`."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read whenever Gradio would report something
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(sys.maxsize)  # no statistics after each question
    import gradio as gr

    def ask(typed: str, conversation: Conversation) -> Iterator[tuple[object, ...]]:
        question: object = ""
        for current in converse(answerer, conversation, typed):
            yield present_conversation(current.turns), current, question, gr.update(visible=False)
            question = gr.skip()  # by now the next one may have been begun

    def ask_again(event: gr.EventData, conversation: Conversation) -> Iterator[tuple[object, ...]]:
        for current in ask_without(answerer, conversation, event._data):  # noqa: SLF001 - no other way to all of it
            yield present_conversation(current.turns), current, gr.skip(), gr.update(visible=False)

    def begin_again() -> tuple[object, ...]:
        return present_conversation(()), Conversation(), "", gr.update(visible=True)

    def open_statement(place: object) -> str:  # chat.js calls it by this name
        return read_statement(answerer, place)

    bare: dict[str, Any] = {"apply_default_css": False}
    silent: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    app = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with app, gr.Column(elem_id="chat"):
        conversation = gr.State(Conversation())
        with gr.Column(elem_id="scroll"):
            gr.HTML(_HEADER, elem_id="header", **bare)
            library = gr.HTML(elem_id="library", **bare)
            script = _page_file("chat.js")
            log = gr.HTML(
                present_conversation(()), js_on_load=script, server_functions=[open_statement], **bare
            )
            with gr.Column(elem_id="welcome") as welcome:
                gr.HTML("<p>For example</p>", **bare)
                examples = [gr.Button(example, elem_classes="example") for example in EXAMPLES]
        with gr.Column(elem_id="foot"):
            with gr.Row(elem_id="composer"):
                question = gr.Textbox(
                    label="Question", placeholder="Ask the statements", max_lines=6, autofocus=True
                )
                send = gr.Button("Ask", variant="primary", scale=0, min_width=80)
            with gr.Row(elem_id="below"):
                gr.HTML(_LEGEND, **bare)
                new = gr.Button("New conversation", scale=0, min_width=80)

        outputs = [log, conversation, question, welcome]
        one_by_one: dict[str, Any] = {"concurrency_id": "ask", "concurrency_limit": 1, **silent}
        gr.on(
            [question.submit, send.click],
            ask,
            [question, conversation],
            outputs,
            trigger_mode="always_last",  # what is sent during an answer is asked after it, not dropped
            **one_by_one,
        )
        for example in examples:
            example.click(ask, [example, conversation], outputs, **one_by_one)
        log.delete(ask_again, conversation, outputs, **one_by_one)  # chat.js triggers it for a chip
        # In the same queue, so that it comes after an answer on its way: a question that was cancelled would
        # leave the page waiting for it.
        new.click(begin_again, None, outputs, **one_by_one)
        app.load(lambda: present_list(answerer.statements()), None, library, **silent)
    return app


def launch_options() -> dict[str, Any]:
    """Return what `Blocks.launch` must be given, by this program and by tests alike.

    It is the look of the page, and all that keeps Gradio from offering, storing or sending anything.
    """
    return {
        "theme": _theme(),
        "footer_links": [],
        "share": False,
        "run_history": False,
        "enable_monitoring": False,
        "ssr_mode": False,
        "mcp_server": False,
        "pwa": False,
        "quiet": True,
        "max_file_size": 1,  # byte: the chat takes no files, and Gradio's upload address cannot be closed
        "app_kwargs": {"openapi_url": None},
        "prevent_thread_lock": True,
    }


def _theme() -> "gr.themes.Base":
    """Return Gradio's plainest theme with our colours and the reader's own fonts."""
    import gradio as gr

    fonts = ["system-ui", "Segoe UI", "Roboto", "sans-serif"]
    plain = gr.themes.Base(font=fonts, font_mono=["ui-monospace", "monospace"])
    dark = {f"{name}_dark": colour for name, colour in _COLOURS.items()}
    theme = plain.set(**_COLOURS, **dark, input_border_width="1px")
    # Not as launch(css=...): Gradio rewrites the selectors in that, and the login page goes without it.
    theme.custom_css = _page_file("chat.css")
    return theme


def _page_file(name: str) -> str:
    return importlib.resources.files("qa").joinpath(name).read_text(encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the chat until interrupted; return the exit code."""
    options = _parse_options(arguments)
    try:
        _serve(
            host=options.host,
            port=options.port,
            auth=options.auth,
            index=options.index,
            strictness=options.strictness,
        )
    except StatementsError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="app.py",
        description="Ask the statements in a web page.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to serve on; the default is this machine only"
    )
    parser.add_argument("--port", type=_port, default=7860, help="port to serve on")
    parser.add_argument(
        "--auth", type=Path, metavar="FILE", help='who may use it: one "user:password" a line'
    )
    parser.add_argument(
        "--strictness",
        choices=tuple(ANSWERS_FROM),
        default="balanced",
        help="how sure an answer must be to be given",
    )
    parser.add_argument("--index", type=Path, default=Path("index/store"), metavar="DIR", help="index to ask")
    return parser.parse_args(arguments)


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= MAX_PORT:
        raise argparse.ArgumentTypeError(f"not between 1 and {MAX_PORT}: {text}")
    return port


def _serve(*, host: str, port: int, auth: Path | None, index: Path, strictness: Strictness) -> None:
    people = read_people(auth) if auth else None
    check_address(host, port)
    _say(f"Opening the index in {index} and loading its models")
    answerer = Answerer.open(index, strictness=strictness)
    _say("Starting the chat")
    app = build_app(answerer)
    _bypass_proxies(host)
    try:
        _, url, _ = app.launch(**launch_options(), server_name=host, server_port=port, auth=people)
    except OSError as error:
        raise ServingError(
            f"The chat could not be started on {host}, port {port}. Try another --port."
        ) from error
    _say(f"The chat is at {url.rstrip('/')}")
    if people is None and host not in {"127.0.0.1", "localhost", "::1"}:
        _say("Whoever can reach this machine can use it; --auth FILE asks for a password.")
    app.block_thread()


def read_people(path: Path) -> list[tuple[str, str]]:
    """Return (user, password) for each line "user:password" of the file; blank lines count for nothing."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise ServingError(f"The password file {path} cannot be read: {reason}.") from error
    people = []
    for number, line in enumerate(lines, start=1):
        user, _, password = line.partition(":")
        if user and password:
            people.append((user, password))
        elif line.strip():
            raise ServingError(f'Line {number} of {path} is not of the form "user:password".')
    if not people:
        raise ServingError(f'The password file {path} names nobody. Write one "user:password" a line.')
    return people


def check_address(host: str, port: int) -> None:
    """Raise ServingError when `port` of `host` cannot be listened on, before anything slow is done."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServingError(f"Port {port} is already in use. Choose another with --port.") from error
        raise ServingError(f"The chat cannot be served on {host}, port {port}: {error.strerror}.") from error


def _bypass_proxies(host: str) -> None:
    """Keep Gradio's calls to its own server from going through a proxy."""
    for name in ("NO_PROXY", "no_proxy"):
        known = os.environ.get(name, "")
        os.environ[name] = ",".join(filter(None, [known, host, "127.0.0.1", "localhost"]))


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
