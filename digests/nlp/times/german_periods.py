"""German time expressions: periods told from where one stands, and what comes again."""

from __future__ import annotations

from digests.nlp.times import calendar
from digests.nlp.times.german_rules import (
    DATE,
    DURATION,
    MACROS,
    NUMERAL,
    SET_TYPE,
    distance,
    is_plural,
)
from digests.nlp.times.meaning import Fixed, Origin, Step, Which
from digests.nlp.times.scan import Answer, Hit, Rules

RULES = Rules(MACROS)
_rule = RULES.add


@_rule("<article>?<pointer><about>?<number><adjective>?<units>")
def _last_some(hit: Hit) -> Answer:
    """'den vergangenen zwei Jahren'."""
    return hit.fixed(DURATION, calendar.duration(hit.count(), hit.unit()))


@_rule("<article><ordinal><number><units>")
def _first_some(hit: Hit) -> Answer:
    """'den ersten beiden Wochen'."""
    value = calendar.duration(hit.count(), hit.unit())
    return hit.means(Fixed(DURATION, value), hit.first + 1)


@_rule("(?:<article>|<this>)?<pointer><adjective>?<units>", "<article>?<pointer><century>")
def _pointed_period(hit: Hit) -> Answer:
    """'der vergangenen Woche', 'nächsten Jahren', 'diesem Tag'."""
    which, unit = hit.pointer(), hit.unit() or "CE"
    word = hit.words.word(hit.last - 1)
    plural = is_plural(hit) and not (word == "jahre" and hit.before() in ("im", "am", "vom"))
    if plural:
        if which is Which.NEXT and unit in ("Y", "M", "W", "D"):
            return hit.fixed(DATE, "FUTURE_REF")
        return hit.fixed(DURATION, calendar.duration(None, unit))
    if which is None or unit in ("TH", "TM", "TS"):
        return None
    if unit == "D":
        if which is Which.LAST or hit.words.word(hit.first).startswith("laufend"):
            return None
        return hit.means(Step("D", int(which), Origin.TEXT))
    return hit.means(Step(unit, int(which) * distance(hit)))


@_rule("<article>?<same><units>")
def _same_period(hit: Hit) -> Answer:
    if is_plural(hit) or hit.unit().startswith("T"):
        return None
    return hit.means(Step(hit.unit(), 0, Origin.TEXT, fallback=Fixed(DATE, "")))


@_rule("<edge><article><units>", "<edge><article><weekend>")
def _edge_of_period(hit: Hit) -> Answer:
    """'Anfang der Woche', 'Ende des Jahres'."""
    unit = hit.unit() or "WE"
    if hit.words.kind(hit.last) in ("year", "small", "big"):
        return None
    if unit not in ("Y", "M", "W", "DE") or is_plural(hit):
        return None
    origin = Origin.SENTENCE if unit == "Y" else Origin.REPORT
    return hit.means(Step(unit, 0, origin))


@_rule("<article>?<last>?<edge_unit><year>?", "<article>?<next>?<edge_unit>")
def _edge_unit(hit: Hit) -> Answer:
    """'Monatsende', 'Jahresbeginn 2022'."""
    year = hit.number("year")
    first = hit.at("last", "next", "edge_unit")
    if year is not None and hit.code("edge_unit") == "Y":
        return hit.means(Fixed(DATE, str(year)), first)
    which = hit.pointer() or Which.THIS
    return hit.means(Step(hit.code("edge_unit"), int(which)), first)


@_rule("<units_year><before>", "<units_year><after>", "<unit><before>", "<unit><after>")
def _period_before(hit: Hit) -> Answer:
    """'Tags zuvor', 'im Jahr darauf', 'am Tag danach'."""
    if is_plural(hit) or hit.unit().startswith("T") or hit.kind_before() in NUMERAL:
        return None
    if hit.after() == "als":
        return None
    unit, sign = hit.unit(), -1 if hit.at("before") is not None else 1
    unknown = None if unit == "D" else Fixed(DATE, "")
    return hit.means(Step(unit, sign, Origin.TEXT, fallback=unknown))


@_rule("<article>?<neighbour>")
def _neighbour(hit: Hit) -> Answer:
    """'im Vorjahr', 'am Vortag', 'heuer'."""
    known = hit.lex("neighbour")
    if hit.words.word(hit.last - 1) == "heuer":  # no noun: 'der heuer zurückkehrt'
        return hit.means(Step("Y", 0), hit.last - 1)
    origin = Origin.TEXT if known.code == "D" else Origin.SENTENCE
    origin = Origin.REPORT if not known.number else origin
    if known.code == "EV":
        return hit.means(Step("D", -1, Origin.TEXT, daypart="EV"))
    return hit.means(Step(known.code, int(known.number), origin))


@_rule("<each><weekday><part>?", "<each><weekday_part>", "<each><ordinal><weekday>")
def _every_weekday(hit: Hit) -> Answer:
    """'jeden Montag', 'jeden Montagabend', 'jeden dritten Mittwoch im Monat'."""
    known = hit.lex("weekday", "weekday_part")
    part = known.code or hit.code("part")
    value = f"XXXX-WXX-{int(known.number) + 1}" + (f"T{part}" if part else "")
    last = hit.last
    if hit.at("ordinal") is not None and (hit.after(), hit.after(1)) == ("im", "monat"):
        value, last = "P1M", last + 2
    return hit.means(Fixed(SET_TYPE, value), last=last)


@_rule("<each><number><units>", "<each><ordinal><units>", "<each><units>", "<each><part>")
def _every_period(hit: Hit) -> Answer:
    """'alle vier Jahre', 'jeden zweiten Tag', 'jedes Jahr', 'jeden Abend'."""
    if hit.at("part") is not None:
        return hit.fixed(SET_TYPE, f"XXXX-XX-XXT{hit.code('part')}")
    every = hit.words.word(hit.first).startswith("all")
    count = hit.count() if hit.at(*NUMERAL) is not None else hit.number("ordinal") or 1
    if every and hit.at(*NUMERAL) is None:
        return None
    if not every and hit.at(*NUMERAL) is not None:
        return None
    return hit.fixed(SET_TYPE, calendar.duration(count, hit.unit()))


@_rule("<each><season>", "<each><month>", "<each><weekend>")
def _every_season(hit: Hit) -> Answer:
    if hit.at("weekend") is not None:
        return hit.fixed(SET_TYPE, "XXXX-WXX-WE")
    month = hit.number("month")
    return hit.fixed(SET_TYPE, f"XXXX-{month:02d}" if month else f"XXXX-{hit.code('season')}")


@_rule("<weekdays>")
def _on_weekdays(hit: Hit) -> Answer:
    """'montags'."""
    return hit.fixed(SET_TYPE, f"XXXX-WXX-{(hit.number('weekdays') or 0) + 1}")
