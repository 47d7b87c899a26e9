"""Definite nouns that open a German sentence, and whether it is clear which they mean.

Pure. 'Die Maschine startete …', 'Bei dem Treffen …' mean something told before; 'Die Polizei …',
'Der Preis des Goldes …', 'Am Montag …' stand by themselves.
"""

from __future__ import annotations

import re

from digests import words
from digests.types import Report, SentenceKind

_UNCERTAIN = 0.6  # how well a sentence reads whose noun is told of nowhere before, yet is no name
_TELLING = 12  # letters of a compound that says which: 'Friedensnobelpreis'

_ADJECTIVES = r"((?:(?!(?:und|oder|mit|von|vom)\b)[a-zäöüß][\w-]* )*)"
_NOUN = r"([A-ZÄÖÜ][\w-]*)"
_SUBJECT = re.compile(rf"(?:Der|Die|Das) {_ADJECTIVES}{_NOUN}")
_PHRASE = re.compile(
    r"(?:(?:An|Auf|Aus|Bei|Durch|Für|Gegen|Hinter|In|Mit|Nach|Neben|Seit|Trotz|Über|Um|Unter|Von"
    rf"|Vor|Wegen|Zu) (?:der|dem|den|die|das)|Beim|Im|Zum|Zur) {_ADJECTIVES}{_NOUN}"
)
# What tells which: a genitive, a phrase, a name, a clause.
_WHICH = re.compile(
    r",| (?:und|oder|sowie|des|der|von|vom|aus|für|gegen|in|im|mit|um|zu|zum|zur|zwischen|über|am"
    r"|an|auf|bei|beim|nach|ohne|unter|vor|wegen|bis|samt|namens|[A-ZÄÖÜ„“\"»(\d])"
)
# The first, the oldest, one's own: there is one. A number, a time tell which.
_THE_ONE = re.compile(
    r"(?:[a-zäöüß]{3,}st(?:e|en|er|es)|eigenen?|gesamten?|ganzen?|heutigen?|gestrigen?|kommenden?"
    r"|vergangenen?|letzten?|nächsten?|laufenden?|neuen|frühen?|späten?|\d+) $"
)
_UNIQUE = re.compile(
    r"""(?:
    polizei|feuerwehr|regierung|staatsanwaltschaft|opposition|bevölkerung|öffentlichkeit|welt|
    weltöffentlichkeit|wirtschaft|börsen?|presse|medien|justiz|armee|militär|menschen|menschheit|
    bürger|bürgerinnen|sonne|erde|mond|inflation|inflationsrate|arbeitslosigkeit|konjunktur|euro|
    dollar|wissenschaft|natur|kirchen?|linken?|grünen|union|koalition|demokraten|republikaner|
    parteien|gewerkschaften|deutschen|amerikaner|russen|
    verfassung|grundgesetz|internet|tageslicht|regel|vatikan|papst
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
_TIME_OR_FRAME = re.compile(
    r"""(?:
    \w*(?:jahre?n?|monate?n?|wochen?|wochenende|tage?n?|nacht|morgens?|abend|mittag|januar|februar|
    märz|april|mai|juni|juli|august|september|oktober|november|dezember|woch|sonntag|frühling|
    sommer|herbst|winter|quartal|jahrhunderts?|zeiten|ferien|weihnachten|ostern|pfingsten|
    silvester)|
    stunden?|minuten?|zukunft|vergangenheit|gegenwart|zeit|beginn|ende|anfang|mitte|anschluss|
    vorfeld|folge|rahmen|verlauf|vergleich|mittelpunkt|gegensatz|gegenzug|hinblick|zuge|
    zusammenhang|falle?|schnitt|durchschnitt|regel|mal|male|frage|kern|inland|ausland|wege|
    allgemeinen|einzelnen|wesentlichen|übrigen|grunde|prinzip|großen
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def clearness(report: Report, start: int, end: int) -> float:
    """Say how clear the noun that opens the stretch ``[start, end)`` is without what stood before.

    1 where it needs nothing, 0 where it means what was told before, else between.
    """
    if report.reading.language != "de":
        return 1.0
    text = report.item.text
    subject = _SUBJECT.match(text, start, end)
    match = subject or _PHRASE.match(text, start, end)
    if match is None or _WHICH.match(text, match.end()) or _THE_ONE.search(match[1]):
        return 1.0
    noun = match[2]
    if _UNIQUE.search(noun) or (subject is None and _TIME_OR_FRAME.fullmatch(noun)):
        return 1.0
    if _opens(report, start) or _names_somebody(report, *match.span()):
        return 1.0
    told = _told_before(report, noun, start)
    if subject is None:
        return 0.0 if told else 1.0
    return 0.0 if told or not _tells_which(noun) else _UNCERTAIN


def _tells_which(noun: str) -> bool:
    """Say whether a noun is a compound long enough to say which; 'Veranstaltung' is none."""
    derived = noun.endswith(("ung", "ungen", "heit", "keit", "tion", "tionen", "schaft"))
    return len(noun) >= _TELLING + 5 * derived


def _opens(report: Report, start: int) -> bool:
    """Say whether no prose of the report stands before ``start``."""
    prose = (one for one in report.reading.sentences if one.kind is SentenceKind.PROSE)
    return next((one.end > start for one in prose), True)


def _names_somebody(report: Report, start: int, end: int) -> bool:
    mentions = report.reading.mentions
    return any(one.actor and one.start < end and start < one.end for one in mentions)


def _told_before(report: Report, noun: str, start: int) -> bool:
    """Say whether a noun, or what is made of it, stands in the report's text before ``start``."""
    language = report.reading.language
    stem = words.stem(noun, language)
    before = words.stems(report.item.text[report.item.title_end : start], language)
    return any(words.matches(stem, one) for one in before)
