"""Which sentences of a report can be shown alone, and what it takes.

Pure: a report and one of its sentences in, a :class:`Standing` out, or None. A
sentence that leans on one before it ('Er', 'Damit', 'Das Treffen') is not shown,
unless a name in brackets makes it stand; a sentence within a quotation is shown
with the whole quotation; a claim is never shown without who makes it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from digests import phrases, words
from digests.definite import clearness
from digests.given import given_names
from digests.types import (
    ActorKind,
    CitedSentence,
    Mention,
    MentionForm,
    Report,
    Sentence,
    SentenceKind,
    Span,
    SpeechKind,
    Statement,
)

Names = Mapping[tuple[str, str], str]
"""What to call actors in a sentence: (id, language of the sentence) -> name."""

NO_NAMES: Names = MappingProxyType({})
"""No display names: the names of the report itself are used."""

_FEWEST_WORDS, _MOST_WORDS = 6, 60
_LONGEST = 420  # characters of a sentence, or of a quotation shown as a whole
_COMFORTABLE = 150  # characters up to which length costs nothing

_QUOTE = re.compile(r"[„“”\"«»]|``|''")
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_ENDS = re.compile(r"[.!?…][\s\"“”»«'’)]*$")
_BAD = re.compile(
    r"https?://|www\.|\d (?:Prozent|%); |\b[Ff]oto:|\bBild:|\bQuelle:|\bVideo ansehen\b|©|\|"
    r"|[a-zäöüß)][.!?][A-ZÄÖÜ][a-zäöüß]"  # two sentences run into each other
    r"|^\([^()]*\)\s+[a-zäöüß]"  # the end of one: '(THW) mitteilte.'
    r"|^\([^()]*\)$"  # an aside
    r"|pic\.twitter\.com/|\(@\w+\)"  # somebody's post, run into the report
)

_DATELINE = re.compile(
    r"(?:[^()\n]{0,100}\()?(?:reuters|rtr|dpa|afp|ap|apa|sda|ats|kna|epd|dapd|dts|ots|tass|ria|"
    r"interfax|ukrinform|upi|cnn|xinhua|bloomberg)(?:[-/ ][\w/-]{1,12})?\)\s*[-–—:]+\s+(?=\S)",
    re.IGNORECASE,
)
"""What an agency puts before its news: 'Berlin (dpa) - ', or its end where a sentence begins."""

_SHORT = 10  # words of a short sentence
_QUOTATION = re.compile(r"[„“”\"«»][^„“”\"«»]*[„“”\"«»]")


@dataclass(frozen=True, slots=True)
class Standing:
    """A stretch of a report that can be shown alone.

    ``lead`` and ``speaker`` as in :class:`~digests.types.CitedSentence`;
    ``quality`` is 1 for a sentence that reads well alone, less for one that
    only joins what came before, or is long.
    """

    start: int
    end: int
    lead: str = ""
    speaker: str | None = None
    quality: float = 1.0


def folded(report: Report, start: int, end: int) -> str:
    """Return the text of a span with white space folded: as it is shown."""
    return " ".join(report.item.text[start:end].split())


def cite(
    report: Report, start: int, end: int, *, lead: str = "", speaker: str | None = None
) -> CitedSentence:
    """Return the stretch ``[start, end)`` of a report as it is shown, with its source and date."""
    item = report.item
    return CitedSentence(
        span=Span(item.id, item.revision, start, end),
        text=folded(report, start, end),
        source=item.source_name,
        published=item.published,
        url=item.url,
        speaker=speaker,
        lead=lead,
        given=given_names(report, start, end),
    )


_LATE = 8  # words after which an office is hardly what a sentence is about
_THEN = frozenset({"Damals", "Seinerzeit"})  # stands where the date it means can be shown


def standing(report: Report, sentence: Sentence, names: Names = NO_NAMES) -> Standing | None:
    """Return how ``sentence`` of ``report`` can be shown alone, or None if it cannot.

    A sentence within a longer quotation is extended to the whole of it, and an
    agency's dateline is cut. ``names`` are the display names of actors; where an
    actor has none, the longest form of the name in the report is used.
    """
    if sentence.kind is not SentenceKind.PROSE:
        return None
    found = _whole_quotation(report, sentence.start, sentence.end)
    if found is None:
        return None
    start, end = found
    if dateline := _DATELINE.match(report.item.text, start, end):
        start = dateline.end()
    text = report.item.text[start:end]
    quality = _form(text)
    if quality is None or _quotes(text) % 2 or _inside_quotation(report, start):
        return None
    clear = clearness(report, start, end)
    if not clear:
        return None
    claim = _claim(report, start, end, names)
    if claim is None:
        return None
    lead = _lead(report, start, end, claim, names)
    if lead is None:
        return None
    if claim and not lead and _opens_with_speaker(report, start, end):
        lead, claim = claim, ""
    quality *= clear * _ease(_QUOTE.sub("", text).lstrip(), report.reading.language)
    return Standing(start, end, lead, claim or None, quality * (0.7 if lead else 1.0))


def leans(text: str, language: str) -> bool:
    """Say whether a text opens with what leans on a sentence before it; a mere pronoun does not.

    Whoever reads what somebody said knows who 'Er' is, but not what 'Damit' means.
    """
    opening = _QUOTE.sub("", text).lstrip()
    pattern, pointing = phrases.LEANING.get(language), phrases.POINTING.get(language)
    if pointing and pointing.match(opening):
        return True
    first = opening.split(maxsplit=1)[:1]
    return bool(pattern and pattern.match(opening) and first[0].casefold() not in phrases.PERSONAL)


def as_it_stands(report: Report, sentence: Sentence, names: Names = NO_NAMES) -> CitedSentence:
    """Return a sentence cited whether or not it can stand alone, for one who asked for its words.

    A claim has its speaker, where one is known. ``names`` as in :func:`standing`.
    """
    whole = _whole_quotation(report, sentence.start, sentence.end)
    start, end = whole or (sentence.start, sentence.end)
    return cite(report, start, end, speaker=_claim(report, start, end, names) or None)


def _ease(text: str, language: str) -> float:
    """Return how well a text reads without what stood before it, 1 or less."""
    ease = 1.0
    for patterns, found, cost in (
        (phrases.JOINING, re.Pattern.match, 0.6),
        (phrases.CONTRAST, re.Pattern.search, 0.7),
        (phrases.LINK, re.Pattern.search, 0.85),
        (phrases.SHORTHAND, re.Pattern.search, 0.8),
        (phrases.BACKWARD, re.Pattern.match, 0.6),
        (phrases.GARBLED, re.Pattern.search, 0.3),
    ):
        pattern = patterns.get(language)
        if pattern is not None and found(pattern, text):
            ease *= cost
    return ease


def _form(text: str) -> float | None:
    """Return how well a text is formed as a sentence, or None if it is none."""
    count = len(_WORD.findall(text))
    opening = text.lstrip("„“”\"«»'`‚‘([ ")
    if not _FEWEST_WORDS <= count <= _MOST_WORDS or len(text) > _LONGEST:
        return None
    if not opening or not (opening[0].isupper() or opening[0].isdigit()):
        return None
    if not _ENDS.search(text) or _BAD.search(text) or "\n\n" in text:
        return None
    quality = math.sqrt(min(1.0, _COMFORTABLE / len(text)))
    return quality * (0.5 if "?" in text[-3:] else 1.0)


def _quotes(text: str) -> int:
    return len(_QUOTE.findall(text))


def _inside_quotation(report: Report, start: int) -> bool:
    """Say whether a quotation is open at ``start``, counting marks from the paragraph's start."""
    text = report.item.text
    paragraph = text.rfind("\n\n", 0, start)
    return _quotes(text[paragraph + 1 if paragraph >= 0 else 0 : start]) % 2 == 1


def _whole_quotation(report: Report, start: int, end: int) -> tuple[int, int] | None:
    """Extend a sentence to the quotation that runs beyond it; None where that is too long."""
    for statement in report.reading.statements:
        if statement.kind is not SpeechKind.DIRECT:
            continue
        for low, high in statement.message:
            if low < end and start < high and (low < start or high > end):
                held = [s for s in report.reading.sentences if s.start < high and low < s.end]
                start = min(start, *(s.start for s in held)) if held else start
                end = max(end, *(s.end for s in held)) if held else end
    return (start, end) if end - start <= _LONGEST else None


def _claim(report: Report, start: int, end: int, names: Names) -> str | None:
    """Return who says what stands in ``[start, end)``.

    Empty where nobody does or the text says who; None where it is a claim and
    nobody is known to make it.
    """
    text = report.item.text[start:end]
    if phrases.NOBODY.search(text):
        return None
    for statement in report.reading.statements:
        share = sum(max(0, min(end, high) - max(start, low)) for low, high in statement.message)
        if share < 0.3 * (end - start) or _names_speaker(report, statement, start, end):
            continue
        if _tells_of_speaker(report, statement, start, end):
            continue
        if _told_otherwise(report, statement, start, end):
            return None
        return _speaker(report, statement, names)
    told = any(
        statement.start < end and start < statement.end for statement in report.reading.statements
    )
    first_person = phrases.FIRST_PERSON.get(report.reading.language)
    if not told and first_person and first_person.search(_QUOTATION.sub("", text)):
        return None  # an interview or a comment: somebody speaks
    if not told and report.reading.language == "de":
        first_clause = text.split(",", 1)[0]
        mood = words.SUBJUNCTIVE.search(first_clause) or (
            phrases.REPLACING.search(first_clause) and not phrases.UNREAL.search(text)
        )
        if mood and not phrases.CUE.search(text):
            return None
        if _quotes(text) and _bare_quotation(text):
            return None
    return ""


def _bare_quotation(text: str) -> bool:
    """Say whether a text is nothing but a quotation."""
    stripped = text.strip()
    return bool(_QUOTE.match(stripped) and _QUOTE.match(stripped.rstrip(".!?…")[-1:] or " "))


def _names_speaker(report: Report, statement: Statement, start: int, end: int) -> bool:
    """Say whether the stretch itself tells who speaks, by more than a pronoun."""
    if statement.speaker is None:
        return False
    low, high = statement.speaker
    spoken = report.item.text[low:high].strip().lower()
    return start <= low and high <= end and spoken not in phrases.PRONOUNS


def _opens_with_speaker(report: Report, start: int, end: int) -> bool:
    """Say whether a pronoun tells who speaks before what is said, or within it.

    'Dem Amt warf er vor, …' and 'Nach eigener Aussage will er …' are the report's words;
    'Meier: ' before them would make them Meier's.
    """
    return any(
        statement.speaker is not None
        and start <= statement.speaker[0]
        and statement.speaker[1] <= end
        and statement.start < end
        and (
            statement.speaker[1] <= statement.start
            or any(low <= statement.speaker[0] < high for low, high in statement.message)
        )
        and folded(report, *statement.speaker).lower() in phrases.PERSONAL
        for statement in report.reading.statements
    )


def _told_otherwise(report: Report, statement: Statement, start: int, end: int) -> bool:
    """Say whether the stretch opens in the report's words, and who speaks stands outside it.

    'Aus Kreisen verlautete, …', 'Der Wirt zeigte einen Zettel: „…“': the name of somebody who
    spoke before would make all of it theirs.
    """
    if statement.speaker is not None and start <= statement.speaker[0] < end:
        return False
    said = min(
        one.start
        for one in report.reading.statements
        if one.speaker == statement.speaker and one.start < end and start < one.end
    )
    return bool(_WORD.search(report.item.text, start, max(start, said)))


def _tells_of_speaker(report: Report, statement: Statement, start: int, end: int) -> bool:
    """Say whether the stretch, outside what it quotes, tells of the one who speaks.

    'Nach Meiers Plan soll …' needs no 'Meier:' before it, nor does 'Er kam zum „Tag der See“'
    if the name is put in brackets; 'Meier werde bleiben' does.
    """
    text = report.item.text[start:end]
    if (
        report.reading.language == "de"
        and words.SUBJUNCTIVE.search(text)
        and not phrases.CUE.search(text)
    ):
        return False
    return any(
        mention.actor is not None
        and mention.actor == statement.actor
        and (
            mention.form is MentionForm.NAME
            or (mention.form is MentionForm.PRONOUN and mention.start == start)
        )
        and start <= mention.start < end
        and _quotes(text[: mention.start - start]) % 2 == 0
        for mention in report.reading.mentions
    )


def _speaker(report: Report, statement: Statement, names: Names) -> str | None:
    if statement.actor is not None and (name := _name(report, statement.actor, names)):
        return name
    if statement.speaker is None:
        return None
    if not any(one.cue and one.speaker == statement.speaker for one in report.reading.statements):
        return None  # only taken for who goes on: the subject of a sentence that tells of no words
    low, high = statement.speaker
    spoken = folded(report, low, high)
    if spoken.lower() in phrases.PRONOUNS or phrases.UTTERANCE.search(spoken):
        return None
    if report.reading.language == "de":
        spoken = _as_subject(spoken, report.item.text[:low], report.item.text[high:])
    return spoken[:1].upper() + spoken[1:] or None


def _as_subject(spoken: str, before: str, after: str) -> str:
    """Return the German words for somebody as a subject; empty where their case tells nothing.

    'aus Kreisen', 'nach Angaben des Amtes', 'Augenzeugen zufolge' cannot be quoted so; of 'nach
    Angaben der Polizei' it is clear.
    """
    first, _, rest = spoken.partition(" ")
    *_, last = "", *before[-40:].split()
    if first.lower() in phrases.OBLIQUE or phrases.ACCORDING.match(after):
        return ""
    governed = last.lower() in phrases.PREPOSITIONS or last[:1].isupper()
    if first == "der" and governed:
        return f"die {rest}" if rest[:1].isupper() else ""
    if last.lower() in phrases.PREPOSITIONS:
        return ""
    return spoken if first[:1].isupper() or first in phrases.NOMINATIVE else ""


def _name(report: Report, actor: str, names: Names) -> str | None:
    """Return the display name of an actor: the given one, else the longest of the report."""
    if name := names.get((actor, report.reading.language)):
        return name
    forms = [
        folded(report, mention.start, mention.end)
        for mention in report.reading.mentions
        if mention.actor == actor and mention.form is MentionForm.NAME
    ]
    return max(forms, key=len, default=None)


def _lead(report: Report, start: int, end: int, speaker: str, names: Names) -> str | None:
    """Return the name to show in brackets so that a stretch stands; empty if it stands alone.

    None if it leans on something that cannot be named.
    """
    text = report.item.text[start:end]
    language = report.reading.language
    opening, places = _unquoted(text, start)
    within = [m for m in report.reading.mentions if start <= m.start and m.end <= end]
    named = {m.actor for m in within if m.form is MentionForm.NAME}
    absent = [m for m in within if m.actor is not None and m.actor not in named]
    stand_ins = [m for m in absent if _needs_name(m, report.item.text, start)]
    name = _name(report, stand_ins[0].actor or "", names) if stand_ins else None
    if name is not None and (name == speaker or _says_name(report, stand_ins[0], name)):
        name = ""  # 'Putin: Er hoffe …' needs no second name
    leaning = phrases.LEANING.get(language)
    if leaning and leaning.match(opening):
        first = opening.split(maxsplit=1)[0]
        if first in _THEN:
            dates = [event.date for event in report.reading.events if event.start == start]
            return str(dates[0]) if dates else None
        resolved = stand_ins and _covers(stand_ins[0], places[0])
        return name if resolved else None
    pointing = phrases.POINTING.get(language)
    if pointing and pointing.match(opening):
        return None
    early = phrases.EARLY_PRONOUN.get(language)
    if early and (match := early.match(opening)):
        place = places[match.start(match.lastindex or 0)]
        known = any(_may_be_meant(m, report, start, place) for m in within)
        speaks = bool(speaker) and _is_speaker(report, place)
        if not known and not speaks and not (stand_ins and _covers(stand_ins[0], place)):
            return None
    shorthand = phrases.SHORTHAND.get(language)
    if shorthand and (match := shorthand.match(opening)):
        noun = places[match.end() - 1]
        covered = any(
            m.form is not MentionForm.PRONOUN and m.actor is not None and m.start <= noun
            for m in within
        )
        if not covered:
            return None
    thing = phrases.BARE_THING.get(language)
    if thing and len(_WORD.findall(text)) <= _SHORT and thing.search(text):
        return None
    return name or ""


def _is_speaker(report: Report, place: int) -> bool:
    """Say whether the word at ``place`` tells who makes a statement of somebody known."""
    return any(
        one.actor is not None
        and one.speaker is not None
        and one.speaker[0] <= place < one.speaker[1]
        for one in report.reading.statements
    )


_OBLIQUE = re.compile(
    r"\b(?:an|auf|aus|bei|beim|durch|für|gegen|laut|mit|nach|seit|von|vom|vor|während|wegen|zu|zum|zur)"
    r" (?:[\w-]+ ){0,3}$",
    re.IGNORECASE,
)


def _may_be_meant(mention: Mention, report: Report, start: int, place: int) -> bool:
    """Say whether a pronoun at ``place`` may mean whom its sentence from ``start`` named before.

    In German that is a person, and none who is named with a preposition: in 'Nach dem Treffen mit
    Ada Neumann reiste er ab' somebody else left.
    """
    if mention.start >= place or mention.form is MentionForm.PRONOUN:
        return False
    if report.reading.language != "de":
        return True
    before = report.item.text[start : mention.start]
    return mention.kind is ActorKind.PERSON and not _OBLIQUE.search(before)


def _unquoted(text: str, start: int) -> tuple[str, list[int]]:
    """Return a text without quotation marks and what stands before it, and its places.

    ``start`` is where the text begins: of each character it is told where it stands.
    """
    marked = {n for quote in _QUOTE.finditer(text) for n in range(*quote.span())}
    kept = [n for n in range(len(text)) if n not in marked]
    while kept and text[kept[0]].isspace():
        del kept[0]
    return "".join(text[n] for n in kept), [start + n for n in kept]


_SUBJECT = re.compile(r"(?:^|\W)(?:[Dd]ie|[Dd]er|[Tt]he)\W+(?:\w+\W+){0,2}$")


def _says_name(report: Report, mention: Mention, name: str) -> bool:
    """Say whether an office is the name: of 'Der Papst' nobody asks which."""
    words = report.item.text[mention.start : mention.end].split()
    return mention.form is MentionForm.ROLE and name.startswith(f"{words[-1]} ")


def _needs_name(mention: Mention, text: str, start: int) -> bool:
    """Say whether a mention without the name asks for one in brackets before its sentence.

    A pronoun does, and an office as the subject: 'Am Montag sagte der Minister'. In another
    case ('in der Residenz des Ministers') or a quotation it stands, and a name before the
    sentence would be taken for the subject.
    """
    if mention.form is MentionForm.PRONOUN:
        return True
    if mention.form is not MentionForm.ROLE or text[mention.end : mention.end + 1] == "-":
        return False
    before = text[start : mention.start]
    count = len(_WORD.findall(before))
    if _quotes(before) % 2 or count > _LATE or "," in before:
        return False
    if not count:
        return True
    # 'der Ministerin' is no subject, 'der Minister' may be.
    dative = re.search(r"\b[Dd]er (?:\w+en )?$", before) and text[: mention.end].endswith("in")
    return bool(_SUBJECT.search(before)) and not dative


def _covers(mention: Mention, place: int) -> bool:
    return mention.start <= place < mention.end
