"""What stands around a report that was cut from a paper or came over an agency's wire.

An archive of the press says where a report stood ('Beispielblatt, 25. Januar 2022, Seite 7');
a wire numbers and slugs it, and signs it with the time. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import tzinfo

from digests.sources import noise
from digests.sources.dates import DATE_TIME, from_match, parse_date
from digests.types import UNDATED, Precision, Published

_LONGEST_CITATION = 160
_MOST_CITATIONS = 2  # above the report and below it; more are its references
_PAGE = r"(?:S\.|Seiten?|[Pp]p?\.|[Pp]ages?|Nr\.|Ausgabe|Heft)\s?\d[\w.–-]*"
_CITATION = re.compile(
    rf"""(?P<label>(?:Aus|Quelle|Source)\s?:\s*)?
         (?P<outlet>[A-ZÄÖÜ][^:;!?\n]{{1,60}}?)(?:,|\s[|–-]|\s(?=vom\s|\())\s*
         \(?(?:(?:vom|den)\s)?(?i:{DATE_TIME})\)?
         (?P<rest>(?:[,;|/]?\s*(?:{_PAGE}|[A-ZÄÖÜ][\w-]+)){{0,4}})\.?""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Citation:
    place: int
    published: Published
    outlet: str | None
    """Where it is named for certain: 'Berlin, 25. Januar 2022' names none."""
    labelled: bool


def without_citation(
    body: list[str], zone: tzinfo
) -> tuple[list[Published], str | None, list[str]]:
    """Cut the lines that say where and when a report stood; give its dates, outlet and the rest.

    Such a line stands above the first prose, or after 'Quelle:' at the end. Where there are more
    of them they are a chronicle or a list of references, and stay.
    """
    cited = [one for place, text in enumerate(body) if (one := _citation(place, text, zone))]
    prose = next((place for place, text in enumerate(body) if noise.is_prose(text)), len(body))
    taken = [one for one in cited if one.place < prose or one.labelled]
    if not taken or len(cited) > _MOST_CITATIONS:
        return [], None, body
    places = {one.place for one in taken}
    rest = [text for place, text in enumerate(body) if place not in places]
    outlet = next((one.outlet for one in taken if one.outlet), None)
    return [one.published for one in taken], outlet, rest


def _citation(place: int, paragraph: str, zone: tzinfo) -> _Citation | None:
    if len(paragraph) > _LONGEST_CITATION or not (match := _CITATION.fullmatch(paragraph)):
        return None
    published = from_match(match, zone=zone)
    if published.precision not in (Precision.DAY, Precision.MINUTE):
        return None
    certain = bool(match["label"] or re.search(_PAGE, match["rest"]))
    outlet = match["outlet"].strip() if certain else None
    return _Citation(place, published, outlet, labelled=bool(match["label"]))


_ON_AIR = (
    re.compile(
        rf"""Diese[rs]?\s(?:Nachricht|Meldung|Beitrag|Bericht|Sendung|Interview|Thema)\s.{{0,30}}?
            \bam\s(?i:{DATE_TIME}).{{0,80}}\b(?:gesendet|ausgestrahlt)\.?""",
        re.VERBOSE,
    ),
    re.compile(
        rf"Über\sdieses\sThema\sberichteten?.{{1,60}}?\bam\s(?i:{DATE_TIME}).{{0,40}}", re.VERBOSE
    ),
)


def broadcast_on(paragraph: str, zone: tzinfo) -> Published:
    """The day on which a report was on the air: 'Diese Nachricht wurde am … gesendet'."""
    if not paragraph.startswith(("Dies", "Über dieses")):
        return UNDATED
    match = next((found for one in _ON_AIR if (found := one.fullmatch(paragraph))), None)
    date = from_match(match, zone=zone).date if match else None
    return Published.on(date.year, date.month, date.day) if date and date.day else UNDATED


_WIRE_NUMBER = re.compile(r"\s*[a-z]{3}\d{3,4} \d [a-z]{2} \d+ {1,2}[a-z]{2,5}(?: \d{3,4})?\s*\n")
_WIRE_TIME = re.compile(
    r"(?:\n[a-z]{2,5}(?:[ /][a-z0-9]{1,6}){1,7})?\s*\n"
    r"(?P<day>\d\d)(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d) "
    r"(?P<month>[A-Z][a-zä]{2}) (?P<year>\d\d)\s*\Z"
)
_LONGEST_END = 200
_NOTES = re.compile(r"\n#{0,2} ?(?:Notizblock|Redaktionelle Hinweise)\s*\n")
_SLUG = re.compile(r"(?:[A-ZÄÖÜ][\w .-]{1,30}/){2,}[\w .-]{0,30}")
_EDITORS_NOTE = re.compile(
    r"\((?:Zusammenfassung|Neu|Mit|Achtung|Wiederholung|Berichtigung|Aktualisier(?:t|ung)|Überblick"
    r"|Foto|Langfassung|Kurzfassung|Erweitert|Ergänzt)\b[^()]{0,160}\)",
    re.IGNORECASE,
)


def unwired(lines: str, zone: tzinfo) -> tuple[Published, str]:
    """Cut an agency's number from the start, and its notes for editors, sign and time from the end.

    Only what ends with the time of a wire ('211430 Feb 22', in ``zone``) is taken for one.
    """
    time = _WIRE_TIME.search(lines, max(0, len(lines) - _LONGEST_END))
    if time is None:
        return UNDATED, lines
    written = "{day}. {month} 20{year}, {hour}:{minute} Uhr".format(**time.groupdict())
    published = parse_date(written, zone=zone)
    if published == UNDATED:
        return UNDATED, lines
    number = _WIRE_NUMBER.match(lines)
    notes = _NOTES.search(lines)
    report = lines[number.end() if number else 0 : notes.start() if notes else time.start()]
    return published, report


def is_wire_line(paragraph: str) -> bool:
    """Whether it is what a wire puts above a report: 'Ukraine/Konflikte/', '(Neu: Reaktionen)'."""
    return bool(_SLUG.fullmatch(paragraph) or _EDITORS_NOTE.fullmatch(paragraph))
