"""Offices in a text: 'Russlands Außenminister', 'der Vorsitzende der SPD-Fraktion'.

:func:`find_titles` finds the noun phrases whose head is a word for a role,
what body (state, organisation) they name, and the name they stand beside:
before it ('US-Präsident Joe Biden'), with commas ('der Vorsitzende …, Wolfgang
Ischinger,') or after it ('Christoph Heusgen, ehemaliger Berater …,').
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from digests.actors.catalogue import Catalogue
from digests.actors.names import fold, wordset
from digests.actors.roles import Gender, Number
from digests.actors.spotting import Spot, Words
from digests.types import ActorKind

_DETERMINERS: Mapping[str, str] = {
    **dict.fromkeys(wordset("der die den dem des the"), "definite"),
    **dict.fromkeys(wordset("ein eine einen einem einer eines a an kein keine"), "indefinite"),
    **dict.fromkeys(
        wordset(
            "sein seine seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere "
            "dessen deren mein meine his her its their"
        ),
        "possessive",
    ),
    **dict.fromkeys(wordset("dieser diese diesen diesem dieses jener jene this that"), "definite"),
}
FORMER = wordset(
    "ehemalig frueher fruher damalig vormalig einstig langjahrig gestürzt gesturzt abgewahlt "
    "entlassen verstorben former late ex zuruckgetreten"
)
FUTURE = wordset("designiert kunftig gewahlt angehend nachst incoming elect designated")
_GENDERS: Mapping[str, Gender] = {"die": "f", "der": "m", "dem": "m", "des": "m", "den": "m"}
"""The gender that an article gives to words such as Vorsitzende, Abgeordnete."""
_SERVING = wordset(
    "neu new amtierend scheidend geschaftsfuhrend stellvertretend aktuell jetzig bisherig "
    "derzeitig umstritten oberst acting outgoing deputy"
)
_MODIFIERS = FORMER | FUTURE | _SERVING
_NO_ADJECTIVE = wordset(
    "über uber unter aber oder hinter immer wieder bisher daher seither nur sehr mehr neben wenige "
    "viele alle beide beiden zwei drei vier mehrere einige sowie ohne gegen wegen laut sogar hier "
    "heute gestern ware hatte habe wurde werde soll sollte konnte musste nach bei auch dann denn "
    "zwischen ausser außer er wer per vor fur mit von vom zum zur im am"
)
_INFLECTED = re.compile(r".{2,}(e|en|er|es|em)$")
_LINKS = wordset("der des von vom für fur im in bei beim am zur zum of for at")
_WHERE_OR_WHEN = wordset("in im bei beim am zur zum at")
_INNER = wordset("der dem den des die the")
_ADVERB = re.compile(r"(unter|hinter|uber|aber|oder|weiter|wieder|immer|spater|erer|tter)$")
_ADJECTIVE_END = re.compile(r"(e|en|er|es|em)$")
_QUOTES = '"„“”«»‚‘'
_NO_QUOTES = str.maketrans("", "", _QUOTES)
_SPACES = frozenset({" ", "\u00a0", "\n"})
_NOT_AN_OFFICE = frozenset({"amtskollege", "ehepartner"})
_CLOSES = re.compile(r"^\s*[,.;:)–—\]]|^\s*$|^\s+[-–—]\s")


@dataclass(slots=True)
class Title:
    """A noun phrase for an office: the words ``[start, end)``, its head at ``head``.

    ``end`` takes in what follows the head ('der Münchner Sicherheitskonferenz').
    ``stem`` is the folded word for the role; ``person`` the index of the spot it
    stands beside, None for a role alone; ``after`` says that it follows the name.
    """

    start: int
    head: int
    chain: int
    """First word of the hyphenated compound that the head closes."""
    end: int
    role: str
    stem: str
    gender: Gender | None
    number: Number
    nominative: str
    determiner: str
    """``definite``, ``indefinite``, ``possessive``, ``genitive`` (Russlands …) or empty."""
    article: str
    modifiers: frozenset[str]
    body: str | None
    foreign: bool
    """Whether the phrase names a body that nobody knows (Biontech-Chef)."""
    owner: int | None = None
    """Index of the person spot whose genitive stands first (Putins Sprecher)."""
    person: int | None = None
    after: bool = False

    @property
    def former(self) -> bool:
        """Whether the office was held before: ehemaliger, früherer, Ex-."""
        return bool(self.modifiers & FORMER)

    @property
    def future(self) -> bool:
        """Whether the office is yet to be taken up: designierter, künftiger."""
        return bool(self.modifiers & FUTURE)

    @property
    def is_office(self) -> bool:
        """Whether the phrase says what someone is, not how two people are related."""
        return self.role not in _NOT_AN_OFFICE


def find_titles(
    words: Words, spots: list[Spot], catalogue: Catalogue, language: str
) -> list[Title]:
    """All offices in a text, in order, with the names they stand beside."""
    return _Finder(words, spots, catalogue, language).titles()


class _Finder:
    def __init__(
        self, words: Words, spots: list[Spot], catalogue: Catalogue, language: str
    ) -> None:
        self.words = words
        self.spots = spots
        self.catalogue = catalogue
        self.german = language != "en"
        self.surfaces = frozenset(words.surfaces)
        self.begins = {spot.first: index for index, spot in enumerate(spots)}
        self.ends = {spot.last: index for index, spot in enumerate(spots)}
        self.covered = {
            word for spot in spots for word in range(spot.first, spot.last) if not spot.adjective
        }

    def titles(self) -> list[Title]:
        found: list[Title] = []
        index = 0
        while index < len(self.words):
            title = None if index in self.covered else self._title_at(index)
            if title is None:
                index += 1
                continue
            self._attach(title)
            found.append(title)
            index = title.head + 1
        return found

    def _title_at(self, index: int) -> Title | None:
        head, parsed = self._head(index)
        if parsed is None:
            return None
        role, stem, prefix, gender, number, nominative = parsed
        chain, before = self._chain(index)
        if not self.german:
            chain = index
        body, foreign = self._compound_body(before, prefix)
        title = Title(
            start=chain,
            head=head,
            chain=chain,
            end=head + 1,
            role=role,
            stem=stem,
            gender=gender,
            number=number,
            nominative=nominative,
            determiner="",
            article="",
            modifiers=frozenset(),
            body=body,
            foreign=foreign,
        )
        if self.words.folded[chain] in ("ex", "alt") and chain != head:
            title.modifiers = frozenset({"ex"})
        self._modifiers(title)
        if title.gender is None and self.german:
            title.gender = _GENDERS.get(title.article)
        self._extend(title)
        return title

    def _head(
        self, index: int
    ) -> tuple[int, tuple[str, str, str, Gender | None, Number, str] | None]:
        """The last word of a role that begins at ``index``, and what it says."""
        words, roles = self.words, self.catalogue.roles
        if words.folded[index] in roles.english_heads and not self.german:
            for length in range(roles.longest_english, 0, -1):
                last = index + length
                if last > len(words) or not all(words.joined[index : last - 1]):
                    continue
                phrase = " ".join(words.folded[index:last])
                if role := roles.english(phrase):
                    surface = words.surfaces[last - 1]
                    return last - 1, (role, phrase, "", None, "singular", surface)
        if not self.german or not words.surfaces[index][0].isupper():
            return index, None
        parsed = roles.parse(words.surfaces[index])
        if parsed is None:
            return index, None
        return index, (
            parsed.role,
            parsed.stem,
            parsed.prefix,
            parsed.gender,
            parsed.number,
            parsed.nominative,
        )

    def _chain(self, index: int) -> tuple[int, list[int]]:
        """The words of the hyphenated compound that ends at ``index``."""
        first = index
        while (first and self.words.hyphen[first - 1]) or (
            first and self.words.gap(first - 1) == "/" and first != index
        ):
            first -= 1
        return first, list(range(first, index))

    def _compound_body(self, before: list[int], prefix: str) -> tuple[str | None, bool]:
        """What the first parts of a compound name: 'EU-Kommissions' (chefin) -> eu-kommission."""
        parts = [self.words.folded[index] for index in before]
        if parts and parts[0] in ("ex", "alt", "vize", "co"):
            parts = parts[1:]
        if prefix:
            parts.append(prefix)
        if not parts:
            return None, False
        for form in (" ".join(parts), "".join(parts)):
            if body := self.catalogue.prefix(form):
                return body, False
        if not prefix and len(parts) > 1 and (body := self.catalogue.prefix(parts[-1])):
            return body, False
        if prefix and len(parts) > 1 and (body := self.catalogue.prefix(parts[0])):
            return body, True
        return None, True

    def _modifiers(self, title: Title) -> None:
        """Take in the adjectives and genitives before the head, and note the article."""
        words = self.words
        index = title.chain
        taken: list[tuple[int, bool]] = []  # (first word, surely a modifier)
        while index and (words.gap(index - 1) in _SPACES or self._continues(index)):
            spot = self.spots[self.ends[index]] if index in self.ends else None
            word = words.folded[index - 1]
            if spot is not None:
                if not self.german and spot.kind is not ActorKind.PERSON:
                    taken.append((spot.first, True))
                    title.body = title.body or next(iter(spot.ids), None)
                    title.foreign = title.body is None
                    index = spot.first
                    continue
                if spot.adjective and spot.kind is not ActorKind.PERSON:
                    taken.append((spot.first, True))
                    title.body = title.body or spot.ids[0]
                    index = spot.first
                    continue
                if spot.genitive or (words.surfaces[index - 1].endswith(("s", "ß", "x", "z"))):
                    self._owned(title, spot)
                    taken.append((spot.first, True))
                break
            if word == "s" and words.before(index - 1) in ("'", "’") and index - 1 in self.ends:
                owner = self.spots[self.ends[index - 1]]
                self._owned(title, owner)
                taken.append((owner.first, True))
                break
            if word in _DETERMINERS:
                title.determiner, title.article = _DETERMINERS[word], word
                break
            if not self._adjectival(index - 1):
                break
            taken.append((index - 1, _stem(word) in _MODIFIERS or word in _MODIFIERS))
            index -= 1
        self._keep_modifiers(title, taken)

    def _continues(self, index: int) -> bool:
        """Whether a mark before a word parts no phrase: 'U.S. President', 'russisch-ukrainisch'."""
        spot = self.spots[self.ends[index]] if index in self.ends else None
        if spot is not None and spot.adjective and self.words.hyphen[index - 1]:
            return self.words.surfaces[index][0].islower()
        return (
            spot is not None
            and spot.last - spot.first > 1
            and len(self.words.surfaces[index - 1]) == 1
            and self.words.gap(index - 1) == ". "
        )

    def _owned(self, title: Title, spot: Spot) -> None:
        title.determiner = "genitive"
        if spot.kind is ActorKind.PERSON:
            title.owner = self.begins[spot.first]
        elif spot.ids and not title.body:
            title.body = spot.ids[0]

    def _adjectival(self, index: int) -> bool:
        surface, word = self.words.surfaces[index], self.words.folded[index]
        if self.german:
            return (
                surface[0].islower()
                and word not in _NO_ADJECTIVE
                and _INFLECTED.match(word) is not None
            )
        return word in _MODIFIERS

    def _keep_modifiers(self, title: Title, taken: list[tuple[int, bool]]) -> None:
        """Without an article, 'erklärte Kremlsprecher' has no adjective: keep only sure ones."""
        if not title.determiner:
            while taken and not taken[-1][1]:
                word = self.words.folded[taken[-1][0]]
                strong = word.endswith("er") and title.gender == "m" and len(taken) == 1
                if strong and not _ADVERB.search(word):
                    break
                taken.pop()
        if taken:
            title.start = taken[-1][0]
            found = {_stem(self.words.folded[first]) for first, _ in taken}
            title.modifiers |= frozenset(found & _MODIFIERS) | frozenset(
                {self.words.folded[first] for first, _ in taken} & _MODIFIERS
            )

    def _extend(self, title: Title) -> None:
        """Take in what follows the head: 'der USA', 'des Auswärtigen Amtes in Berlin'."""
        words = self.words
        index = title.head + 1
        if index in self.begins and words.gap(title.head) == " ":
            owner = self.spots[self.begins[index]]
            if owner.genitive and owner.kind is not ActorKind.PERSON:  # Botschafter Ungarns
                title.body = title.body or next(iter(owner.ids), None)
                index = owner.last
        for _ in range(3):
            if (
                index >= len(words)
                or words.gap(index - 1) not in _SPACES
                or words.folded[index] not in _LINKS
            ):
                break
            link = words.folded[index]
            end, spot = self._complement(index + 1, with_person=link in ("von", "of"))
            if end is None or (spot is None and link in _WHERE_OR_WHEN):
                break  # 'sagte der Minister am Mittwoch in einer Rede'
            if spot is not None and title.body is None and spot.kind is not ActorKind.PERSON:
                owning = link in ("der", "des", "von", "vom", "of", "for")
                if spot.ids and (owning or self.catalogue.is_seat(spot.ids[0])):
                    title.body = spot.ids[0]
            elif title.body is None:
                title.foreign = True
            index = end
        title.end = index

    def _complement(self, index: int, *, with_person: bool) -> tuple[int | None, Spot | None]:
        """Where a complement that begins at ``index`` ends, and the first name in it."""
        words = self.words
        if index < len(words) and words.folded[index] in _INNER:
            index += 1
        while index < len(words) and words.gap(index - 1).rstrip(_QUOTES) in _SPACES:
            if index in self.begins:
                spot = self.spots[self.begins[index]]
                if spot.kind is ActorKind.PERSON and not spot.adjective:
                    return (spot.last, spot) if with_person else (None, None)
                if not spot.adjective:
                    end = spot.last
                    while end < len(words) and words.hyphen[end - 1]:
                        end += 1
                    return end, spot
                index = spot.last
                while index < len(words) and words.hyphen[index - 1]:
                    index += 1
                if index == spot.last:
                    continue
                return self._apposed(index)
            if words.surfaces[index][0].isupper():
                index += 1
                while index < len(words) and words.hyphen[index - 1]:
                    index += 1
                if index in self.begins and self.catalogue.roles.parse(words.surfaces[index - 1]):
                    person = self.spots[self.begins[index]]
                    if person.kind is ActorKind.PERSON:
                        return (person.last, person) if with_person else (None, None)
                return self._apposed(index)
            if not _INFLECTED.match(words.folded[index]):
                break
            index += 1
        return None, None

    def _apposed(self, index: int) -> tuple[int, Spot | None]:
        """A name right after a common noun: 'der Region Charkiw', 'der Behörde IAEA'."""
        if index in self.begins and self.words.gap(index - 1) == " ":
            spot = self.spots[self.begins[index]]
            if spot.kind is not ActorKind.PERSON and not spot.adjective:
                return spot.last, spot
        return index, None

    # The name beside the office.

    def _attach(self, title: Title) -> None:
        for end in dict.fromkeys((title.head + 1, title.end)):
            person = self._person_at(end, " ")
            if person is not None and title.owner != person:
                title.person = person
                title.end = end
                return
        for end in dict.fromkeys((title.end, title.head + 1)):
            person = self._person_at(end, ",")
            if person is not None and self._enclosed(person) and title.determiner:
                title.person = person
                title.end = end
                return
        title.person = self._after_another(title)
        if title.person is None:
            self._attach_before(title)

    def _after_another(self, title: Title) -> int | None:
        """The name after a second office: 'Minister und Vizekanzler Robert Habeck'."""
        words = self.words
        index = title.head + 2
        if index >= len(words) or words.folded[index - 1] not in ("und", "and"):
            return None
        while index + 1 < len(words) and words.hyphen[index]:
            index += 1
        if words.gap(index - 1) not in (" ", "-") or not words.surfaces[index][0].isupper():
            return None
        return self._person_at(index + 1, " ")

    def _person_at(self, index: int, gap: str) -> int | None:
        """The person whose name begins at a word, if nothing but ``gap`` parts it from the last."""
        if index not in self.begins or index >= len(self.words):
            return None
        between = self.words.gap(index - 1).strip(" \u00a0\n" + _QUOTES)
        wanted = gap.strip()
        spot = self.spots[self.begins[index]]
        if between != wanted or spot.kind is not ActorKind.PERSON or spot.adjective:
            return None
        if "\n\n" in self.words.gap(index - 1) or (not wanted and self._genitive(spot)):
            return None
        return self.begins[index]

    def _genitive(self, spot: Spot) -> bool:
        """Whether a name is in the genitive: 'ein Sprecher Putins' is not Putin."""
        last = self.words.surfaces[spot.last - 1]
        return spot.genitive or (not spot.ids and last[-1] == "s" and last[:-1] in self.surfaces)

    def _enclosed(self, person: int) -> bool:
        """Whether a name after a comma is closed by another mark, as an apposition is."""
        spot = self.spots[person]
        full = spot.last - spot.first > 1
        return full and bool(_CLOSES.match(self.words.after(spot.last - 1)))

    def _attach_before(self, title: Title) -> None:
        """A name, a comma, the office, a comma: 'Annalena Baerbock, deutsche Außenministerin,'."""
        first = title.start
        if title.determiner in ("possessive", "genitive") or first == 0:
            return
        if title.determiner:
            first -= 1
        gap = self.words.before(first).strip(" \u00a0")
        if gap not in (",", "(") or first not in self.ends:
            return
        index = self.ends[first]
        spot = self.spots[index]
        closes = _CLOSES.match(self.words.after(title.end - 1))
        if not closes:
            title.end = title.head + 1
            closes = _CLOSES.match(self.words.after(title.head))
        if (
            closes
            and spot.kind is ActorKind.PERSON
            and not spot.adjective
            and title.number != "plural"
        ):
            title.person = index
            title.after = True


def _stem(word: str) -> str:
    """An adjective without its ending, folded: 'ehemaligen' -> 'ehemalig'."""
    return _ADJECTIVE_END.sub("", fold(word))


_STRONG: Mapping[str | None, str] = {"m": "er", "f": "e", None: "er"}


def citation(title: Title, words: Words, gender: Gender | None, language: str) -> str:
    """The office as it is quoted: nominative, without article; else as in the text.

    'den russischen Präsidenten' -> 'russischer Präsident'.
    """
    if language == "en":
        return _tidy(words.phrase(title.start, title.end))
    gender = gender or title.gender
    chunks: list[str] = []
    for index in range(title.start, title.chain):
        word = words.surfaces[index]
        if word[0].islower() and _ADJECTIVE_END.search(word) and not words.hyphen[index]:
            word = _ADJECTIVE_END.sub("", word) + _STRONG[gender]
        chunks.append(word + words.gap(index))
    compound = words.text[words.starts[title.chain] : words.starts[title.head]]
    head = title.nominative
    if gender == "f" and head.endswith(("ender", "ter")) and title.stem.endswith(("er", "e")):
        head = head.removesuffix("r") if fold(head) != "vertreter" else head
    tail = words.text[words.ends[title.head] : words.ends[title.end - 1]]
    return _tidy("".join([*chunks, compound, head, tail]))


def _tidy(text: str) -> str:
    return " ".join(text.translate(_NO_QUOTES).split())
