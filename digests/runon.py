"""Sentences that run on without a mark between them: a headline, a crosshead or a caption.

Where a page lost its layout, 'Keine Einigung in Sicht' and 'Die Gespräche …' stand as one
sentence, and shown as one they read as a fault. All here is wary: what may be one sentence
is left as it is. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Set

_WITHIN = 220  # characters within which the second begins
_LOOKED_AT = 600  # characters by which the language is told, and whether a sentence is one
WORD = re.compile(r"\w+(?:[-'’]\w+)*")

# 'Sie' and 'Ihr' are written with a capital anywhere, and so are nouns ('das Aus', 'den Wegen').
_GERMAN_OPENER = re.compile(
    r"""(?<=[\w“”"»)])(?<![.!?][“”"»)])\s(?P<word>
        D(?:er|ie|as|en|em|es)|Eine?[nmrs]?|I[mn]|A[mn]|Beim?|Mit|Nach|Seit|Vo[mnr]|Zu[mr]?|Für|Gegen
        |Ohne|Unter|Während|Trotz|Angesichts|Aufgrund|Es|Er|Wir|Ich|Man|Nachdem|Weil|Wenn
        |Als|Obwohl|Fast|Bereits|Inzwischen|Lediglich|Insgesamt|Jetzt|Nun
        |Seine?[nmrs]?|Diese[nmrs]?|Rund|Mehrere|Viele|Einige
        |(?:Zwei|Drei|Vier|Fünf|Sechs|Sieben|Acht|Neun|Zehn)(?=\s[A-ZÄÖÜ])
        |(?:Auf|Durch|Hinter|Über|Um|Vor|Zwischen)
         (?=\s(?:d(?:ie|as|en|em|er)|eine?[mnr]?|diese[mnr]?|einigen|vielen)\s)
    )\s+(?P<next>\w+)""",
    re.VERBOSE,
)
_GERMAN_LEADING = re.compile(
    r"(?:d(?:er|ie|as|en|em|es)|eine?[nmrs]?|und|oder|aber|dass|ob|wie|als|auf|i[mn]s?|a[mn]s?|beim?"
    r"|mit|vo[mnr]|zu[mr]?|für|durch|über|unter|nach|aus|gegen|ohne|seine?[nmrs]?|ihre?[nmrs]?|pro"
    r"|letzten|nächsten|ersten|vergangenen|kommenden|per|via|statt|samt|laut|namens|genannt|heißt|ist|sind|war|waren|Nummer|Herr|Frau|Verlag"
    r"|Magazin|Zeitung|Film|Buch|Werk|Band|Bewegung|(?:Rock)?band|.*[Ss]erien?)$"
)
"""A word before a name that may itself begin with an article ('bei Die Linke')."""
_PARTICLE = re.compile(r"(?:a[nb]|auf|aus|bei|durch|ein|mit|nach|um|vor|zu)$")
_NO_ARTICLE = re.compile(
    r"(?:I[mn]|A[mn]|Beim?|Mit|Nach|Seit|Vo[mr]|Zu[mr]?|Für|Gegen|Unter|Es|Er)$"
)
_SUBORDINATE = re.compile(r"(?:Wie|Als|Nachdem|Weil|Wenn|Während|Obwohl|Da|Dass|Ob|Laut|Nach)\b")
_GERMAN_NAMES = {
    "die": frozenset("linke linken grünen zeit welt presse partei rechte heimat toten".split()),
    "der": frozenset("spiegel standard tagesspiegel freitag dritte".split()),
    "das": frozenset(("erste", "parlament", "bundesverfassungsgericht")),
    "den": frozenset(("haag",)),
    "von": frozenset(("der", "den", "dem")),
    "für": frozenset(("und",)),
}
# Titles of songs and stations have a capital nearly everywhere ('BBC Four', 'Hope For Haiti').
_ENGLISH_OPENER = re.compile(
    r"""(?<=[\w”"'’)])(?<![.!?]["'”’)])\s(?P<word>
        (?:The|This|These|Those|Some|Many|Most|His|Her|Their|Its|It|He|She|They|There|We|An?|Another
          |Several|Almost|Nearly|Dozens|Hundreds|Thousands)(?=\s[a-z])
        |(?P<titular>(?:Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|More)(?=\s[a-z])
            |In|On|At|After|Before|During|For|With|From|As|When|While|But|Although|Since|Despite|According|Under)
    )\s+(?P<next>\w+)""",
    re.VERBOSE,
)
_ENGLISH_LEADING = re.compile(
    r"(?:of|and|or|the|an?|in|at|by|for|from|to|with|called|titled|entitled|named|dubbed|as|is|was|are"
    r"|were|on|about|song|film|album|newspaper|magazine|show|band|movie|book|single|track|hit|series"
    r"|play|programme|program|influenza|hepatitis|vitamin|type|group|plan|category|class|party|like"
    r"|than|that|per|says?|said|note)$",
    re.IGNORECASE,
)
_GERMAN = frozenset(
    "der das des dem den und ein eine einen einem einer mit vom von im zu zum zur sich auf aus für "
    "bei bis nach über nicht kein keine ist hat wird werden wurde sind er sie als wie ab".split()
)
_ENGLISH = frozenset("the of and to for with is has that on his her from by at it its".split())


_NAMES = re.compile(r"[A-ZÄÖÜ][\w-]+ [A-ZÄÖÜ][\w-]+(?=['’ ,])")
_OF = re.compile(r"['’]s?\b")
_PLURAL = re.compile(r"(?<=[a-z]) ([A-Z][a-z]+[a-rt-z]s|Police|People) (?=(?!of |and )[a-z])")
_PLAIN = re.compile(r"(?:[a-zäöüß]|\d)[\w-]*$")
_FEWEST_ABOVE, _FEWEST_BELOW = 3, 6  # words of what stands above, and of the sentence below it


def common_words(text: str) -> frozenset[str]:
    """Return the words that an English text writes small, as a name never is ('police')."""
    small = Counter(re.findall(r"(?<=[a-z,] )[a-z]{3,}\b", text))
    large = Counter(word.lower() for word in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,}\b", text))
    return frozenset(word for word, count in small.items() if count >= 2 > large[word])


def sentence_within(text: str, language: str, common: Set[str] = frozenset()) -> int | None:
    """Return where in a sentence another begins, with nothing between the two; None if nowhere.

    It begins with a word that within a sentence is written small, or with the name that the
    first began with. ``language`` is 'de' or 'en', ``common`` the :func:`common_words` of the
    whole text, for English.
    """
    small_word = above_small_word(text, language)
    starts = [small_word[1]] if small_word else []
    starts += [start for start in (_above_name(text), _above_common(text, common)) if start]
    start = min(starts, default=0)
    above, below = (len(WORD.findall(one)) for one in (text[:start], text[start:][:_LOOKED_AT]))
    return start if above >= _FEWEST_ABOVE and below >= _FEWEST_BELOW else None


def above_small_word(text: str, language: str | None = None) -> tuple[int, int] | None:
    """Return where a first sentence ends and where a second begins with a small word's capital.

    An article, a preposition or the like. Without ``language`` it is told from the words.
    """
    language = language or _language(text)
    if language == "de" and not _SUBORDINATE.match(text):
        opener, leads = _GERMAN_OPENER, _leads_in_german
    elif language == "en":
        opener, leads = _ENGLISH_OPENER, _leads_in_english
    else:
        return None
    for match in opener.finditer(text, 0, _WITHIN):
        before = text[: match.start()]
        if not _is_quoting(before) and not leads(before.split(), match):
            return match.start(), match.start("word")
    return None


def _language(text: str) -> str | None:
    words = {word[0] for word in WORD.finditer(text, 0, _LOOKED_AT)}
    german, english = len(words & _GERMAN), len(words & _ENGLISH)
    if german >= 2 and german > english:
        return "de"
    return "en" if english >= 2 and english > german else None


def _is_quoting(before: str) -> bool:
    """Whether a quotation is open behind a text."""
    opened = sum(map(before.count, "„»")) > sum(map(before.count, "“«"))
    return opened or before.count('"') % 2 == 1


def _above_name(text: str) -> int | None:
    """'Ada Neumann fährt heim Ada Neumann ist …': the name of both, behind a word of no name."""
    name = _NAMES.match(text)
    again = text.find(f" {name[0]}", name.end(), _WITHIN) if name else -1
    if name is None or again < 0:
        return None
    if _OF.match(text, again + 1 + name.end()) and not _OF.match(text, name.end()):
        return None  # 'to her brother Ada Neumann's house'
    before = text[:again].split()
    joined = {"and", "und", "oder", "or"} & set(before)
    if joined or not _PLAIN.match(before[-1]) or _leads(before[-1]) or _is_quoting(text[:again]):
        return None
    return again + 1


def _above_common(text: str, common: Set[str]) -> int | None:
    """'A man describes the raid Police have searched …': who did something, with a capital.

    In the plural, as nothing else begins a sentence without an article.
    """
    for match in _PLURAL.finditer(text, 0, _WITHIN):
        before = text[: match.start()]
        words = before.split()
        if (
            match[1].lower() in common
            and _PLAIN.match(words[-1])
            and not _leads(words[-1])
            and not _is_titled(words)
            and not _is_quoting(before)
        ):
            return match.start(1)
    return None


def _leads(word: str) -> bool:
    return bool(_GERMAN_LEADING.match(word) or _ENGLISH_LEADING.match(word))


def _leads_in_german(before: list[str], match: re.Match[str]) -> bool:
    """Whether the word with a capital may belong to the words before it."""
    if match["next"].casefold() in _GERMAN_NAMES.get(match["word"].casefold(), ()):
        return True
    particle = _PARTICLE.match(before[-1]) and _NO_ARTICLE.match(match["word"])
    return bool(_GERMAN_LEADING.match(before[-1])) and not particle


def _leads_in_english(before: list[str], match: re.Match[str]) -> bool:
    """The same; of headlines with a capital in most words nothing is known."""
    titled = match["titular"] and before[-1][0].isupper()
    return bool(titled or _ENGLISH_LEADING.match(before[-1])) or _is_titled(before)


def _is_titled(words: list[str]) -> bool:
    small = sum(word[0].islower() for word in words[1:])
    return 2 * small < len(words) - 1
