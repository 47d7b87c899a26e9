"""How names are compared: folding, slugs, genitives, surnames, transliteration.

Strings in, strings out. Nothing here knows an actor or a document.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
"""A run of letters and digits: hyphens, apostrophes and full stops part words."""

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ə": "e"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def wordset(text: str) -> frozenset[str]:
    """The words of a text, as a set: how word lists are written here."""
    return frozenset(text.split())


PARTICLES = wordset(
    "von van der den de del della di da dos du la le zu zum zur bin ibn ben al el ter ten"
)
"""Words that stand between a first name and a surname and belong to the latter."""

_ARABIC = frozenset({"al", "el", "as", "ar", "ash"})
REGNAL = re.compile(r"^[IVX]+\.?$")
"""The number of a king or pope."""
GENERATION = frozenset({"jr", "jr.", "sr", "sr.", "junior", "senior", "ii", "iii", "ii.", "iii."})

# German and English romanisations of Cyrillic, brought to one spelling. Order matters.
_SKELETON = (
    ("schtsch", "5"),
    ("shch", "5"),
    ("tsch", "4"),
    ("sch", "6"),
    ("sh", "6"),
    ("zh", "6"),
    ("kh", "ch"),
    ("ph", "f"),
    ("w", "v"),
    ("x", "ks"),
    ("ck", "k"),
    ("ts", "s"),
    ("tz", "s"),
    ("z", "s"),
    ("ou", "u"),
    ("oo", "u"),
    ("j", "i"),
    ("y", "i"),
    ("ie", "e"),
)
_DOUBLED = re.compile(r"(.)\1+")


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Lower case without diacritics: 'Außenminister' -> 'aussenminister', 'Élysée' -> 'elysee'."""
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in text if not unicodedata.combining(c)).translate(_LETTERS)


def key(text: str) -> str:
    """The words of ``text``, folded, one space between: what names are compared by."""
    return " ".join(fold(word) for word in WORD.findall(text))


def slug(name: str) -> str:
    """An ASCII id: 'Weißes Haus' -> 'weisses-haus', 'Österreich' -> 'oesterreich'.

    A name without any letter of a Latin alphabet gets a checksum for an id.
    """
    text = unicodedata.normalize("NFC", name.replace("İ", "I")).casefold().translate(_UMLAUTS)
    plain = "-".join(re.findall(r"[a-z0-9]+", " ".join(map(fold, WORD.findall(text)))))
    return plain or f"name-{zlib.crc32(name.encode()):08x}"


@lru_cache(maxsize=1 << 14)
def skeleton(text: str) -> str:
    """One spelling for the romanisations of a name.

    Selenskyj, Selenski, Zelensky and Zelenskyy are one; so are Lawrow and Lavrov.
    """
    text = key(text)
    if REGNAL.match(text.rsplit(" ", 1)[-1].upper()):
        return text
    for old, new in _SKELETON:
        text = text.replace(old, new)
    return _DOUBLED.sub(r"\1", text)


def may_be_genitive(word: str) -> bool:
    """Whether the last letter of a word may be the genitive's: Putins, Russlands; not Paris.

    Names that end in a sibilant take an apostrophe instead, and endings such as
    -is, -us, -as, -os, -es are hardly ever a genitive. (Duden, Grammatik, § 308 ff.)
    """
    return (
        len(word) > 3
        and word[-1] == "s"
        and word[-2] not in "sxzßc'’"
        and not word.endswith(("is", "us", "as", "os", "es", "ens", "hns", "chs"))
    )


def surnames(name: str) -> tuple[str, ...]:
    """The forms by which a person is called without the first name, longest first.

    'Ursula von der Leyen' -> 'von der Leyen', 'Leyen'; 'Baschar al-Assad' ->
    'al-Assad', 'Assad'. A name of one word has none.
    """
    words = [word for word in name.split() if word.lower() not in GENERATION]
    if len(words) < 2 or REGNAL.match(words[-1]):
        return ()
    last = words[-1]
    forms = []
    for index, word in enumerate(words[1:-1], start=1):
        if word.lower() in PARTICLES:
            forms.append(" ".join(words[index:]))
            break
    head, _, tail = last.partition("-")
    if tail and head.lower() in _ARABIC:
        forms += [last, tail]
    else:
        forms.append(last)
    return tuple(dict.fromkeys(forms))


def tidy(name: str) -> str:
    """A name as it is written in running text: white space folded, no capitals throughout."""
    name = " ".join(name.split()).strip(" .,;:–-'’\"")
    words = name.split(" ")
    if len(words) > 1 and name.isupper():
        return " ".join(word if len(word) < 3 else word.title() for word in words)
    return name


# Heads of names of organisations by gender, to bring 'der Deutschen Bahn' into the nominative.
_NEUTER = re.compile(
    r"(amt|institut|ministerium|werk|zentrum|gericht|komitee|kreuz|parlament|haus|büro|museum"
    r"|theater|forum|netzwerk|bündnis|orchester|militär|unternehmen|kabinett|meer|gebirge|fernsehen)$"
)
_MASCULINE = re.compile(
    r"(tag|rat|verband|bund|verein|club|klub|konzern|fonds|dienst|hof|rechnungshof|ausschuss"
    r"|gewerkschaftsbund|kongress|senat|staat|flughafen|rundfunk|sender|verlag|vorstand|preis"
    r"|ozean|golf|osten|westen|traum|block|stern|weg|presserat|sport|handel|kreis)$"
)
_ADJECTIVE = re.compile(r"^([A-ZÄÖÜ][a-zäöüß]{2,}?)(e|en|em|er|es)$")
_STRONG = {"m": "er", "f": "e", "n": "es"}
_ADJECTIVE_STEM = re.compile(
    r"(isch|lich|ig|al|ell|iv|ent|ant|är|deutsch|rot|grün|weiß|schwarz|neu|groß|hoh|international"
    r"|frei|vereint|vereinigt|link|recht|jung|alt|klein|rund|bundesweit|evangelisch|ersch|sam|allgemein)$",
    re.IGNORECASE,
)


# Such heads as no name in another language ends with.
_BODY = re.compile(
    r"(?:amt|institut|ministerium|zentrum|gericht|museum|parlament|theater|bündnis|kabinett|haus"
    r"|verband|verein|verlag|konzern|ausschuss|gerichtshof|rechnungshof|rundfunk|betrieb)$"
)


def nominative(name: str) -> str:
    """The nominative of an organisation's name: 'Deutschen Umwelthilfe' -> 'Deutsche Umwelthilfe'.

    Only adjectives at the front are changed, and the genitive of the noun they stand before,
    from which the gender comes; without adjectives that of a common head ('Landgerichts Kiel').
    """
    words = name.split(" ")
    count = 0
    while count < len(words) - 1:
        match = _ADJECTIVE.match(words[count])
        if not match or not _ADJECTIVE_STEM.search(match[1]):
            break
        count += 1
    last = next((k for k, word in enumerate(words) if k and word[:1].islower()), len(words)) - 1
    if not count:
        for index in (0, last):
            bare = _without_genitive(words[index])
            if bare != words[index] and _BODY.search(bare.lower()):
                words[index] = bare
        return " ".join(words)
    gender = "f"
    for index in (count, max(count, last)):
        noun = _without_genitive(words[index])
        if _gendered(noun):
            gender = "n" if _NEUTER.search(noun.lower()) else "m"
            words[index] = noun
            break
    for index in range(count):
        match = _ADJECTIVE.match(words[index])
        if match:
            words[index] = match[1] + _STRONG[gender]
    return " ".join(words)


def _without_genitive(noun: str) -> str:
    """A noun that is the head of an organisation's name, without its genitive's ending."""
    forms = (noun, noun.removesuffix("s"), noun.removesuffix("es"))
    return next((form for form in forms if _gendered(form) or _BODY.search(form.lower())), noun)


def _gendered(noun: str) -> bool:
    return bool(_NEUTER.search(noun.lower()) or _MASCULINE.search(noun.lower()))


def inflected(name: str) -> tuple[str, ...]:
    """A name of several words in every case of its adjectives: Weißes Haus, Weißen Hauses.

    The name itself comes first. Only words before the last capitalised one that look like
    adjectives are changed, and the noun after them may take the genitive's -s or -es.
    A plural may take the dative's -n: den Niederlanden, den Republikanern.
    """
    words = name.split(" ")
    places = []
    for index, word in enumerate(words[:-1]):
        match = _ADJECTIVE.match(word)
        if match and _ADJECTIVE_STEM.search(match[1]) and words[index + 1][:1].isupper():
            places.append((index, match[1]))
    plural = (name + "n",) if name.endswith(("lande", "rate", "aner", " Wähler")) else ()
    if not places:
        return (name, *plural)
    forms = dict.fromkeys((name, *plural))
    noun = places[-1][0] + 1
    for ending in ("e", "en", "er", "es", "em"):
        for genitive in ("", "s", "es"):
            changed = list(words)
            for index, stem in places:
                changed[index] = stem + ending
            changed[noun] += genitive
            forms[" ".join(changed)] = None
    return tuple(forms)
