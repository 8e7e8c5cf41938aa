"""Passages: they tile the text, sentences are whole, and the publisher's words are told apart."""

# ruff: noqa: E501 - sentences are as long as they are, in the punctuation of many languages

import itertools
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.metadata import describe_statement
from index.passages import split_passages
from index.readers import read_file
from index.sentences import split_sentences
from index.types import Passage, Span, Statement

REPOSITORY = Path(__file__).resolve().parents[1]
JOINT_STATEMENTS = REPOSITORY.parent / "shared" / "data" / "joint-statements"


def make_statement(text: str, *, title: str = "A title", front_matter: Span | None = None) -> Statement:
    return Statement(
        statement_id="a",
        title=title,
        issuer=None,
        date=None,
        place=None,
        language=None,
        source="seeds/a.md",
        url=None,
        sha256="0" * 64,
        text=text,
        front_matter=front_matter,
    )


def split(text: str, max_words: int = 160) -> list[tuple[str, str]]:
    """Return the kind and the words of each passage, without the white space around them."""
    passages = split_passages(make_statement(text), max_words=max_words)
    return [(passage.kind, passage.span.of(text).strip().strip("\u200b").strip()) for passage in passages]


def bodies(text: str, max_words: int = 160) -> list[str]:
    return [words for kind, words in split(text, max_words) if kind == "body"]


def sentences(text: str) -> str:
    """Return the text with a bar where a sentence is cut."""
    return "|".join(span.of(text) for span in split_sentences(text))


# ---- Sentences ------------------------------------------------------------------------------------------

SENTENCES = [
    # Titles, initials, names.
    "The side was led by Mr. KUMAGAI Naoki and Ms. Alexandra Bell. |They met Lt. Gen. Smith and Adm. Jones.",
    "President Joseph R. Biden, Jr. and Gov. J. B. Pritzker met. |MR. SORKIN spoke.",
    "President Donald J. Trump and H.E. Sheikh Nasser met Messrs. A. Smith and B. Jones of St. Lucia.",
    "The agreement with CAFTA-DR. |In addition, goods move freely.",
    # Acronyms end a sentence only before a word that begins one.
    "The core of the Japan-U.S. Alliance and of U.S. Forces Japan held. |This EDD followed the Japan-U.S. Committee.",
    "They met in the U.S. |The two sides agreed. |Ties with the U.S. President Biden values grew.",
    "It was held in Washington, D.C. |The leaders met U.S. Secretary of State Blinken and the U.N. Security Council.",
    "The U.S. In-Q-Tel fund and the U.S. IT sector grew.",
    "They met at 3 p.m. |The talks began at 10 a.m. Tokyo time, at 9 A.M. EST.",
    "Amazon Web Services, Inc. (AWS) and Fortune Brands Co. Ltd. The Hague office agreed.".replace(
        " The", " the"
    ),
    "He has a Ph.D. |He works with ships, planes, etc. |The rest, i.e. U.S. goods, e.g. Kansas wheat, is free.",
    "See Smith et al. |This was Russia vs. Ukraine.",
    # Numbers.
    "See No. 3 and Nos. 4 of Art. 5, Sec. III and Resolution No. ES-11/1. |The answer is no. |We agree.",
    "It rose by 2.5 percent to 3.14 on Jan. 5 and Sept. 10, 2021. |Japan followed in 2022. |Others did not.",
    "1. We have met. |2. The parties agree. |3\\. They will act.",
    "Section 3. Definitions apply. |We do three things: 1. Trade, 2. Security, and 3. Energy.",
    "IV. Economy and trade. |A. The Ministers met.",
    "The minister spoke on Article 5. |Every member state agreed. |800 million doses came.",
    "Die Minister trafen sich am 3. Oktober in Berlin. |Sie waren einig.",
    'The ("2+2") Meeting and YS-87 ended.',
    # Stops that are no full stops.
    "We reaffirm ... President Biden's words. |We wait... |The two sides agreed… |They met . . . |The end.",
    "It was found. . . . |The Ministers met.",
    "Is that so? |Yes! |We ask: why? |What?! |No.",
    "It was Yahoo! in 1995, and what? we ask.",
    "The parties shall: (a) act; (b) report; and (c) meet. |They did so; others waited.",
    "Write to www.state.gov or a.b@c.org. |Mirage.News reports v2.0 of it.",
    # Quotations and brackets.
    'They are "the Ministers." |They met. |He said, "We agree. We will act." |So be it.',
    "He called it “a start.” |“We agree,” he said. |“We do not. They do.” |The end.",
    "“The path is open.” Director Kratsios said. |He urged more. |‘It is open. You opened it,’ he wrote.",
    "She asked “Why?” and left (see p. 5. The rest is there) early. |(They met in Tokyo. They agreed.) |We left.",
    "PRIME MINISTER SUGA: (As interpreted.) Good day. |(Applause.) |President Biden spoke.",
    "The first (and last.) President spoke.",
    # Footnotes and markup.
    "They condemn the aggression.[1] |The Ministers agree.\\[2\\] |They met.<sup>3</sup> |The end.¹ |Others left.",
    "They welcomed the forces.1 |The Ministers agreed to 2.1 percent.",
    "**They met.** |*The sides agreed.* |It is *good*. |_They left._ |\\[U.N.\\] sanctions hold.",
    "See [the text](https://a.gov/b.html). |They met.</u> |The end.",
    # White space: lines that were broken to fit, spaces of every kind.
    "The delegation of the U.S.\r\nForces met Mr.\nKUMAGAI on July\n5. \r\n|They agreed.\u00a0 |They\u3000left.\u200b\n|We left.",
    "They want peace.|The ministers met on Mirage.News and left.",
    # Other scripts.
    "日本と米国は一致した。|両国は協力する！|本当か？|協力しよう。",
    "大臣は「協力する。前進する。」と述べた。|「協力する。」|米国も同じだ。|（拍手がやまない。）|以上。",
    "他说：“我们同意。”|两国将加强合作。|“我们同意。”他说。",
    "اجتمع الوزراء في طوكيو. |هل اتفقوا؟ |نعم.",
    "मंत्री मिले। |वे सहमत हुए।",
    "Министры встретились в г. Токио. |Стороны договорились.",
]


@pytest.mark.parametrize("expected", SENTENCES)
def test_sentences_end_where_they_end(expected: str) -> None:
    assert sentences(expected.replace("|", "")) == expected


def test_a_long_quotation_is_cut_inside() -> None:
    quotation = "“" + "We agree with every word that was said. " * 12 + "”"
    assert len(split_sentences(quotation)) == 12


def test_an_unclosed_quotation_does_not_hold_the_rest() -> None:
    assert sentences("He said, “We agree. We act. They left.") == "He said, “We agree. |We act. |They left."


def test_an_empty_text_has_no_sentences_and_a_blank_one_has_one() -> None:
    assert split_sentences("") == []
    assert split_sentences(" \n") == [Span(start=0, end=2)]


# ---- The seeds ------------------------------------------------------------------------------------------


def read_seed(name: str) -> tuple[Statement, list[Passage]]:
    path = REPOSITORY / "seeds" / name
    statement = describe_statement(
        read_file(path)[0],
        statement_id=path.stem,
        source=f"seeds/{name}",
        sidecar=path.with_suffix(".meta.toml"),
    )
    return statement, list(split_passages(statement))


DIALOGUE = [
    "U.S.-Japan Extended Deterrence Dialogue 13 December",
    "Department of State",
    "Japan hosted the United States for an Extended Deterrence Dialogue (EDD) at the Ministry of Foreign Affairs of Japan on December 10-12, 2024.",
    "Japan and the United States established the EDD in 2010 as an enduring venue to discuss ways to sustain and strengthen extended deterrence, which is at the core of the Japan-U.S. Alliance.",
    "The Japanese side was co-chaired by Mr. KUMAGAI Naoki, Deputy Director-General, North American Affairs Bureau, Ministry of Foreign Affairs, and Mr. UEDA Koji, Deputy Director-General, Defense Policy Bureau, Ministry of Defense.",
    "The U.S. side was co-chaired by Ms. Alexandra Bell, Deputy Assistant Secretary for the Bureau of Arms Control, Deterrence, and Stability, Department of State, and Mr. Richard Johnson, Deputy Assistant Secretary of Defense for Nuclear and Countering Weapons of Mass Destruction Policy, Office of the Secretary of Defense, Department of Defense.",
    "The delegations included participants from divisions from both sides in charge of security policy and arms control, as well as from JSDF, USSTRATCOM, USINDOPACOM, and U.S. Forces Japan.",
    "The delegations reiterated the commitments made by the Prime Minister of Japan and President of the United States to continue enhancing U.S. extended deterrence, bolstered by Japan's defense capabilities.",
    'This EDD also followed the Japan-U.S. Security Consultative Committee ("2+2") Meeting and the first Japan-U.S. ministerial meeting on extended deterrence on July 28, 2024, in which the Ministers of both countries highlighted the steady progress in strengthening coordination and deepening discussions on extended deterrence, including through periodic review of the EDD\'s activities and by leveraging the Alliance Coordination Mechanism.',
    "The two sides shared assessments of challenges to regional security, including Russia's escalating and threatening nuclearrhetoric in the context of its aggression against Ukraine as well as its revised nuclear doctrine, its undermining of arms control and the global nonproliferation regime, and the DPRK's advancement of its nuclear program and missile activities and enhanced cooperation with Russia.",
    "Moreover, the two sides also shared their concern over the PRC's accelerating expansion of its nuclear arsenal, which is taking place without adequate transparency or explanation of its intent.",
    "In the face of this dynamic reality, especially with regard to nuclear capabilities, Japan and the United States reiterated their shared resolve to further strengthen extended deterrence, bolstered by Japan's capabilities.",
    "In this context, the two sides discussed how to improve policy coordination and alignment of defense capabilities to deter and, if necessary, respond to aggression against the Alliance and in the region.",
    "In particular, the delegations emphasized the importance of strengthening cooperation in order to defend against potential attacks and deter nuclear use in the increasingly challenging security environment.",
    "They deepened discussion on the relationship between nuclear and non-nuclear military matters within the Alliance, on coordinating deterrence messaging and escalation management practices during both peacetime and contingencies, and on bilateral coordination through the Alliance Coordination Mechanism throughout every phase of a developing situation.",
    "Japan and the United States also stressed the important role that arms control, risk reduction, and nonproliferation play in promoting stability and reducing the risks of conflict.",
    "Furthermore, the two sides conducted a tabletop exercise to increase mutual understanding of potential courses of action to enhance deterrence and cooperation in crisis scenarios; tabletop exercises are a regular feature in EDD meetings.",
    'The delegations visited JGSDF Camp Kengun in Kumamoto prefecture and observed the command post exercise "Yama Sakura 87" (YS-87) and JGSDF assets such as the Type-12 surface-to-ship guided missile and Network Electronic Warfare System.',
    "/Public Release.",
    "This material from the originating organization/author(s) might be of the point-in-time nature, and edited for clarity, style and length.",
    "Mirage.News does not take institutional positions or sides, and all views, positions, and conclusions expressed herein are solely those of the author(s).View in full here.",
]
# The kind, the paragraph and the number of sentences of each passage.
DIALOGUE_PASSAGES = [
    ("heading", 1, 1),
    ("heading", 1, 1),
    ("body", 1, 3),
    ("body", 1, 2),
    ("body", 2, 2),
    ("body", 3, 3),
    ("body", 4, 4),
    ("body", 5, 1),
    ("body", 6, 1),
    ("publisher", 6, 3),
]


def test_the_dialogue_is_cut_into_these_sentences() -> None:
    statement, passages = read_seed("2024-12-13-us-japan-extended-deterrence-dialogue.txt")
    found = [sentence.of(statement.text).strip() for passage in passages for sentence in passage.sentences]
    assert found == DIALOGUE
    assert [(p.kind, p.paragraph, len(p.sentences)) for p in passages] == DIALOGUE_PASSAGES


def test_the_joint_statement_is_cut_into_these_sentences() -> None:
    statement, passages = read_seed("2024-07-28-us-japan-ministerial-joint-statement.txt")
    found = [
        (
            passage.kind,
            passage.paragraph,
            [sentence.of(statement.text).strip() for sentence in passage.sentences],
        )
        for passage in passages
    ]
    # Here each line is a paragraph, and a sentence ends where a full stop stands before a space and "T" or "U".
    lines = [line for line in statement.text.split("\n") if line]
    expected = [("heading", 1, [lines[0]])]
    expected += [
        ("body", number, re.split(r"(?<=[a-z)]\.) (?=The |They |Under )", line))
        for number, line in enumerate(lines[1:], start=1)
    ]
    assert found == expected
    assert [len(words) for _, _, words in found] == [1, 1, 2, 2, 3, 1]


# ---- Paragraphs -----------------------------------------------------------------------------------------


def test_blank_lines_part_paragraphs_whatever_they_are_made_of() -> None:
    assert bodies("We met.\r\n\r\nWe ate.\n\u00a0\nWe spoke.\n \t\u3000\nWe agreed.\n\u200b\nWe left.") == [
        "We met.",
        "We ate.",
        "We spoke.",
        "We agreed.",
        "We left.",
    ]


def test_lines_that_were_broken_to_fit_stay_together() -> None:
    text = "The Ministers met in Tokyo on July\n28, 2024. They agreed on\nfive points. Mr.\nKUMAGAI spoke."
    assert bodies(text) == [text]


def test_lines_that_are_paragraphs_are_parted() -> None:
    line = "The Ministers agreed on many points, and on more, and on what is left, " * 3 + "and left."
    short = "The Ministers met.\nThey agreed.\nThey ate.\nThey left."
    assert bodies(f"{line}\n{line}\nWe agree.") == [line, line, "We agree."]
    assert split(f"Joint Statement\n{line}") == [("heading", "Joint Statement"), ("body", line)]
    assert bodies(short) == short.splitlines()


def test_a_sentence_begun_with_a_capital_goes_on_below() -> None:
    broken = "They note the pipeline for gas (LNG). North\u00a0\n\nMacedonia will buy U.S. gas."
    assert bodies(f"{broken}\n\nThey met.") == [broken, "They met."]
    assert bodies("They met. So it was\n\n- Nobody left.") == ["They met. So it was", "- Nobody left."]


def test_a_long_line_that_ends_inside_a_sentence_goes_on_below() -> None:
    line = "The Ministers agreed on many points, and on more, and on what is left, " * 3 + "with the United"
    assert bodies(f"{line}\nstates of the region.") == [f"{line}\nstates of the region."]
    assert bodies(f"{line}\nStates of America.") == [f"{line}\nStates of America."]


def test_an_ideographic_space_indents_a_paragraph() -> None:
    assert bodies("\u3000日本と米国は一致した。\n\u3000両国は協力する。") == [
        "日本と米国は一致した。",
        "両国は協力する。",
    ]


@pytest.mark.parametrize("mark", ["-", "-  ", "*", "•", "1.", "(a)", "iv)", "2\\."])
def test_list_items_that_are_sentences_are_paragraphs(mark: str) -> None:
    items = [f"{mark} We will meet\n  again.", f"{mark} Trade will grow."]
    assert bodies("We decide:\n" + "\n".join(items))[1:] == items
    assert bodies("We decide:\n\n" + "\n\n".join(items))[1:] == items


@pytest.mark.parametrize(
    "text",
    [
        "The parties will:\n(a) meet again;\n(b) report; and\n(c) act.",
        "The parties will:\n\n-   meet again;\n\n-   report; and\n\n-   act.",
        "The parties will not:\n\n-   Deploy weapons\n\n-   Test weapons",
        "We support the peoples of the region\n\nand their leaders.",
        "We met on July\n5. The end is near.",
        "We want a cease-fire\n- and peace.",
    ],
)
def test_a_sentence_that_runs_through_lines_stays_whole(text: str) -> None:
    assert bodies(text) == [text]


def test_a_comment_parts_list_items() -> None:
    text = "-   We agree.\n\n<!-- -->\n\n-   We act."
    assert split(text) == [("body", "-   We agree."), ("publisher", "<!-- -->"), ("body", "-   We act.")]


# ---- Kinds ----------------------------------------------------------------------------------------------

HEADINGS = [
    "Department of State",
    "U.S.-Japan Extended Deterrence Dialogue 13 December",
    "# Joint Statement\n",
    "## What now?",
    "**Transatlantic, European and Global Security **",
    "***Resilience through Partnership  \n***",
    "Joint Statement\n===============",
    "JOINT STATEMENT OF THE LEADERS OF JAPAN, THE REPUBLIC OF KOREA, AND THE UNITED STATES OF AMERICA",
    "Washington, D.C.",
    "10:46 A.M. CEST",
    "Participants:",
    "II.",
    "共同声明",
]
SENTENCES_THAT_ARE_NO_HEADINGS = [
    "Thank you.",
    "We agree.",
    "No.",
    "Is that so?",
    "Peace now!",
    "We stand with Ukraine",
    "The Ministers reaffirmed their commitment",
    "Ukraine will prevail",
    "They do not recognise the annexation of Crimea",
    "- Strategic stability",
    "両国は一致した。",
    "Release of all hostages, and a ceasefire,",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_headings(heading: str) -> None:
    body = "The Ministers met in Tokyo."
    for text in (f"{body}\n\n{heading}\n\n{body}", f"{heading}\n\n{body}"):
        assert ("heading", heading.strip()) in split(text)
        assert set(split(text)) == {("heading", heading.strip()), ("body", body)}


@pytest.mark.parametrize(
    "heading", ["# Joint Statement", "**Global Security**", "***Resilience\n***", "Title\n---"]
)
def test_a_marked_heading_needs_no_blank_line(heading: str) -> None:
    body = "The Ministers met in\nTokyo."
    assert split(f"{heading}\n{body}") == [("heading", heading), ("body", body)]


def test_a_heading_does_not_go_on_below() -> None:
    assert split("## können\n\nkönnen und wollen.") == [
        ("heading", "## können"),
        ("body", "können und wollen."),
    ]


def test_bold_words_on_a_line_of_their_own_are_no_heading_inside_a_sentence() -> None:
    text = "We work with the\n**Quad Partnership**\nto build cables."
    assert split(text) == [("body", text)]


def test_the_title_is_a_heading_even_if_it_is_a_sentence() -> None:
    statement = make_statement("We Met in Tokyo.\n\nWe met.", title="We met in Tokyo.")
    assert [passage.kind for passage in split_passages(statement)] == ["heading", "body"]


@pytest.mark.parametrize("body", SENTENCES_THAT_ARE_NO_HEADINGS)
def test_short_sentences_are_not_lost_as_headings(body: str) -> None:
    assert ("body", body) in split(f"The Ministers met.\n\n{body}\n\nThe Ministers left.")


PUBLISHERS = [
    "/Public Release. This material might be edited.",
    "View in full here.",
    "View in full here",
    "Read the full statement here.",
    "Read More",
    "###",
    "\\###",
    "# # #",
    "**\\#\\#\\#**",
    "-30-",
    "END",
    "* * *",
    "For immediate release",
    "FOR IMMEDIATE RELEASE: July 28, 2024",
    "Press contact: Jane Doe, +1 202 555 0100, press@example.org",
    "Share this page on Facebook",
    "Share | Tweet | Print | E-mail",
    "https://example.org/statement",
    "<!-- -->",
    '<img src="a.png" alt="The leaders">',
    "© 2024 Example News. All rights reserved.",
    "© 1996 – 2009 The Office of the High Commissioner",
    "The views expressed in this article are those of the author.",
    "This story has not been edited by our staff and comes from a syndicated feed.",
    "Distributed by APO Group on behalf of the Ministry of Foreign Affairs.",
    "Subscribe to our daily newsletter.",
    "This article was originally published on example.org.",
    "Disclaimer: no responsibility is taken.",
]
SENTENCES_THAT_ARE_THE_STATEMENTS = [
    "For immediate release of all hostages the parties must act.",
    "Press freedom is at risk.",
    "The Ministers shared their views.",
    "We share this view in full.",
    "This release of emergency stocks ended.",
    "The conclusions were expressed by all.",
    "Media inquiries into the matter continue.",
    "They will read the full report here in Tokyo next year.",
    "All rights reserved to the coastal states remain.",
    "The Public Release of data continued.",
    "Contacts: these are maintained.",
    "We end the war.",
    "We recall the guidelines, first published in 2015.",
    "The text was edited for use in schools.",
]


@pytest.mark.parametrize("words", PUBLISHERS)
def test_the_publishers_words_are_told_apart(words: str) -> None:
    body = "The Ministers met in Tokyo."
    assert split(f"{body}\n\n{words}\n\n{body}") == [("body", body), ("publisher", words), ("body", body)]


@pytest.mark.parametrize("words", SENTENCES_THAT_ARE_THE_STATEMENTS)
def test_the_statements_words_are_not_lost_as_the_publishers(words: str) -> None:
    assert bodies(f"{words}\n\nWe met. {words}\n\n{words} We left.") == [
        words,
        f"We met. {words}",
        f"{words} We left.",
    ]


FOOTERS = [
    "View in full here.",
    "/Public Release. This material from the originating organization/author(s) might be edited for clarity, style and length.",
]


@pytest.mark.parametrize("gap", ["", " ", "\n", "\u00a0"])
@pytest.mark.parametrize("words", FOOTERS)
def test_the_publishers_words_on_the_last_line_are_passages_of_their_own(words: str, gap: str) -> None:
    text = f"The Ministers met. They deter the outbreak of conflict.{gap}{words}"
    assert split(text) == [
        ("body", "The Ministers met. They deter the outbreak of conflict."),
        ("publisher", words),
    ]


def test_a_notice_above_the_statement_is_the_publishers() -> None:
    text = "FOR IMMEDIATE RELEASE\nThe Ministers met in\nTokyo."
    assert split(text) == [("publisher", "FOR IMMEDIATE RELEASE"), ("body", "The Ministers met in\nTokyo.")]


def test_a_broken_line_is_no_notice() -> None:
    text = "This call is on background and\nembargoed until the end of the call. We ask you to\nshare."
    assert split(text) == [("body", text)]


def test_front_matter_is_the_publishers() -> None:
    front = "---\ntitle: A\n---\n"
    statement = make_statement(front + "\nWe met.", front_matter=Span(start=0, end=len(front)))
    passages = list(split_passages(statement))
    assert [(p.kind, p.span.of(statement.text)) for p in passages] == [
        ("publisher", front + "\n"),
        ("body", "We met."),
    ]


def test_paragraphs_are_counted_by_their_bodies() -> None:
    text = (
        "###\n\nTitle\n\nWe met. View in full here. We left.\n\nPart\n\nEnd of it\n\nWe ate.\n\n###\n\nTokyo"
    )
    numbers = [(passage.kind, passage.paragraph) for passage in split_passages(make_statement(text))]
    assert numbers == [
        ("publisher", 1),
        ("heading", 1),
        ("body", 1),
        ("publisher", 1),
        ("body", 1),
        ("heading", 2),
        ("heading", 2),
        ("body", 2),
        ("publisher", 2),
        ("heading", 2),
    ]


# ---- Lengths --------------------------------------------------------------------------------------------


def test_a_long_paragraph_is_cut_evenly_at_sentence_ends() -> None:
    text = " ".join(["The two sides agreed on this point."] * 10)
    statement = make_statement(text)
    passages = list(split_passages(statement, max_words=30))
    assert sorted(len(passage.sentences) for passage in passages) == [3, 3, 4]
    assert {passage.paragraph for passage in passages} == {1}


def test_a_sentence_is_never_cut() -> None:
    long = "The sides agreed " + "and agreed " * 40 + "again."
    assert bodies(f"We met. {long} We left.", max_words=20) == ["We met.", long, "We left."]


def test_characters_of_a_language_without_spaces_count_as_half_a_word() -> None:
    sentence = "日本と米国は協力を強化することで一致した。"  # 21 characters with the stop
    assert len(bodies(sentence * 8, max_words=90)) == 1
    assert len(bodies(sentence * 8, max_words=45)) == 2


# ---- Any text -------------------------------------------------------------------------------------------

PIECES = [
    "The two sides agreed. ", "the U.S. ", "Mr. ", "No. 3 ", "1. ", "- ", "(a) ", "(", ")", "“", "”", '"', "「", "」", "。",
    "！", ". . . ", "… ", "\n", "\n\n", "\r\n", "\u00a0", "\u3000", "\u200b", "\x85", "\u2028", "# ", "**", "###", "---",
    "View in full here.", "/Public Release. ", "FOR IMMEDIATE RELEASE", "<", ">", "<u>", "</u>", "\\", "[1]", "¹", ": ", "; ",
    "not ", "word " * 30, "米国", "e\u0301", "\0", "İ",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30).map("".join)


@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
def test_sentences_tile_any_text(text: str) -> None:
    spans = split_sentences(text)
    assert "".join(span.of(text) for span in spans) == text
    assert all(span.start < span.end for span in spans)
    assert all(not span.of(text)[0].isspace() for span in spans[1:])


@settings(deadline=None, max_examples=500)
@given(text=TEXTS, front=st.integers(0, 40), max_words=st.integers(1, 60))
@example(text="", front=0, max_words=1)
@example(text=" ", front=0, max_words=1)
def test_passages_tile_any_text(text: str, front: int, max_words: int) -> None:
    front_matter = Span(start=0, end=min(front, len(text))) if front else None
    statement = make_statement(text, front_matter=front_matter)
    passages = list(split_passages(statement, max_words=max_words))
    assert "".join(passage.span.of(text) for passage in passages) == text
    for before, after in itertools.pairwise(passages):
        assert before.span.end == after.span.start
        assert before.paragraph <= after.paragraph <= before.paragraph + 1
    for passage in passages:
        assert passage.span.start < passage.span.end <= len(text)
        assert passage.sentences[0].start == passage.span.start
        assert passage.sentences[-1].end == passage.span.end
        assert all(a.end == b.start for a, b in itertools.pairwise(passage.sentences))
        assert all(sentence.start < sentence.end for sentence in passage.sentences)
        if passage.kind == "body":
            assert len(passage.sentences) == 1 or len(passage.span.of(text).split()) <= max_words
        if front_matter and passage.span.start < front_matter.end:
            assert passage.kind == "publisher"


@pytest.mark.shared
@pytest.mark.skipif(not JOINT_STATEMENTS.is_dir(), reason="the development data is not beside the repository")
def test_the_joint_statements_are_tiled_and_few_words_are_called_the_publishers() -> None:
    for path in sorted(JOINT_STATEMENTS.glob("*.md")):
        (raw,) = read_file(path)
        statement = describe_statement(raw, statement_id=path.stem, source=path.name, sidecar=None)
        passages = list(split_passages(statement))
        assert "".join(passage.span.of(statement.text) for passage in passages) == statement.text
        assert raw.front_matter is not None
        published = [p.span.of(statement.text) for p in passages if p.kind == "publisher"]
        assert published[0].startswith("---\n")
        assert all(not re.search(r"\w", re.sub(r"<[^<>]*>|END", "", words)) for words in published[1:])
