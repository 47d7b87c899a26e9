"""English words of time: their forms, what each is, and what it says of the tense of its clause."""

from __future__ import annotations

from digests.nlp.times.scan import UNKNOWN, Cue, Lex, forms, lex, lex_mark_or_number, listed

_ONES = listed("zero one two three four five six seven eight nine ten eleven twelve thirteen")
_ONES += listed("fourteen fifteen sixteen seventeen eighteen nineteen")
_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = listed("first second third fourth fifth sixth seventh eighth ninth tenth eleventh")
_ORDINALS += listed("twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth")
_ORDINALS += listed("nineteenth twentieth")
_WEEKDAYS = listed("monday tuesday wednesday thursday friday saturday sunday")
_SHORT_WEEKDAYS = listed("mon tue wed thu fri sat sun")
_MONTHS = listed("january february march april may june july august september october november")
_MONTHS += ["december"]
_SHORT_MONTHS = listed("jan feb mar apr may jun jul aug sep oct nov dec")
_UNITS = {
    "M": "month months",
    "W": "week weeks fortnight fortnights",
    "D": "day days",
    "TH": "hour hours",
    "TM": "minute minutes",
    "TS": "seconds",
    "DE": "decade decades",
    "CE": "centuries",
}
_PARTS = {
    "MO": "morning mornings dawn",
    "MI": "noon midday",
    "AF": "afternoon afternoons",
    "EV": "evening evenings dusk",
    "NI": "night nights midnight overnight",
}
_SEASONS = {"SP": "spring", "SU": "summer", "FA": "autumn fall", "WI": "winter"}
_FEASTS = {
    "christmas": "christmas xmas",
    "easter": "easter",
    "thanksgiving": "thanksgiving",
    "reformation": "halloween",
    "epiphany": "epiphany",
    "pentecost": "pentecost",
}
_REFERENCES = {
    "PRESENT_REF": "now currently nowadays presently",
    "PAST_REF": "recently formerly lately previously",
    "FUTURE_REF": "soon shortly",
}
_SETS = {
    "PT1H": "hourly",
    "P1D": "daily nightly",
    "P1W": "weekly",
    "P2W": "fortnightly biweekly",
    "P1M": "monthly",
    "P3M": "quarterly",
    "P1Y": "yearly annually annual",
}
_SMALL_WORDS = {
    "article": "the",
    "one": "a an",
    "last": "last past previous prior recent",
    "next": "next coming following upcoming",
    "this": "this current",
    "same": "same",
    "each": "every each",
    "per": "per",
    "edge": "beginning start end middle close",
    "early": "early late mid",
    "by": "of",
    "and_": "and or",
    "to": "to through until till",
    "about": "about around nearly almost roughly approximately",
    "many": "several few many couple dozen some",
    "half": "half",
    "half_of": "half",
    "before": "ago earlier before",
    "after": "later after afterwards afterward",
    "oclock": "am pm a.m p.m a.m. p.m.",
    "zone": "gmt utc cet est edt et bst local",
    "phrase": "new future present",
    "weekend": "weekend weekends",
    "century": "century",
    "adjective": "full whole entire long straight more consecutive other good",
}
_CAPITAL_ONLY = forms(
    "march may august mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep"
)


def _table() -> dict[str, Lex]:
    table: dict[str, Lex] = {}
    for kind, names in _SMALL_WORDS.items():
        table |= {name: lex(kind) for name in names.split() if name not in table}
    for n, word in enumerate(_ONES):
        table[word] = lex("word", n)
    for n, word in enumerate(_TENS, start=2):
        table[word] = lex("word", n * 10)
        table[word[:-1] + "ies"] = lex("decade", n * 10)
    table |= {word: lex("ordinal", n) for n, word in enumerate(_ORDINALS, start=1)}
    table |= {"hundred": lex("word", 100), "both": lex("both")}
    for n, (day, short) in enumerate(zip(_WEEKDAYS, _SHORT_WEEKDAYS, strict=True)):
        table |= {day: lex("weekday", n), day + "s": lex("weekdays", n), short: lex("weekday", n)}
        del table[short]
    for n, (month, short) in enumerate(zip(_MONTHS, _SHORT_MONTHS, strict=True), start=1):
        table |= {short: lex("month_short", n), month: lex("month", n)}
    table["sept"] = lex("month_short", 9)
    for kind, groups in (("unit", _UNITS), ("part", _PARTS), ("season", _SEASONS)):
        for code, names in groups.items():
            table |= {name: lex(kind, 1, code) for name in names.split()}
    table |= dict.fromkeys(["year", "years"], lex("units_year", 1, "Y"))
    table |= dict.fromkeys(["fortnight", "fortnights"], lex("unit", 2, "W"))
    table |= {"noon": lex("part", 12, "MI"), "midnight": lex("part", 24, "NI")}
    for code, names in {**_FEASTS, "eve": "eve"}.items():
        table |= {name: lex("feast", 0, code) for name in names.split()}
    for value, names in _REFERENCES.items():
        table |= {name: lex("reference", 0, value) for name in names.split()}
    for value, names in _SETS.items():
        table |= {name: lex("set_word", 0, value) for name in names.split()}
    table |= {"yesterday": lex("day_word", -1), "tomorrow": lex("day_word", 1)}
    table |= {"today": lex("today"), "tonight": lex("today", 0, "NI")}
    return table | {"quarter": lex("quarter", 3)}


_WORDS = _table()
_NAMES = forms(" ".join([*_WEEKDAYS, *(day + "s" for day in _WEEKDAYS), *_MONTHS, *_SHORT_MONTHS]))
_NAMES |= forms("sept christmas easter thanksgiving halloween epiphany pentecost eve")

_FUTURE = forms(
    "will shall would ll wo plans planning scheduled expected due upcoming set going aims intends"
    " hopes slated poised forthcoming"
)
_PAST = forms(
    "was were had did been said told went came took made gave got met found left held began won"
    " lost fell rose sent spoke wrote broke chose fled flew led paid ran saw sold shot stood struck"
    " thought threw understood wore brought built caught drew drove fought grew hit kept knew laid"
    " lay meant put quit read sat sought spent spread swore taught became withdrew died tried"
)
_AUXILIARY = forms("has have having")
_PRESENT = forms(
    "is are has have meets visits travels begins starts ends opens takes holds votes faces goes"
    " comes arrives leaves returns hosts marks runs"
)
_NO_PAST = forms("need indeed speed hundred red bed feed seed proceed exceed shed breed weed")


def _cue(low: str) -> Cue:
    past = low in _PAST or (low.endswith("ed") and len(low) > 4 and low not in _NO_PAST)
    return Cue(
        past=past and low not in _FUTURE,
        future=low in _FUTURE,
        auxiliary=low in _AUXILIARY,
        present=low in _PRESENT,
    )


def classify(form: str) -> Lex:
    """What is known of an English word form, mark or number."""
    if not form[0].isalpha():
        return lex_mark_or_number(form)
    low = form.lower()
    known = _WORDS.get(low)
    if known is None:
        cue = _cue(low)
        return Lex(cue=cue) if any(cue) else UNKNOWN
    if low in _NAMES and not form[0].isupper():
        return Lex(cue=_cue(low))
    return known
