"""German time expressions: times of the clock and parts of a day."""

from __future__ import annotations

from digests.nlp.times.german_rules import MACROS, MEASURES
from digests.nlp.times.german_words import DAYPARTS
from digests.nlp.times.meaning import Clock, Daypart, Feast, Found, Step
from digests.nlp.times.numeric import clock_time
from digests.nlp.times.scan import Answer, Hit, Rules, forms

RULES = Rules(MACROS)
_rule = RULES.add
_TO_A_PART = forms("am zum gegen zu um vom bis nach ab seit")
_TO_A_CLOCK = forms("um ab gegen bis von vor nach seit")
_HOUR = "(?:<small>|<dotted>|<clock>|<word>)"
_BETWEEN = "(?:<to>|<and_>|<dash>|<slash>|<comma>)<and_>?"


@_rule(f"(?:{_HOUR}{_BETWEEN}){{0,4}}(?:{_HOUR}|<one>)<oclock><small>?(?:<zone>|<parts>|<part>)?")
def _oclock(hit: Hit) -> Answer:
    """'18.30 Uhr', '9-17 Uhr', '13.00 und 16.20 Uhr', 'acht Uhr morgens'."""
    words = hit.words
    oclock = hit.at("oclock") or hit.first
    found = []
    for index in range(hit.first, oclock):
        known = words.known[index]
        if known.kind not in ("small", "dotted", "clock", "word", "one"):
            continue
        if known.kind == "one" and words.word(index) != "ein":
            return None  # 'eine Uhr' is a watch
        time = (1, 0) if known.kind == "one" else clock_time(known)
        if time is None:
            return None
        hour, minute = time
        last = index + 1
        if index == oclock - 1:
            last = hit.last - (words.kind(hit.last - 1) == "part" and words.capital(hit.last - 1))
            if oclock + 1 < hit.last and words.kind(oclock + 1) == "small":
                minute = int(words.known[oclock + 1].number)
                if words.kind(oclock + 2) == "stop" or minute > 59:
                    minute, last = 0, oclock + 1
        if hit.code("parts") in ("AF", "EV") and hour < 12:
            hour += 12
        found.append(Found(index, last, Clock(hour, minute)))
    return found


@_rule("<half_past><word><oclock>?")
def _half_past(hit: Hit) -> Answer:
    """'halb neun'."""
    hour = hit.number("word") or 0
    if not 1 <= hour <= 12 or (hit.at("oclock") is None and hit.before() not in _TO_A_CLOCK):
        return None
    return hit.means(Clock(hour - 1, 30))


@_rule("<dotted>", "<clock>")
def _bare_clock(hit: Hit) -> Answer:
    """'um 12.15'; without a preposition a dotted number is no time."""
    known = hit.words.known[hit.first]
    time = clock_time(known)
    if time is None or hit.before() not in _TO_A_CLOCK or hit.after() in MEASURES:
        return None
    return hit.means(Clock(*time)) if hit.before() in ("um", "gegen", "ab") else None


@_rule("<adjective><part>")
def _holy_eve(hit: Hit) -> Answer:
    """'Heiligen Abend'."""
    if hit.words.word(hit.first)[:6] != "heilig" or hit.code("part") != "EV":
        return None
    return hit.means(Feast("christmas eve"))


@_rule("<article>?<early>?<part>")
def _part_of_day(hit: Hit) -> Answer:
    """'am Abend', 'in der Nacht', 'zu Mittag', 'am frühen Morgen'."""
    known = hit.lex("part")
    article = hit.at("article") is not None
    word = hit.words.word(hit.first)
    starts = hit.first == 0 or hit.words.ends_sentence(hit.first - 1)
    if starts and hit.last - hit.first == 1 and hit.words.capital(hit.first):
        if word == "morgen":
            return hit.means(Step("D", 1))
        if word.endswith("s") and word[:-1] in DAYPARTS:
            return hit.means(Daypart(known.code, habitual=True))
    placed = hit.before() in _TO_A_PART or (hit.before() == "vor" and known.code == "MI")
    if article:
        night = word == "der" and known.code == "NI" and hit.before() in ("in", "während", "seit")
        into = word == "den" and hit.before() in ("in", "bis", "gegen")
        early = word == "der" and hit.words.word(hit.last - 1) == "früh" and hit.before() == "in"
        placed = night or into or early or word == "des"
    if not placed or not hit.words.capital(hit.last - 1):
        return None
    if hit.words.word(hit.last - 1) == "früh" and not article:
        return None
    if hit.words.kind(hit.last) == "feast" or hit.before() in ("heiligen", "heiliger"):
        return None
    first = hit.first + (article and word != "des" and hit.at("early") is None)
    if known.number == 24:
        return hit.means(Clock(24))
    return hit.means(Daypart(known.code), first)


@_rule("<parts>")
def _parts(hit: Hit) -> Answer:
    """'abends', 'nachts'."""
    return hit.means(Daypart(hit.code("parts"), habitual=True))
