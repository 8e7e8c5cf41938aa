"""The words that say how a question hangs together, not what it is about."""

# The closed classes of English, and the verbs and nouns of asking ("what does the statement say about ...").
_WORDS = """
    a about above after again against all also am among an and any anybody anyone anything are around as
    at be because been before being between both but by came can come could did didn't do does doesn't
    doing don't done during each either else ever every everything for from get give gives given go goes
    going got had happen happened has have having he her here hers him his how how's i if in into is
    isn't it its itself just know let like made make many may me might mine more most much must my near
    no nor not now of off on once one only or other our ours out over own part please really said same
    say saying says shall she should so some somebody someone something such take takes tell than that
    the their theirs them then there these they thing things this those though through to too took under
    until up upon us very was wasn't we were weren't what what's whatever when when's where where's whether
    which while who who's whom whose why will with within without won't would can't couldn't yes you
    your yours want find found mention mentioned mentions statement statements text document documents
    passage show describe described explain list question answer
"""

FUNCTION_WORDS = frozenset(_WORDS.split())
