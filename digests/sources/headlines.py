"""A headline that runs into the first sentence of its report, as where a page lost its layout.

:func:`run_on` finds where the one ends and the other begins. It is wary: what may be one
sentence is left as it is. Pure.
"""

from __future__ import annotations

import re
from itertools import takewhile

from digests.sources import noise

_SHORTEST, _LONGEST = 15, 160  # characters of a headline
_FEWEST = 3  # words of a headline
_FEWEST_BELOW = 5  # words of the sentence below it, perhaps after its place ('Berlin. Die …')
_LONGEST_BELOW = 600
_BETWEEN = 8  # words of a page's name or section between a headline and its repetition
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


def run_on(paragraph: str) -> tuple[int, int] | None:
    """Return where a headline ends and where the report begins; None where there is none.

    The headline is repeated ('A b c – Page A b c D …'), stands before an agency's dateline
    or between advertisements, or the sentence after it begins with an article, a preposition
    or the like, which within a sentence are not written with a capital.
    """
    for find in (_repeated, _above_dateline, _above_advertisement, _above_capital):
        found = find(paragraph)
        if found and _is_headline(paragraph[: found[0]]) and _is_sentence(paragraph[found[1] :]):
            return found
    return None


def _is_headline(text: str) -> bool:
    return (
        _SHORTEST <= len(text) <= _LONGEST
        and len(_WORD.findall(text)) >= _FEWEST
        and not text.rstrip('"“”»').endswith((".", ",", ":"))
        and not noise.has_inner_sentence(text)
    )


_SENTENCE_END = re.compile(r"(?<!\d)(?<!\b[A-ZÄÖÜ])[.!?…][\"“”»«’)]*(?=\s|$)")


def _is_sentence(text: str) -> bool:
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, _LONGEST_BELOW)]
    return any(len(_WORD.findall(text, 0, end)) >= _FEWEST_BELOW for end in ends[:2])


def _repeated(paragraph: str) -> tuple[int, int] | None:
    """'A b c – Page A b c D …': between them stand at most the page's names, all with a capital."""
    words = list(_WORD.finditer(paragraph, 0, 3 * _LONGEST))
    said = [word[0].casefold() for word in words]
    for again in range(_FEWEST, len(said)):
        alike = (one == other for one, other in zip(said[:again], said[again:], strict=False))
        common = sum(1 for _ in takewhile(bool, alike))
        # The page's name and the report may begin with the same word, too.
        for length in range(common, max(_FEWEST, again - _BETWEEN) - 1, -1):
            below = again + length
            after = words[length:again] + words[below : below + 1]
            if below < len(words) and not any(word[0][0].islower() for word in after):
                closed = re.match(r"[?!\"“”»)]*", paragraph[words[length - 1].end() :])
                end = words[length - 1].end() + (closed.end() if closed else 0)
                start = words[below].start()
                return end, start - paragraph[:start].endswith(tuple('"„“»«('))
    return None


_DATELINE_PLACE = re.compile(
    r"(?<=[\w?!\"“”»])\s(?=(?:(?:Bad|Sankt|St\.|San|New|Los)\s)?[A-ZÄÖÜ][\w-]+"
    r"(?:\s?/\s?[A-ZÄÖÜ][\w-]+)*\s\([^()]{2,40}\))"
)


def _above_dateline(paragraph: str) -> tuple[int, int] | None:
    for match in _DATELINE_PLACE.finditer(paragraph, 0, _LONGEST + 60):
        if noise.dateline(paragraph[match.end() :]):
            return match.start(), match.end()
    return None


_ADVERTISEMENT = re.compile(r"(?:\s(?:Anzeige|Werbung|Advertisement)){2,}\s(?=[\"„“»«]?[A-ZÄÖÜ])")


def _above_advertisement(paragraph: str) -> tuple[int, int] | None:
    match = _ADVERTISEMENT.search(paragraph, 0, _LONGEST + 60)
    return match.span() if match else None


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
    r"|per|via|statt|samt|laut|namens|genannt|heißt|ist|sind|war|waren|Nummer|Herr|Frau|Verlag"
    r"|Magazin|Zeitung|Film|Buch|Band)$"
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
        (?:The|This|These|Those|Some|Many|Most|His|Her|Their|Its|It|He|She|They|There|We|An?)(?=\s[a-z])
        |(?P<titular>(?:Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|More)(?=\s[a-z])
            |In|On|At|After|Before|During|For|With|From|As|When|While|But|Although|Since)
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


def _above_capital(paragraph: str) -> tuple[int, int] | None:
    words = {word[0] for word in _WORD.finditer(paragraph, 0, 600)}
    german, english = len(words & _GERMAN), len(words & _ENGLISH)
    if german >= 2 and german > english and not _SUBORDINATE.match(paragraph):
        opener, leads = _GERMAN_OPENER, _leads_in_german
    elif english >= 2 and english > german:
        opener, leads = _ENGLISH_OPENER, _leads_in_english
    else:
        return None
    for match in opener.finditer(paragraph, 0, _LONGEST + 60):
        before = paragraph[: match.start()]
        opened = sum(map(before.count, "„»")) > sum(map(before.count, "“«"))
        if not opened and before.count('"') % 2 == 0 and not leads(before.split(), match):
            return match.start(), match.start("word")
    return None


def _leads_in_german(before: list[str], match: re.Match[str]) -> bool:
    """Whether the word with a capital may belong to the words before it."""
    if match["next"].casefold() in _GERMAN_NAMES.get(match["word"].casefold(), ()):
        return True
    particle = _PARTICLE.match(before[-1]) and _NO_ARTICLE.match(match["word"])
    return bool(_GERMAN_LEADING.match(before[-1])) and not particle


def _leads_in_english(before: list[str], match: re.Match[str]) -> bool:
    """The same; of headlines with a capital in most words nothing is known."""
    small = sum(word[0].islower() for word in before[1:])
    titled = match["titular"] and before[-1][0].isupper()
    return bool(titled or _ENGLISH_LEADING.match(before[-1])) or 2 * small < len(before) - 1
