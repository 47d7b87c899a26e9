"""From what an expression means to its TimeML value, by the rules of news.

A report speaks from its own date. A weekday is the last one before it, or the
next where the clause speaks of what is to come; 'am Abend' is that of the day
spoken of; 'Tags zuvor' counts from the date last mentioned. Nothing is made up:
where the report's date is not known well enough, the value stays empty.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from digests.nlp.times import calendar
from digests.nlp.times.meaning import (
    CalendarDate,
    Clock,
    Daypart,
    Feast,
    Fixed,
    Found,
    Meaning,
    Origin,
    Step,
    Today,
    Weekday,
    Which,
)
from digests.nlp.times.scan import Words, forms
from digests.types import PartialDate, Precision, Published, Timex, TimexType

_DAY = timedelta(days=1)
_UNKNOWN = (TimexType.DATE, "")
_ENDS = {"MO": 5, "MI": 11, "AF": 12, "EV": 17, "NI": 20}
"""The hour before which a part of the day has not come yet."""

_SURELY_MEANT = timedelta(days=100)
"""How near a date without a year must be for the tense elsewhere in the sentence not to matter."""

_TO_THESE_DAYS = forms("bis von noch until till of still")
_LONG_AGO = forms("damals früher einst einstmals ehedem then formerly once")
_STATES = forms(
    "ist sind bin seid hat haben gibt weiß wissen gilt gelten kann können würde lebt leben heißt"
    " is are has have lives live known"
)

_SEASON_LENGTH = timedelta(days=90)
_SEASON_START = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


class Tense(Enum):
    """The time a clause speaks of, as far as its words show."""

    PAST = "past"
    FUTURE = "future"
    OPEN = "open"


_CLAUSE_BREAKS = frozenset(("comma", "quote", "mark", "colon", "open", "close", "paragraph"))


_SINCE = forms("seit since")
_UNTIL = forms("bis ab until till by")
_PLANNED = forms("für for")


def tense(words: Words, found: Found, *, own_clause: bool = False) -> Tense:
    """What time is spoken of where an expression stands.

    An attribute tells ('der im Mai anstehenden Wahl'), else the
    clause, else (unless ``own_clause`` is set) the nearest clause that shows a tense.
    """
    index = found.first
    if words.word(index - 1) in _SINCE:
        return Tense.PAST
    if words.word(index - 1) in _PLANNED:
        return Tense.FUTURE
    first, last = words.sentence(index)
    for after in range(found.last, min(last, found.last + 5)):
        cue = words.known[after].cue
        if words.kind(after) == "one" or (after == found.last and words.kind(after) == "article"):
            break
        nouns = range(after + 1, min(last, after + 3))
        if cue.attribute and any(words.capital(noun) for noun in nouns):
            return Tense.FUTURE if cue.attribute > 0 else Tense.PAST
        if cue.past or cue.future or cue.auxiliary or words.kind(after) in _CLAUSE_BREAKS:
            break
    breaks = [i for i in range(first, last) if words.kind(i) in _CLAUSE_BREAKS]
    clauses = list(zip([first, *breaks], [*breaks, last], strict=True))
    own = bisect_right(breaks, index)
    for clause in sorted(range(len(clauses)), key=lambda n: (abs(n - own), n)):
        spoken = _tense_of(words, *clauses[clause])
        if clause == own and spoken is Tense.OPEN and _to_be_done(words, *clauses[clause]):
            return Tense.FUTURE
        if spoken is not Tense.OPEN:
            return spoken
        if own_clause:
            return Tense.OPEN
    return Tense.FUTURE if words.word(index - 1) in _UNTIL else Tense.OPEN


def _to_be_done(words: Words, first: int, last: int) -> bool:
    """Whether a clause is a German infinitive of what is yet to be done: 'am Montag zu kommen'."""
    if words.word(last - 1) in ("haben", "sein"):  # 'am Montag gekommen zu sein'
        return False
    return any(
        words.word(index) == "zu" and words.word(index + 1).endswith("n")
        for index in range(first, last - 1)
    )


def _speaks_of_present(words: Words, index: int) -> bool:
    first, last = words.sentence(index)
    return any(words.known[i].cue.present for i in range(first, last))


def _tense_of(words: Words, first: int, last: int) -> Tense:
    opening = words.sentence(first)[0]
    cues = [  # nouns are no verbs: 'Leuten', 'Gärten'
        words.known[index].cue
        for index in range(first, last)
        if index == opening or not words.capital(index)
    ]
    participle = any(cue.participle for cue in cues)
    if any(cue.future for cue in cues) and not any(cue.modal for cue in cues):
        # 'soll am Montag gesagt haben'
        said = participle and any(cue.infinitive_have for cue in cues)
        return Tense.PAST if said else Tense.FUTURE
    if any(cue.past for cue in cues):
        return Tense.PAST
    if participle and any(cue.auxiliary for cue in cues):
        return Tense.PAST
    return Tense.OPEN


@dataclass(frozen=True, slots=True)
class _Now:
    """The date of the report: ``day`` is the first of the month or year if no more is known."""

    day: date | None
    precision: Precision
    hour: int | None = None

    @classmethod
    def of(cls, published: Published, zone: str) -> _Now:
        """The calendar date where the report's readers live."""
        at = published.at
        if at is None:
            return cls(None, Precision.UNKNOWN)
        if published.precision is not Precision.MINUTE:
            return cls(at.date(), published.precision)
        try:
            local: datetime = at.astimezone(ZoneInfo(zone))
        except OverflowError:
            local = at
        return cls(local.date(), Precision.DAY, local.hour)

    @property
    def full(self) -> date | None:
        """The day, where it is known."""
        return self.day if self.precision is Precision.DAY else None


@dataclass(slots=True)
class _Mention:
    """A date the text has named: where (a word index), and how exactly."""

    index: int
    date: PartialDate
    told: bool
    """Whether the text itself names the year, here or in the mention before."""


class _Resolver:
    """Resolves the expressions of one text from left to right, with what was said before."""

    def __init__(self, words: Words, now: _Now) -> None:
        self.words = words
        self.now = now
        self.mentions: list[_Mention] = []
        self.paragraphs = [
            index for index, known in enumerate(words.known) if known.kind == "paragraph"
        ]

    def resolve(self, found: Found, following: Found | None) -> tuple[TimexType, str]:
        """Type and value of an expression; ``following`` is the next one of the text."""
        try:
            kind, value = self._value(found, following)
        except (OverflowError, ValueError):  # beyond the years 1 to 9999
            return (TimexType.DATE, "")
        self._remember(found, kind, value)
        return kind, value

    def _remember(self, found: Found, kind: TimexType, value: str) -> None:
        if kind not in (TimexType.DATE, TimexType.TIME):
            return
        try:
            named = PartialDate.parse(value.partition("T")[0])
        except ValueError:
            return
        meaning = found.meaning
        if isinstance(meaning, Step) and meaning.origin is Origin.TEXT and (meaning.count or 0) < 0:
            return  # 'Tags zuvor' looks back and does not move the story
        last = self.mentions[-1] if self.mentions else None
        told = _names_year(meaning) or (
            last is not None and last.told and last.date.year == named.year
        )
        self.mentions.append(_Mention(found.first, named, told))

    def _value(self, found: Found, following: Found | None) -> tuple[TimexType, str]:
        meaning = found.meaning
        match meaning:
            case Fixed(kind, value):
                return kind, value
            case CalendarDate():
                return self._calendar_date(found, meaning)
            case Weekday():
                return _with_part(self._weekday(found, meaning), meaning.daypart)
            case Feast():
                return _with_part(self._feast(found, meaning), "")
            case Step():
                return self._step(found, meaning)
            case Today(daypart):
                return self._today(found, daypart)
            case Clock(hour, minute):
                day = self._day_spoken_of(found, following)
                return TimexType.TIME, f"{day}T{hour:02d}:{minute:02d}" if day else ""
            case Daypart(part, habitual):
                return self._daypart(found, following, part, habitual)

    # Days -------------------------------------------------------------------------------------

    def _weekday(self, found: Found, meaning: Weekday) -> date | None:
        today = self.now.full
        if today is None:
            return None
        back = (today.weekday() - meaning.day) % 7
        ahead = (meaning.day - today.weekday()) % 7
        if meaning.of_week and meaning.which is not None:
            return today + timedelta(days=meaning.day - today.weekday() + 7 * int(meaning.which))
        match meaning.which:
            case Which.LAST:
                return today - timedelta(days=back or 7)
            case Which.NEXT:
                return today + timedelta(days=ahead or 7)
            case Which.THIS:
                return self._this_weekday(found, today, meaning.day)
        spoken = tense(self.words, found)
        if spoken is Tense.OPEN and _speaks_of_present(self.words, found.first):
            spoken = Tense.FUTURE
        if spoken is Tense.FUTURE:
            return today + timedelta(days=ahead)
        return today - timedelta(days=back)

    def _this_weekday(self, found: Found, today: date, weekday: int) -> date:
        """'diesen Samstag': of this week, or of the one on the side that the tense tells."""
        day = today + timedelta(days=weekday - today.weekday())
        spoken = tense(self.words, found) if day != today else Tense.OPEN
        if spoken is Tense.FUTURE and day < today:
            return day + timedelta(days=7)
        if spoken is Tense.PAST and day > today:
            return day - timedelta(days=7)
        return day

    def _feast(self, found: Found, meaning: Feast) -> date | None:
        feast = calendar.FEASTS[meaning.name]
        if meaning.year is not None:
            return feast(meaning.year)
        if self.now.day is None or self.now.precision is Precision.YEAR:
            return None
        today = self.now.day
        days = [feast(today.year + n) for n in (-1, 0, 1) if 1 <= today.year + n <= 9999]
        return self._chosen(found, days, meaning.which)

    def _chosen(self, found: Found, days: list[date], which: Which | None) -> date | None:
        """The day out of several years that the clause means."""
        today = self.now.day or date.min
        past = [day for day in days if day <= today]
        future = [day for day in days if day >= today]
        if which is Which.THIS:
            return min(days, key=lambda day: abs(day.year - today.year))
        if which is Which.LAST:
            return max((day for day in past if day < today), default=None)
        if which is Which.NEXT:
            return min((day for day in future if day > today), default=None)
        match tense(self.words, found):
            case Tense.PAST:
                return max(past, default=None)
            case Tense.FUTURE:
                return min(future, default=None)
        return min(days, key=lambda day: abs(day - today), default=None)

    def _calendar_date(self, found: Found, meaning: CalendarDate) -> tuple[TimexType, str]:
        year = meaning.year
        if year is None and meaning.shift is not None:
            year = self.now.day.year + meaning.shift if self.now.day else None
        elif year is None:
            year = self._year_meant(found, meaning)
        if year is None or not 1 <= year <= 9999:
            return _with_part(None, meaning.daypart)
        if meaning.day:
            if not calendar.day_of(meaning.month, meaning.day, year):
                return _UNKNOWN
            return _with_part(date(year, meaning.month, meaning.day), meaning.daypart)
        if meaning.month:
            return TimexType.DATE, f"{year:04d}-{meaning.month:02d}"
        return TimexType.DATE, f"{year:04d}-{meaning.part}"

    def _year_meant(self, found: Found, meaning: CalendarDate) -> int | None:
        """The year of '25. Januar', 'im Februar', 'im Sommer', 'im dritten Quartal'.

        Not the year that the text told of before, if the weekday does not fit it: in '1997 …,
        am Sonntag, 8. Januar'.
        """
        told = self._year_told(found) if meaning.which is None else None
        if told is not None and self._fits_weekday(found, meaning, told):
            return told
        today = self.now.day
        if today is None or (self.now.precision is Precision.YEAR and meaning.which is None):
            return None
        if meaning.part[:1] in "QH" and meaning.part:
            return today.year
        month = meaning.month or _SEASON_START[meaning.part]
        if not meaning.day:
            today = today.replace(day=1)
        years = [year for year in range(today.year - 4, today.year + 5) if 1 <= year <= 9999]
        days = [
            date(year, month, meaning.day or 1)
            for year in years
            if calendar.day_of(month, meaning.day or 1, year)
        ]
        if meaning.part in _SEASON_START:
            if meaning.which is None:
                return self._season_year(found, meaning.part, today)
            # the last one is over, the next has not begun
            over = [day for day in days if day + _SEASON_LENGTH <= today]
            ahead = [day for day in days if day > today]
            return max(over).year if meaning.which is Which.LAST else min(ahead).year
        chosen = self._chosen_month(found, days, meaning.which, bool(meaning.day))
        return chosen.year if chosen else None

    def _fits_weekday(self, found: Found, meaning: CalendarDate, year: int) -> bool:
        """Whether a day of a year is on the weekday named with it, if one is."""
        known = (self.words.known[index] for index in range(found.first, found.last))
        weekday = next((int(one.number) for one in known if one.kind == "weekday"), None)
        if weekday is None or not meaning.day:
            return True
        real = calendar.day_of(meaning.month, meaning.day, year)
        return real and date(year, meaning.month, meaning.day).weekday() == weekday

    def _chosen_month(
        self, found: Found, days: list[date], which: Which | None, day_known: bool
    ) -> date | None:
        if which is not None:
            return self._chosen(found, days, which)
        today = self.now.day or date.min
        today = today if day_known else today.replace(day=1)
        nearest = min(days, key=lambda day: abs(day - today), default=None)
        if nearest is None:
            return None
        spoken = tense(self.words, found, own_clause=not day_known)
        if abs(nearest - today) <= _SURELY_MEANT and (day_known or spoken is Tense.OPEN):
            return nearest
        match tense(self.words, found):
            case Tense.PAST:
                return max((day for day in days if day <= today), default=None)
            case Tense.FUTURE:
                return min((day for day in days if day >= today), default=None)
        return nearest

    def _season_year(self, found: Found, part: str, today: date) -> int:
        """A season of the report's year, or of the one before or after, by the tense."""
        start = _SEASON_START[part]
        match tense(self.words, found):
            case Tense.PAST if start > today.month:
                return today.year - 1
            case Tense.FUTURE if start + 2 < today.month:
                return today.year + 1
        return today.year

    def _year_told(self, found: Found) -> int | None:
        """The year of a date just named, where the text tells of another time than its own."""
        sentence, _ = self.words.sentence(found.first)
        previous, _ = self.words.sentence(max(0, sentence - 2))
        if not self.mentions or not self.mentions[-1].told:
            return None
        mention = self.mentions[-1]
        year, here = mention.date.year, mention.index >= sentence
        if self.now.day is None:
            return year if here else None
        long_ago = year < self.now.day.year - 1
        same_story = self._paragraph(mention.index) == self._paragraph(found.first) and (
            mention.index >= previous or mention.date.month > 0
        )
        if year < self.now.day.year and (here or (long_ago and same_story)):
            return year if tense(self.words, found) is Tense.PAST else None
        return None

    def _paragraph(self, index: int) -> int:
        return bisect_left(self.paragraphs, index)

    # Periods ----------------------------------------------------------------------------------

    def _step(self, found: Found, meaning: Step) -> tuple[TimexType, str]:
        needed = {"D": 3, "W": 3, "WE": 3, "M": 2, "Q": 2, "H": 2}.get(meaning.unit, 1)
        strict = meaning.fallback is not None
        base, precision = self._origin(found, meaning.origin, strict, needed)
        if base is None or precision < needed:
            if meaning.fallback:
                return meaning.fallback.type, meaning.fallback.value
            return _with_part(None, meaning.daypart)
        count = self._weekend_count(found, base) if meaning.count is None else meaning.count
        if meaning.unit == "D":
            return _with_part(base + count * _DAY, meaning.daypart)
        return TimexType.DATE, _period(base, meaning.unit, count)

    def _weekend_count(self, found: Found, base: date) -> int:
        """'am Wochenende': this week's, or before Saturday what the last one brought."""
        past = tense(self.words, found) is not Tense.FUTURE
        return -1 if past and base.weekday() < 5 else 0

    def _origin(
        self, found: Found, origin: Origin, strict: bool, needed: int
    ) -> tuple[date | None, int]:
        """What to count from, and how exact it is: 1 year, 2 month, 3 day."""
        if origin is not Origin.REPORT:
            last = self._last_mention(found, origin)
            # What has happened did not happen the day before a day to come.
            ahead = (
                last is not None and self.now.full is not None and last.first_day > self.now.full
            )
            if ahead and tense(self.words, found) is Tense.PAST:
                last = None
            exact = 1 + bool(last.month) + bool(last.day) if last else 0
            if last is not None and (exact >= needed or strict):
                return last.first_day, exact
            if strict:
                return None, 0
        precision = {Precision.DAY: 3, Precision.MONTH: 2, Precision.YEAR: 1}
        return self.now.day, precision.get(self.now.precision, 0)

    def _last_mention(self, found: Found, origin: Origin) -> PartialDate | None:
        if not self.mentions:
            return None
        sentence, _ = self.words.sentence(found.first)
        last = self.mentions[-1]
        if origin is Origin.SENTENCE and last.index < sentence:
            told = self._year_told(found)
            return PartialDate(told) if told else None
        return last.date

    def _today(self, found: Found, daypart: str) -> tuple[TimexType, str]:
        """'heute' is a day where something happens on it, else these days in general."""
        if daypart:
            return _with_part(self.now.full, daypart)
        if self._in_general(found):
            return TimexType.DATE, "PRESENT_REF"
        return _with_part(self.now.full, "")

    def _in_general(self, found: Found) -> bool:
        """Whether 'heute' stands against other times: 'bis heute', 'heute noch', 'damals'."""
        words, index = self.words, found.first
        if words.word(index - 1) in _TO_THESE_DAYS or words.word(found.last) == "noch":
            return True
        first, last = words.sentence(index)
        if any(words.kind(i) in ("clock", "oclock", "parts") for i in range(first, last)):
            return False
        if self._old_time_before(first):
            return True
        state = any(words.word(i) in _STATES for i in (index - 1, found.last))
        return state and tense(words, found) is Tense.OPEN

    def _old_time_before(self, sentence: int) -> bool:
        """Whether this sentence or the one before tells of a time long ago."""
        before, _ = self.words.sentence(max(0, sentence - 2))
        for mention in reversed(self.mentions):
            if mention.index < before:
                break
            if self.now.day and mention.date.year < self.now.day.year - 1:
                return True
        return any(
            self.words.known[i].code == "PAST_REF" and self.words.word(i) in _LONG_AGO
            for i in range(before, min(sentence + 40, len(self.words.known)))
        )

    # Parts of a day ---------------------------------------------------------------------------

    def _day_spoken_of(self, found: Found, following: Found | None) -> date | None:
        """The day that 'am Abend' or '18 Uhr' belongs to."""
        sentence, _ = self.words.sentence(found.first)
        named = bool(self.mentions) and self.mentions[-1].index >= sentence
        if following and not named and following.first - found.last <= 2:
            saved = self.mentions[:]
            kind, value = self._value(following, None)
            self.mentions = saved
            if kind is TimexType.DATE and len(value) == 10 and value[0].isdigit():
                return date.fromisoformat(value)
        for mention in reversed(self.mentions[-20:]):
            if self._paragraph(mention.index) != self._paragraph(found.first):
                break
            if mention.date.day:
                return mention.date.first_day
        return self.now.full

    def _daypart(
        self, found: Found, following: Found | None, part: str, habitual: bool
    ) -> tuple[TimexType, str]:
        day = self._day_spoken_of(found, following)
        told = bool(self.mentions) and day == self.mentions[-1].date.first_day
        if habitual and not told:
            return TimexType.SET, f"XXXX-XX-XXT{part}"
        late = self.now.hour is not None and self.now.hour < _ENDS[part]
        if day is not None and late and not told and tense(self.words, found) is not Tense.FUTURE:
            day -= _DAY
        return _with_part(day, part) if day else (TimexType.TIME, "")


def _names_year(meaning: Meaning) -> bool:
    match meaning:
        case CalendarDate(year=year) | Feast(year=year):
            return year is not None
    return isinstance(meaning, Fixed)


def _period(base: date, unit: str, count: int) -> str:
    match unit:
        case "W":
            return calendar.week(base + 7 * count * _DAY)
        case "WE":
            return calendar.week(base + 7 * count * _DAY) + "-WE"
        case "M":
            return calendar.month_after(base, count)
        case "Q":
            return calendar.quarter_after(base, count, 3)
        case "H":
            return calendar.quarter_after(base, count, 6)
        case "DE":
            return f"{base.year // 10 + count:03d}"
        case "CE":
            return f"{base.year // 100 + count:02d}"
    return date(base.year + count, 1, 1).isoformat()[:4]


def _with_part(day: date | None, part: str) -> tuple[TimexType, str]:
    """A day, or a part of it: ``2022-01-24``, ``2022-01-24TEV``."""
    kind = TimexType.TIME if part else TimexType.DATE
    if day is None:
        return kind, ""
    return kind, f"{day.isoformat()}T{part}" if part else day.isoformat()


def resolve(
    words: Words, found: Sequence[Found], published: Published, zone: str
) -> tuple[Timex, ...]:
    """The values of the expressions of a text, given when it was published.

    ``zone`` is the IANA zone in which the minute of publication is a calendar date.
    """
    resolver = _Resolver(words, _Now.of(published, zone))
    times = []
    for one, following in zip(found, [*found[1:], None], strict=False):
        kind, value = resolver.resolve(one, following)
        times.append(Timex(words.starts[one.first], words.ends[one.last - 1], kind, value))
    return tuple(times)
