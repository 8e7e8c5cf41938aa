"""Greetings and thanks: no questions, so the statements are not searched for them."""

import re

_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day))"
    r"(?: (?:there|all|everyone|again))?(?: how are you(?: doing)?(?: today)?)?|how are you(?: today)?|yo"
)
_THANKS = re.compile(
    r"(?:ok(?:ay)? |great |perfect )?(?:thanks?(?: you)?|thx|cheers|many thanks)"
    r"(?: (?:a lot|so much|very much|again|for your help|for that))?"
    r"|(?:good)?bye|see you|ok(?:ay)?|great|perfect"
)
_ABOUT = re.compile(
    r"(?:who|what) are you|what (?:can|do) you do|help(?: me)?(?: please)?|what can i ask(?: you)?"
    r"|how (?:does this|do you) work|are you (?:a |an )?(?:bot|robot|human|ai|real)"
)


def answer_small_talk(text: str, statements: int) -> str | None:
    """Return one friendly line on what can be asked, or None when `text` may be a question.

    >>> answer_small_talk("Thanks!", 2)
    'You are welcome. Ask what the 2 statements say: the answer is the exact words.'
    """
    words = " ".join(re.findall(r"[^\W_]+", text.casefold().replace("'", "").replace("’", "")))
    these = "the statement says" if statements == 1 else f"the {statements} statements say"
    ask = f"Ask what {these}: the answer is the exact words."
    if _GREETING.fullmatch(words):
        return f"Hello. {ask}"
    if _THANKS.fullmatch(words):
        return f"You are welcome. {ask}"
    return ask if _ABOUT.fullmatch(words) else None
