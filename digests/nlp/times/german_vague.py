"""German time expressions: now, then, soon, and other words without a date."""

from __future__ import annotations

from digests.nlp.times import calendar
from digests.nlp.times.german_rules import DATE, MACROS, SET_TYPE, is_plural
from digests.nlp.times.meaning import Fixed
from digests.nlp.times.scan import Answer, Hit, Rules

RULES = Rules(MACROS)
_rule = RULES.add


@_rule("<reference>")
def _reference(hit: Hit) -> Answer:
    """'derzeit', 'damals', 'bald'."""
    word, value = hit.words.word(hit.first), hit.code("reference")
    if word == "früher" and (hit.after() == "als" or hit.before() in ("noch", "viel", "desto")):
        return None
    if word == "früher" and hit.kind_before() in ("units_year", "unit"):
        return None
    if word == "bald" and hit.before() in ("so", "sobald", "möglichst"):
        return None
    return hit.fixed(DATE, value)


_SPELLS = {
    "zeit": {
        "PAST_REF": "letzter vergangenen vergangener",
        "PRESENT_REF": "dieser",
        "FUTURE_REF": "nächster kommender",
    },
    "zeiten": {"PAST_REF": "vergangener vergangenen", "PRESENT_REF": "diesen"},
}


@_rule("<units_year><by><units_year>", "<unit><by><unit>")
def _unit_by_unit(hit: Hit) -> Answer:
    """'Jahr für Jahr', 'Tag um Tag'."""
    if hit.words.word(hit.first) != hit.words.word(hit.last - 1) or is_plural(hit):
        return None
    return hit.fixed(SET_TYPE, calendar.duration(1, hit.unit()))


@_rule("<phrase>", "<pointer><adjective>?<phrase>", "<article><pointer>?<phrase>")
def _phrase(hit: Hit) -> Answer:
    """'in Zukunft', 'die Vergangenheit', 'letzter Zeit', 'im Moment', 'zur Zeit'."""
    word, before = hit.words.word(hit.last - 1), hit.before()
    bare = hit.last - hit.first == 1
    if word == "zukunft" and (before == "in" or hit.words.word(hit.first) == "die"):
        return hit.fixed(DATE, "FUTURE_REF")
    if word == "vergangenheit" and (not bare or before in ("in", "der")):
        return hit.fixed(DATE, "PAST_REF")
    if word == "gegenwart" and not bare and hit.words.word(hit.first) == "die":
        return hit.fixed(DATE, "PRESENT_REF")
    if word in ("moment", "augenblick") and (before == "im" or hit.at("this") is not None):
        first = hit.first - 1 if before == "im" and bare else hit.first
        return hit.means(Fixed(DATE, "PRESENT_REF"), first)
    if word == "kurzem" and before == "vor":
        return hit.means(Fixed(DATE, "PAST_REF"), hit.first - 1)
    if word == "zeit" and before == "zu" and hit.at("this") is not None:
        return hit.fixed(DATE, "PAST_REF")
    genitive = hit.after() in ("der", "des", "von") or hit.words.capital(hit.last)
    if word == "zeit" and bare and before == "zur" and not genitive:
        return hit.means(Fixed(DATE, "PRESENT_REF"), hit.first - 1)
    if word in _SPELLS and not bare:
        for value, words in _SPELLS[word].items():
            if hit.words.word(hit.at("last", "next", "this") or hit.first) in words.split():
                return hit.fixed(DATE, value)
    return None
