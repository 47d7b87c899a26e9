"""German words of time: their forms, and what each is.

Standard German with the usage of Austria, South Tyrol and Switzerland (Jänner,
Feber, heuer, dreissig). Nouns count with a capital letter only.
"""

from __future__ import annotations

import re

from digests.nlp.times import calendar
from digests.nlp.times.german_verbs import cue
from digests.nlp.times.scan import UNKNOWN, Lex, forms, lex, lex_mark_or_number, listed

_ONES = listed("null ein zwei drei vier fünf sechs sieben acht neun")
_TEENS = listed("zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn")
_TENS = listed("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_ENDINGS = ("e", "en", "er", "es", "em")


def _numbers() -> dict[str, float]:
    """Number words up to 999 and round thousands, halves too: 'zweieinhalb'."""
    below = {word: n for n, word in enumerate(_ONES) if n > 1} | {"zwo": 2, "eins": 1}
    below |= {word: n + 10 for n, word in enumerate(_TEENS)}
    for tens, word in enumerate(_TENS, start=2):
        below[word] = tens * 10
        below |= {f"{ones}und{word}": tens * 10 + n for n, ones in enumerate(_ONES) if n}
    words: dict[str, float] = dict(below)
    for hundreds, prefix in enumerate(["", *_ONES[1:]]):
        value = 100 * max(1, hundreds)
        words[f"{prefix}hundert"] = value
        for tail, n in below.items():
            words[f"{prefix}hundert{tail}"] = words[f"{prefix}hundertund{tail}"] = value + n
    for prefix, n in [("", 1), ("ein", 1), *below.items(), ("hundert", 100)]:
        words[f"{prefix}tausend"] = n * 1000
    words |= {f"{word}einhalb": n + 0.5 for word, n in below.items() if n < 20}
    words |= {"eineinhalb": 1.5, "anderthalb": 1.5, "einundeinhalb": 1.5, "dutzend": 12}
    return words | {word.replace("ß", "ss"): n for word, n in words.items() if "ß" in word}


_NUMBERS = _numbers()


def _ordinals() -> dict[str, int]:
    stems = {"erst": 1, "dritt": 3, "siebt": 7, "siebent": 7, "acht": 8}
    for word, n in _NUMBERS.items():
        if 1 < n <= 100 and n == int(n) and n not in (3, 7, 8) and "hundertund" not in word:
            stems[word + ("t" if n < 20 else "st")] = int(n)
    return {stem + ending: n for stem, n in stems.items() for ending in _ENDINGS}


_WEEKDAYS = listed("montag dienstag mittwoch donnerstag freitag samstag sonntag")
DAYPARTS = {
    "morgen": "MO",
    "vormittag": "MO",
    "früh": "MO",
    "mittag": "MI",
    "nachmittag": "AF",
    "abend": "EV",
    "nacht": "NI",
}
_MONTHS = (
    "januar jänner|februar feber|märz|april|mai|juni|juli|august|september|oktober|november"
    "|dezember"
)
_SHORT_MONTHS = "jan jän|feb|mär mrz|apr||jun|jul|aug|sep sept|okt|nov|dez"
_SEASONS = {
    "SP": "frühling frühlings frühjahr frühjahrs frühjahres",
    "SU": "sommer sommers sommermonate sommermonaten",
    "FA": "herbst herbstes herbsts",
    "WI": "winter winters wintermonate wintermonaten spätwinter",
}
_UNITS = {
    "M": "monat monats monates monate monaten",
    "W": "woche wochen",
    "D": "tag tage tages tags tagen",
    "TH": "stunde stunden",
    "TM": "minute minuten",
    "TS": "sekunde sekunden",
    "DE": "jahrzehnt jahrzehnts jahrzehntes jahrzehnte jahrzehnten",
    "CE": "jahrhunderte jahrhunderten",
}
PLURALS = forms(
    "jahre jahren monate monaten wochen tage tagen stunden minuten sekunden jahrzehnte"
    " jahrzehnten jahrhunderte jahrhunderten"
)
_UNIT_STEMS = {
    "jahr": "Y", "jähr": "Y", "monat": "M", "woch": "W", "wöch": "W", "tag": "D", "täg": "D",
    "stund": "TH", "stünd": "TH", "minut": "TM", "minüt": "TM", "sekund": "TS", "sekünd": "TS",
    "jahrzehnt": "DE", "jahrhundert": "CE",
}  # fmt: skip
_FEASTS = {
    "new year": "neujahr neujahrstag jahreswechsel",
    "epiphany": "dreikönigstag dreikönig",
    "valentine": "valentinstag",
    "carnival monday": "rosenmontag",
    "shrove tuesday": "faschingsdienstag fastnachtsdienstag veilchendienstag",
    "ash wednesday": "aschermittwoch",
    "palm sunday": "palmsonntag",
    "maundy thursday": "gründonnerstag",
    "good friday": "karfreitag",
    "holy saturday": "karsamstag ostersamstag",
    "easter": "ostern ostersonntag",
    "easter monday": "ostermontag",
    "mothers' day": "muttertag",
    "pentecost": "pfingsten pfingstsonntag",
    "whit monday": "pfingstmontag",
    "corpus christi": "fronleichnam",
    "reformation": "reformationstag",
    "all saints": "allerheiligen halloween",
    "all souls": "allerseelen",
    "st martin": "martinstag",
    "st nicholas": "nikolaustag nikolo",
    # the German feast is kept on the eve
    "christmas eve": "weihnachten heiligabend weihnacht weihnachtsabend",
    "christmas": "christtag weihnachtstag weihnachtsfeiertag",
    "boxing day": "stefanitag stephanstag",
    "new year's eve": "silvester silvesterabend silvesternacht",
}
_REFERENCES = {
    "PRESENT_REF": "jetzt derzeit zurzeit momentan gegenwärtig heutzutage neuerdings",
    "PAST_REF": "damals früher einst einstmals ehedem seinerzeit kürzlich jüngst unlängst neulich"
    " letztens vormals ehemals unlängst",
    "FUTURE_REF": "bald demnächst künftig zukünftig alsbald",
}
_SMALL_WORDS = {
    "article": "der die das den dem des",
    "in_article": "am im zum vom beim zur ins",
    "onto": "auf zu",
    "by": "um für von",
    "and_": "und oder sowie beziehungsweise bzw",
    "to": "bis",
    "about": "rund etwa ungefähr gut fast genau circa ca knapp beinahe annähernd zirka",
    "early": "frühe frühen frühem späte späten spätem",
    "one": "ein eine einem einen einer eines",
    "many": "mehrere mehreren mehrerer einige einigen einiger viele vielen vieler wenige wenigen"
    " weniger etliche etlichen zahlreiche zahlreichen paar",
    "both": "beide beiden beider",
    "half": "halbe halben halber halbes",
    "same": "selben gleichen selbigen",
    "each": "jeder jede jedes jeden jedem alle aller",
    "per": "pro je",
    "oclock": "uhr",
    "zone": "mez mesz gmt utc ortszeit",
    "half_past": "halb",
    "before": "zuvor davor vorher",
    "after": "darauf danach später",
    "adjective": "ganze ganzen ganzes ganzer gesamte gesamten gesamtes lange langen langes volle"
    " vollen volles volle knappes knappe knappen gutes gute guten weitere weiteren weiteres"
    " ersten erste erstes schwierige schwierigen turbulente turbulenten strengen"
    " heißen kalten milden harten schweren heiligen heiliger heilige",
}
_POINTERS = {
    "last": "letzt vergangen vorig verflossen zurückliegend abgelaufen",
    "next": "nächst kommend bevorstehend",
    "this": "dies laufend",
}
_EDGE_UNITS = {
    "Y": "jahresende jahresbeginn jahresanfang jahresmitte jahresschluss",
    "M": "monatsende monatsbeginn monatsanfang monatsmitte",
    "W": "wochenbeginn wochenanfang wochenmitte",
}
_NEIGHBOURS = {
    "vorjahr": ("Y", -1),
    "folgejahr": ("Y", 1),
    "vormonat": ("M", -1),
    "folgemonat": ("M", 1),
    "vorwoche": ("W", -1),
    "folgewoche": ("W", 1),
    "vorquartal": ("Q", -1),
    "vortag": ("D", -1),
    "folgetag": ("D", 1),
}
_EDGES = "anfang beginn mitte ende ausgang"
_PLAIN_NOUNS = {
    "weekend": "wochenende wochenendes wochenenden",
    "century": "jahrhundert jahrhunderts jahrhundertes",
    "edge": _EDGES,
    "half_of": "hälfte drittel",
}


def _nouns() -> dict[str, Lex]:
    table: dict[str, Lex] = {}
    for number, day in enumerate(_WEEKDAYS):
        table |= dict.fromkeys([day, day + "s", day + "e", day + "en"], lex("weekday", number))
        for part, code in DAYPARTS.items():
            known = lex("weekday_part", number, code)
            table |= dict.fromkeys([day + part, day + part + "s"], known)
    table |= {"sonnabend": lex("weekday", 5), "sonnabends": lex("weekday", 5)}
    for number, names in enumerate(_MONTHS.split("|"), start=1):
        for name in names.split():
            table |= dict.fromkeys([name, name + "s"], lex("month", number))
    for number, names in enumerate(_SHORT_MONTHS.split("|"), start=1):
        table |= dict.fromkeys(names.split(), lex("month_short", number))
    for part, code in DAYPARTS.items():
        table |= dict.fromkeys([part, part + "s", part + "es"], lex("part", 0, code))
    del table["frühs"], table["frühes"]
    table["mitternacht"] = lex("part", 24, "NI")
    table |= {part + "stunden": lex("part", 0, code) for part, code in DAYPARTS.items()}
    table["früh"] = lex("part", 0, "MO")
    table["vorabend"] = lex("neighbour", -1, "EV")
    table |= dict.fromkeys(listed("jahr jahre jahres jahrs jahren"), lex("units_year", 1, "Y"))
    for kind, groups in (("unit", _UNITS), ("season", _SEASONS), ("feast", _FEASTS)):
        for code, names in groups.items():
            table |= dict.fromkeys(names.split(), lex(kind, 1, code))
    for code, names in _EDGE_UNITS.items():
        for name in names.split():
            table |= dict.fromkeys([name, name + "s"], lex("edge_unit", 0, code))
    for name, (code, step) in _NEIGHBOURS.items():
        known = lex("neighbour", step, code)
        table |= dict.fromkeys([name, name + "s", name + "es", name + "e", name + "n"], known)
    for name, length in (("quartal", 3), ("trimester", 3), ("halbjahr", 6), ("jahreshälfte", 6)):
        table |= dict.fromkeys([name, name + "s", name + "es"], lex("quarter", length))
    for name, months in (("vierteljahr", 3), ("dreivierteljahr", 9), ("halbjahr", 6)):
        table.setdefault(name, lex("unit", months, "M"))
    for kind, names in _PLAIN_NOUNS.items():
        table |= dict.fromkeys(names.split(), lex(kind))
    return table | dict.fromkeys(
        listed("zeit zeiten zukunft vergangenheit gegenwart moment augenblick kurzem"),
        lex("phrase"),
    )


def _plain_words() -> dict[str, Lex]:
    table = {word: lex("word", n) for word, n in _NUMBERS.items()}
    table |= {word: lex("ordinal", n) for word, n in _ordinals().items()}
    for kind, names in _SMALL_WORDS.items():
        table |= {name: lex(kind) for name in names.split() if name not in table}
    for kind, stems in _POINTERS.items():
        endings = ("e", "en", "er", "es", "em", "n")
        table |= {stem + end: lex(kind) for stem in stems.split() for end in endings}
        further = ("vor" if kind == "last" else "über") + stems.split()[0]
        table |= {further + end: lex(kind, 2) for end in endings if kind != "this"}
    for value, names in _REFERENCES.items():
        table |= dict.fromkeys(names.split(), lex("reference", 0, value))
    for word, n in {"gestern": -1, "vorgestern": -2, "morgen": 1, "übermorgen": 2}.items():
        table[word] = lex("day_word", n)
    table |= {"heute": lex("today"), "heuer": lex("neighbour", 0, "Y")}
    for part, code in {**DAYPARTS, "mitternacht": "NI"}.items():
        table[part + "s"] = lex("parts", 0, code)
    table["früh"] = lex("part", 0, "MO")
    for number, day in enumerate(_WEEKDAYS):
        table[day + "s"] = lex("weekdays", number)
    table |= {"sonnabends": lex("weekdays", 5), "werktags": lex("set_word", 0, "P1D")}
    table |= {"wochentags": lex("set_word", 0, "P1D"), "alltäglich": lex("set_word", 0, "P1D")}
    table["tags"] = lex("unit", 1, "D")
    table["kurzem"] = lex("phrase")
    table |= {"heutig" + end: lex("reference", 0, "PRESENT_REF") for end in _ENDINGS}
    table |= {"mehr": lex("about", 2), "weniger": lex("many", 2)}
    for n, tens in enumerate(_TENS, start=2):
        for word in (tens, tens.replace("ß", "ss")):
            decade, named = lex("decade", n * 10), lex("decade", n * 10, "J")
            table |= {word + "er": decade, word + "ern": decade}
            table |= {word + "erjahre": named, word + "erjahren": named}
    return table


_NOUNS = _nouns()
_PLAIN = _plain_words()
_LENGTH = re.compile(
    r"(jahr|monat|woch|tag|stund|minut|sekund|jahrzehnt|jahrhundert)e?n?lang(?:e[mnrs]?)?"
)
_SPAN = re.compile(
    r"(?P<n>[a-zäöüß]*?)(?P<unit>jähr|monat|wöch|täg|stünd|minüt|sekünd)ig(?:e[mnrs]?)?"
)
_SET = re.compile(
    r"(?P<n>[a-zäöüß]*?)(?P<unit>jähr|monat|wöch|täg|stünd|minüt)lich(?P<end>e[mnrs]?)?"
)
_COMPOUND = re.compile(
    r"[A-ZÄÖÜ][a-zäöüß]{2,}?(jahr|monat|woche|tag|stunde|minute|sekunde)(?:en?|n)"
)
_NO_UNIT = re.compile(
    r"(?:mon|repor|sabo|e|vor|ver|bei|auf|an|ab|mit|nach|hoch|fest|feier|geburts|lebens|par|bundes"
    r"|land|kreis|kirchen|jahres|früh|fei|ein|un|neu|sonn|jubel|trauer|gedenk|to|lei)"
    r"(?:tage|tagen|jahre|jahren|age)",
    re.IGNORECASE,
)
_VAGUE = {"lang": None, "mehr": None, "viel": None, "ganz": 1, "halb": 0.5, "": 1}


def classify(form: str) -> Lex:
    """What is known of a German word form, mark or number."""
    if not form[0].isalpha():
        return lex_mark_or_number(form)
    low = form.lower()
    capital = form[0].isupper()
    if capital and low in _NOUNS:
        return _NOUNS[low]
    if low in _PLAIN:
        return _PLAIN[low]._replace(cue=cue(low)) if not capital else _PLAIN[low]
    if len(low) > 5:
        known = _derived(low) or (_compound(form) if capital else None)
        if known:
            return known
    return Lex(cue=cue(low)) if not capital or low in {"ist", "hat", "wird"} else UNKNOWN


def _derived(low: str) -> Lex | None:
    """'jahrelang', 'zweijährig', 'halbjährlich'."""
    if match := _LENGTH.fullmatch(low):
        return lex("set_adjective", 0, calendar.duration(None, _UNIT_STEMS[match[1]]))
    if match := _SPAN.fullmatch(low):
        number, unit = match["n"], _UNIT_STEMS[match["unit"]]
        if number in _VAGUE or number in _NUMBERS or number == "ein":
            if not number:
                return lex("length", 0, unit)
            count = 1 if number == "ein" else _VAGUE.get(number, _NUMBERS.get(number))
            if count == 0.5 and unit == "Y":
                count, unit = 6, "M"
            return lex("set_adjective", 1, calendar.duration(count, unit))
    if match := _SET.fullmatch(low):
        number, unit = match["n"], _UNIT_STEMS[match["unit"]]
        if number == "viertel" and unit == "Y":
            return lex("set_word", 0, "P3M")
        if number == "halb" and unit == "Y":
            return lex("set_word", 0, "P6M")
        if number in ("", "all") or number in _NUMBERS:
            return lex("set_word", 0, calendar.duration(_NUMBERS.get(number, 1), unit))
    return None


def _compound(form: str) -> Lex | None:
    """'Verhandlungstage', 'Dienstjahre': units when a number goes before."""
    match = _COMPOUND.fullmatch(form)
    if match and not _NO_UNIT.fullmatch(form):
        stem = match[1]
        return lex("unit_tail", 1, _UNIT_STEMS[stem if stem in _UNIT_STEMS else stem[:-1]])
    return None
