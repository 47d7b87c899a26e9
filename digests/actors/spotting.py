"""Where a text names somebody: catalogue names and the pipeline's entities brought together.

:func:`spot` scans the words of a document once for names the catalogue knows
(longest match first, by dictionary: linear in the length of the text) and
merges them with the entities that the pipeline found. The result is a list of
:class:`Spot` in order, none overlapping another; who is meant is decided later.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from digests.actors.catalogue import Catalogue
from digests.actors.names import GENERATION, PARTICLES, WORD, fold, wordset
from digests.nlp.document import Document, Entity
from digests.types import ActorKind

_JOINS = frozenset({" ", "-", "\u00a0", "\n", "'", "’", ".", "/", "&", " & ", "\u2011"})
_HYPHENS = frozenset({"-", "\u2011"})
_ABBREVIATED = frozenset({"st", "dr", "prof", "jr", "u", "d"})
_OPENING = frozenset("\"“”„«»‚‘’›‹'")
_CLOSING = frozenset("\"“”«»’‘‹›'")
HONORIFICS = wordset(
    "herr herrn frau dr prof sir lord lady dame mr mrs ms miss mister madame monsieur senor"
)
STYLES = wordset("lady miss madame lord dame sir")
"""Those that some people are never named without."""
ARTICLES = wordset("der die das den dem des the")
_SOURCE_NOUN = re.compile(
    r"(zeitung|magazin|blatt|sender|zeitschrift|agentur|wochenblatt|portal|newspaper|magazine|agency)"
    r"(en|s|es)?$"
)
_OF_A_BODY = re.compile(
    r"(zeitung|bericht|interview|information|magazin|konzern|partei|fraktion|aktie|kanal|gruppe"
    r"|regierung|politiker|mitarbeiter|umfrage|artikel|kolumne|redaktion|verlag|spitze|fuhrung)"
)
_NO_NAMES = wordset("heuer janner feber heute gestern morgen vorgestern ubermorgen derzeit")
"""Words of time that a pipeline takes for names where a capital opens a sentence."""
_COALITIONS = wordset("jamaika kenia simbabwe deutschland afghanistan")
"""Countries after whose flags coalitions are called."""
_COALITION = re.compile(r"(koalition|bundnis|sondierung|option|verhandlung|lager|parteien|aus\b)")
_AMERICA = wordset("amerika america")
_CONTINENTS = wordset("afrika asien africa asia")
_PERHAPS_CONTINENTS = wordset("europa australien europe australia")
"""What may be a partner of the state as well: beside two of them America is a continent."""
_CHRIST, _BEFORE_CHRIST = wordset("chr christus"), wordset("v n vor nach")
_WEEKDAYS = wordset("montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag")
_KINDS = {"PER": ActorKind.PERSON, "ORG": ActorKind.ORGANISATION, "LOC": ActorKind.PLACE}


class Words:
    """The words of a text: runs of letters and digits, with what stands between them."""

    __slots__ = ("ends", "folded", "hyphen", "joined", "starts", "surfaces", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(WORD.finditer(text))
        self.starts = [match.start() for match in found]
        self.ends = [match.end() for match in found]
        self.surfaces = [match.group() for match in found]
        self.folded = [fold(surface) for surface in self.surfaces]
        self.joined: list[bool] = []
        """Whether a word and the next may belong to one name."""
        self.hyphen: list[bool] = []
        """Whether a hyphen, and nothing else, parts a word from the next."""
        for index in range(len(found)):
            gap = self.gap(index)
            self.hyphen.append(gap in _HYPHENS)
            self.joined.append(
                gap in _JOINS
                or (
                    gap == ". "
                    and (len(self.surfaces[index]) == 1 or self.folded[index] in _ABBREVIATED)
                )
            )

    def __len__(self) -> int:
        return len(self.starts)

    def gap(self, index: int) -> str:
        """What stands between a word and the next."""
        if index + 1 >= len(self.starts):
            return ""
        return self.text[self.ends[index] : self.starts[index + 1]]

    def after(self, index: int) -> str:
        """What follows a word up to the next one, or up to the end of the text."""
        end = self.starts[index + 1] if index + 1 < len(self.starts) else len(self.text)
        return self.text[self.ends[index] : end]

    def before(self, index: int) -> str:
        """What stands before a word after the last one, or from the start of the text."""
        return self.text[self.ends[index - 1] if index else 0 : self.starts[index]]

    def capital(self, index: int) -> bool:
        """Whether a word begins with a capital letter or a digit."""
        first = self.surfaces[index][0]
        return first.isupper() or first.isdigit()

    def range(self, start: int, end: int) -> tuple[int, int]:
        """The words ``[first, last)`` that touch the characters ``[start, end)``."""
        first = bisect_left(self.ends, start + 1)
        return first, max(first, bisect_left(self.starts, end))

    def parts(self, first: int, last: int) -> list[int]:
        """Where the parts of a name begin that no hyphen joins: 'Silvana | Koch-Mehrin'."""
        return [
            i
            for i in range(first, last)
            if i == first or not (self.hyphen[i - 1] or self.gap(i - 1) in ("'", "’"))
        ]

    def phrase(self, first: int, last: int) -> str:
        """The text of the words ``[first, last)`` with what stands between them."""
        return self.text[self.starts[first] : self.ends[last - 1]]


@dataclass(slots=True)
class Spot:
    """The words ``[first, last)`` that name somebody.

    ``ids`` are the actors of the catalogue that bear the name, none for a name
    it does not know. ``form`` is the folded name without a genitive's ending.
    ``adjective`` marks adjectives (russische) and first parts of compounds
    (US-Präsident); ``surname`` a bare surname; ``label`` the pipeline's.
    """

    first: int
    last: int
    kind: ActorKind
    ids: tuple[str, ...] = ()
    form: str = ""
    adjective: bool = False
    surname: bool = False
    genitive: bool = False
    label: str = ""
    means: str = ""
    """The long form of an acronym that the document introduces: 'Deutsche Umwelthilfe (DUH)'."""


def spot(document: Document, words: Words, catalogue: Catalogue) -> list[Spot]:
    """All names in a document, in order."""
    known = _scan(words, catalogue, document.language)
    merged = _merge(known, document, words, catalogue)
    evident = [found for found in merged if _has_evidence(found, words, catalogue)]
    return _again(_parted(evident, words, catalogue), words, catalogue)


def _parted(spots: list[Spot], words: Words, catalogue: Catalogue) -> list[Spot]:
    """The names with those parted that are two people's: 'So kritisierte Meier Huber'.

    Both parts are surnames of people whom the document names in full, or the list knows.
    Of 'Hubers Schwager' only the owner is a name.
    """
    last = Counter(
        words.folded[found.last - 1]
        for found in spots
        if found.kind is ActorKind.PERSON and found.last - found.first > 1
    )
    parted: list[Spot] = []
    for found in spots:
        if _is_owner(found, last, words, catalogue):
            parted.append(_surname(found.first, found.first + 1, words, catalogue))
            continue
        middle = _middle(found, last, words, catalogue)
        if middle is None:
            parted.append(found)
            continue
        parted.append(_surname(found.first, middle, words, catalogue))
        parted.append(_surname(middle, found.last, words, catalogue))
    return parted


def _is_owner(found: Spot, last: Counter[str], words: Words, catalogue: Catalogue) -> bool:
    """Whether what looks like a full name is a surname in the genitive and what it owns."""
    word = words.folded[found.first]
    unknown = found.kind is ActorKind.PERSON and not found.ids
    if not unknown or not word.endswith("s") or words.parts(found.first, found.last)[1:] == []:
        return False
    if words.gap(found.first) != " " or catalogue.first_name(word) is not None:
        return False
    if catalogue.begins_a_name(word):
        return False
    return last[word[:-1]] > 0 or bool(catalogue.surname(word[:-1]))


def _middle(found: Spot, last: Counter[str], words: Words, catalogue: Catalogue) -> int | None:
    """The word at which the second of two surnames begins."""
    if found.kind is not ActorKind.PERSON or found.ids:
        return None
    first = words.folded[found.first]
    if catalogue.first_name(first) is not None or catalogue.begins_a_name(first):
        return None
    for middle in words.parts(found.first, found.last)[1:]:
        one = " ".join(words.folded[found.first : middle])
        other = " ".join(words.folded[middle : found.last])
        # The name itself counts as one that ends with its last word.
        if (last[one] or catalogue.surname(one)) and (last[other] > 1 or catalogue.surname(other)):
            return middle
    return None


def _surname(first: int, last: int, words: Words, catalogue: Catalogue) -> Spot:
    form = " ".join(words.folded[first:last])
    ids = catalogue.surname(form)
    known = form if ids else ""
    return Spot(first, last, ActorKind.PERSON, ids, known, surname=bool(ids), label="PER")


# Names the catalogue knows.


def _scan(words: Words, catalogue: Catalogue, language: str) -> list[Spot]:
    found: list[Spot] = []
    heads = catalogue.heads
    index = 0
    total = len(words)
    while index < total:
        word = words.folded[index]
        longest = heads.get(word, 0)
        if not longest and word[-1] == "s":
            longest = heads.get(word[:-1], 0) or heads.get(word[:-2], 0)
        match = _adjective(words, catalogue, index, language) if words.hyphen[index] else None
        if match is None and longest:
            match = _longest(words, catalogue, index, longest)
        if match is None and not words.hyphen[index]:
            match = _adjective(words, catalogue, index, language)
        if match is None:
            index += 1
        else:
            found.append(match)
            index = match.last
    return found


def _longest(words: Words, catalogue: Catalogue, first: int, longest: int) -> Spot | None:
    run = 1
    while run < longest and first + run < len(words) and words.joined[first + run - 1]:
        run += 1
    for length in range(run, 0, -1):
        last = first + length
        form = " ".join(words.folded[first:last])
        for candidate, genitive in _nominatives(form):
            match = _known(words, catalogue, first, last, candidate, genitive=genitive)
            if match is not None:
                return match
    return None


def _nominatives(form: str) -> tuple[tuple[str, bool], ...]:
    if form[-1] != "s" or len(form) < 3:
        return ((form, False),)
    if form[-2] == "e" and len(form) > 6:
        return ((form, False), (form[:-1], True), (form[:-2], True))
    return ((form, False), (form[:-1], True))


def _known(
    words: Words, catalogue: Catalogue, first: int, last: int, form: str, *, genitive: bool
) -> Spot | None:
    full = catalogue.full(form)
    ids = full or catalogue.surname(form)
    if not ids or not _written(words, catalogue, first, last, form, genitive=genitive):
        return None
    actor = catalogue.get(ids[0])
    if actor is None:
        return None
    match = Spot(first, last, actor.kind, ids, form, surname=not full, genitive=genitive)
    inside = last < len(words) and words.hyphen[last - 1]
    if actor.kind is ActorKind.PERSON:
        if match.surname and first and words.hyphen[first - 1] and not inside:
            return None  # the second half of a double name: Müller-Scholz
        match.adjective = inside
    else:
        match.adjective = inside and words.capital(last)
        within = match.adjective or words.surfaces[first].islower()
        if within and words.folded[first] in ARTICLES and last - first > 1:
            match.first += 1  # Der Spiegel-Bericht, die Grünen
    return match


_SHORT_ACRONYM = 4


def _written(
    words: Words, catalogue: Catalogue, first: int, last: int, form: str, *, genitive: bool
) -> bool:
    """Whether the capitals are those of a name."""
    surface = words.surfaces[last - 1]
    if last - first == 1:
        if genitive and surface.isupper() and len(form) <= _SHORT_ACRONYM:
            return False  # 'ISS' is not of the IS
        return catalogue.written(form, surface[: len(form)] if genitive else surface)
    if catalogue.lower_case(form):
        return catalogue.written(form, words.phrase(first, last))
    head = words.surfaces[first]
    last_is_name = words.capital(last - 1) or words.folded[last - 1] in GENERATION
    return last_is_name and (
        words.capital(first) or head in PARTICLES or head in ARTICLES or head.islower() is False
    )


def _adjective(words: Words, catalogue: Catalogue, index: int, language: str) -> Spot | None:
    surface = words.surfaces[index]
    last = index + 1
    actor_id = catalogue.adjective(surface, language)
    if actor_id is None and last < len(words) and words.hyphen[index]:
        actor_id = catalogue.adjective(f"{surface} {words.surfaces[last]}", language)
        if actor_id is not None:
            last += 1  # saudi-arabische
        elif language == "de" and surface.islower():
            actor_id = catalogue.adjective_stem(surface)  # russisch-ukrainische
    if actor_id is None:
        return None
    actor = catalogue.get(actor_id)
    if actor is None or not _modifies(words, index, last, language):
        return None
    return Spot(index, last, actor.kind, (actor_id,), words.folded[index], adjective=True)


def _modifies(words: Words, first: int, last: int, language: str) -> bool:
    """Whether an adjective stands before what it modifies and is no noun ('die Deutschen')."""
    if words.hyphen[last - 1]:
        return True
    if not words.surfaces[first][0].isupper():
        return True
    if last >= len(words) or words.gap(last - 1) not in (" ", "\n", "\u00a0"):
        return False
    return words.capital(last) or (language != "de" and words.surfaces[last].islower())


# The pipeline's entities.


def _merge(known: list[Spot], document: Document, words: Words, catalogue: Catalogue) -> list[Spot]:
    """Known names and entities in one list; see the rules at :func:`_contest`."""
    spots = list(known)
    starts = [found.first for found in spots]
    dropped: set[int] = set()
    added: list[Spot] = []
    for entity in document.entities:
        first, last = words.range(entity.start, entity.end)
        if first >= last or (last - first == 1 and _is_of_time(words, first)):
            continue
        if entity.label == "PER" and words.surfaces[first].isdigit():
            continue  # 50 Pence
        low = max(0, bisect_left(starts, first) - 1)
        touching = []
        for index in range(low, len(spots)):
            if spots[index].first >= last:
                break
            if spots[index].last > first and index not in dropped:
                touching.append(index)
        replaced, entity_spot = _contest(
            [spots[index] for index in touching], entity, first, last, words, catalogue
        )
        if replaced:
            dropped.update(touching)
        if entity_spot is not None:
            added.append(entity_spot)
    kept = [found for index, found in enumerate(spots) if index not in dropped]
    taken = sorted([*kept, *added], key=lambda found: (found.first, -found.last))
    result: list[Spot] = []
    for found in taken:
        if not result or found.first >= result[-1].last:
            result.append(found)
    return result


def _is_of_time(words: Words, index: int) -> bool:
    """Whether a word is of time: 'Heuer', 'v. Chr.', a weekday with a slip ('am Mitwwoch')."""
    word = words.folded[index]
    before = words.folded[index - 1] if index else ""
    if word in _NO_NAMES or (word in _CHRIST and before in _BEFORE_CHRIST):
        return True
    return before == "am" and any(
        Levenshtein.distance(word, day, score_cutoff=1) < 2 for day in _WEEKDAYS
    )


def _contest(
    rivals: list[Spot],
    entity: Entity,
    first: int,
    last: int,
    words: Words,
    catalogue: Catalogue,
) -> tuple[bool, Spot | None]:
    """Whether an entity replaces the known names it touches, and what it adds.

    A known name of the same extent, or a longer one, wins and takes the label.
    Within a longer entity known persons win; a place or organisation loses to
    the longer name of another (Universität Moskau). An agency, a title or an
    adjective before a person is cut off (TASS Peskow).
    """
    label = entity.label
    if label == "PER":
        first = _skip_titles(words, catalogue, rivals, first, last)
        rivals = [rival for rival in rivals if rival.last > first]
        if first >= last:
            return False, None
    for rival in rivals:
        if rival.first <= first and rival.last >= last:
            rival.label = label
            bearers = catalogue.surname(rival.form)
            if label == "PER" and bearers and rival.kind is not ActorKind.PERSON:
                rival.kind, rival.ids, rival.surname = ActorKind.PERSON, bearers, True
            return False, None
        if rival.first == first and rival.last == last - 1 and words.folded[last - 1] == "s":
            rival.label = label
            return False, None
    mine = Spot(first, last, _KINDS.get(label, ActorKind.PLACE), label=label)
    if not rivals:
        return False, mine if label in _KINDS else None
    return _contested(mine, rivals, words)


def _contested(mine: Spot, rivals: list[Spot], words: Words) -> tuple[bool, Spot | None]:
    """An entity longer than the known names it touches."""
    contained = all(r.first >= mine.first and r.last <= mine.last for r in rivals)
    spaced = any(not words.hyphen[i] for i in range(mine.first, mine.last - 1))
    people = [rival for rival in rivals if rival.kind is ActorKind.PERSON]
    if not contained:
        return False, None
    if mine.label == "PER":
        if any(not person.surname for person in people):
            for person in people:
                person.label = "PER"
            return False, None
        # A surname with another first name is another person; so is 'Paris Hilton'.
        return True, mine
    if all(words.gap(rival.first - 1) == "/" for rival in rivals[1:]) and len(rivals) > 1:
        return False, None  # CDU/CSU/FDP
    if mine.label == "ORG" and people and not spaced:
        return True, mine  # Konrad-Adenauer-Stiftung
    if mine.label == "LOC" and not spaced and rivals[0].first == mine.first and not people:
        return words.capital(mine.last - 1), mine  # Berlin-Mitte
    if mine.label in ("ORG", "LOC") and spaced and not people:
        return True, mine
    return False, None


def _skip_titles(
    words: Words, catalogue: Catalogue, rivals: list[Spot], first: int, last: int
) -> int:
    """Where a person's name begins within an entity: after titles, agencies, adjectives."""
    by_start = {rival.first: rival for rival in rivals}
    while first < last - 1:
        rival = by_start.get(first)
        if rival and rival.last < last and (rival.adjective or _is_body(rival)):
            first = rival.last
        elif words.folded[first] in STYLES and first == last - 2:
            break  # Lady Gaga
        elif (
            words.folded[first] in HONORIFICS
            or words.folded[first] in ARTICLES
            or (rival is None and catalogue.roles.parse(words.surfaces[first]) is not None)
        ):
            first += 1
        else:
            break
    if (
        first == last - 1
        and catalogue.roles.parse(words.surfaces[first])
        and not (first in by_start and by_start[first].kind is ActorKind.PERSON)
    ):
        single = words.hyphen[first - 1] if first else False
        if single:
            return last  # Kreml-Sprecher
    return first


def _is_body(rival: Spot) -> bool:
    return rival.kind is ActorKind.ORGANISATION


# Names that are ordinary words too.


def _has_evidence(found: Spot, words: Words, catalogue: Catalogue) -> bool:
    """Whether a name that is an ordinary word too is meant as a name here."""
    person = found.kind is ActorKind.PERSON
    if (person or not (found.ids or found.label == "ORG")) and _is_thing(words, found):
        return False
    if words.folded[found.first] in _COALITIONS and quoted(words, found):
        return False
    if found.form in _AMERICA and _is_continent(words, found.first):
        return False
    if not person and not found.ids and found.last - found.first == 1:
        word = words.folded[found.first]
        return not (_COMMON_NOUN.search(word) or catalogue.ordinary(word))
    doubtful = found.adjective and words.folded[found.first] in _COALITIONS
    doubtful = (
        doubtful
        or catalogue.ambiguous(found.form)
        or catalogue.ambiguous(found.form.removesuffix("n"))
    )
    if not found.ids or not doubtful:
        return True
    if found.adjective:
        if words.folded[found.first] in _COALITIONS:
            return not _COALITION.match(words.folded[found.last])
        return (
            found.kind is ActorKind.PERSON
            or not words.hyphen[found.last - 1]
            or bool(_OF_A_BODY.search(words.folded[found.last]))
            or catalogue.roles.parse(words.surfaces[found.last]) is not None
        )
    if found.kind is ActorKind.PERSON:
        return True  # decided with the other names of the document
    if words.after(found.last - 1) == " " and words.folded[found.last : found.last + 1] == ["of"]:
        return False  # Times of India
    if found.label == "ORG" or (found.label and found.kind is not ActorKind.ORGANISATION):
        return True
    if found.label:
        acronym = all(surface.isupper() for surface in words.surfaces[found.first : found.last])
        return found.label == "MISC" and (acronym or quoted(words, found))
    return quoted(words, found) or _named_as_source(words, found)


def _is_continent(words: Words, index: int) -> bool:
    """Whether other continents are listed beside a word: 'aus Europa, Amerika und Asien'."""
    beside = {
        words.folded[other]
        for step in (-1, 1)
        for other in (index + step, index + 2 * step)
        if 0 <= other < len(words)
        and (other == index + step or words.folded[index + step] in _BETWEEN)
    }
    return not beside.isdisjoint(_CONTINENTS) or len(beside & _PERHAPS_CONTINENTS) > 1


_BETWEEN = wordset("und oder sowie nach bis and or to")
_COMMON_NOUN = re.compile(r".{3}(ation|heit|keit|itat|ismus|republiken|truppen)(en|s)?$")
"""What no place or body is called in one word, though a pipeline may take it for one."""
_THING = re.compile(
    r"(hurrikan|taifun|zyklon|orkan|sturm|tief|hoch|sturmflut|schiff|frachter|tanker|fregatte"
    r"|jacht|yacht|operation|album|song|lex|virus|asteroid|komet|satellit|rakete|sonde"
    r"|eisbar|software|programmiersprache|browser)(s|es|e|en|n|ers)?$"
)
"""Nouns behind which a name is no person's: storms, ships, songs, laws."""


def _is_thing(words: Words, found: Spot) -> bool:
    if not found.first or found.last - found.first > 2:
        return False
    gap = words.gap(found.first - 1).strip(" " + "".join(_OPENING))
    named = not gap and words.capital(found.first - 1)
    return named and bool(_THING.search(words.folded[found.first - 1]))


def quoted(words: Words, found: Spot) -> bool:
    """Whether a name stands in quotation marks alone."""
    before = words.before(found.first)[-1:]
    after = words.after(found.last - 1)[:1]
    return before in _OPENING and after in _CLOSING and bool(before) and bool(after)


def _named_as_source(words: Words, found: Spot) -> bool:
    return found.first > 0 and bool(_SOURCE_NOUN.search(words.folded[found.first - 1]))


# Names that the document itself has introduced.

_LINKS = wordset("und fur zur zum of for and in im")
_ACRONYM = re.compile(r"^[A-ZÄÖÜ][A-Za-zÄÖÜäöü]{0,7}[A-ZÄÖÜ]$")
_BEFORE_NOUNS = wordset(
    "der die das den dem des ein eine einen einem einer eines im am zum zur vom beim"
)


def _again(spots: list[Spot], words: Words, catalogue: Catalogue) -> list[Spot]:
    """Add what the pipeline missed of names that the same document introduces.

    Surnames of persons named in full, names of organisations, and acronyms that
    stand in brackets after the long form.
    """
    _spell_out(spots, words)
    local = _introduced(spots, words)
    if not local:
        return spots
    covered = {word for found in spots for word in range(found.first, found.last)}
    added: list[Spot] = []
    for index, word in enumerate(words.folded):
        if index in covered or not words.capital(index):
            continue
        last = index + 1
        while last < len(words) and words.hyphen[last - 1] and words.capital(last):
            last += 1
        form = " ".join(words.folded[index:last])
        match = local.get(form) or local.get(form.removesuffix("s"))
        if match is None:
            last, form = index + 1, word
            match = local.get(form) or local.get(form.removesuffix("s"))
        if match is None:
            continue
        person = match.kind is ActorKind.PERSON
        before = words.folded[index - 1] if index else ""
        if catalogue.ambiguous(form) or (person and before in _BEFORE_NOUNS):
            continue
        if not person and not _ACRONYM.match(words.surfaces[index]) and not match.label:
            continue
        covered.update(range(index, last))
        compound = last < len(words) and words.hyphen[last - 1]
        added.append(
            Spot(
                index,
                last,
                match.kind,
                adjective=compound and words.capital(last),
                genitive=form not in local,
                label=match.label,
                means=match.means,
            )
        )
    return sorted([*spots, *added], key=lambda found: found.first)


def _introduced(spots: list[Spot], words: Words) -> dict[str, Spot]:
    """Folded words that name somebody in this document, with a spot that says whom.

    Spots of a bare surname that carry another label are mended on the way.
    """
    people: dict[str, Spot] = {}
    others: dict[str, Spot] = {}
    for index, found in enumerate(spots):
        if found.ids and not found.surname and found.kind is not ActorKind.ORGANISATION:
            continue
        parts = words.parts(found.first, found.last)
        if found.kind is ActorKind.PERSON and not found.ids and len(parts) > 1:
            people.setdefault(" ".join(words.folded[parts[-1] : found.last]), found)
        elif found.kind is ActorKind.ORGANISATION:
            _note_acronym(spots, index, words)
            if not found.ids and found.last - found.first == 1:
                others.setdefault(words.folded[found.first], found)
    for found in spots:
        form = " ".join(words.folded[found.first : found.last])
        single = not found.ids and found.label != "PER"
        if single and (form in people or form.removesuffix("s") in people):
            found.kind, found.label = ActorKind.PERSON, "PER"
            others.pop(form, None)
        if found.means:
            others.setdefault(form, found)
    return {**others, **people}


def _spell_out(spots: list[Spot], words: Words) -> None:
    """Note the long form of acronyms that nobody knows, where the document gives it."""
    unknown: dict[str, list[Spot]] = defaultdict(list)
    for found in spots:
        if not found.ids and not found.means and found.last - found.first == 1:
            unknown[words.surfaces[found.first]].append(found)
    for index, surface in enumerate(words.surfaces):
        if surface in unknown and (means := _spelled_out(words, index)):
            for found in unknown[surface]:
                found.means = means


def _spelled_out(words: Words, index: int) -> str:
    """The name whose initials stand in brackets behind it: 'Freunde der Alten Mühle (FAM)'.

    Every capital of the acronym opens a capitalised word; small words between do not count.
    After Schwartz and Hearst (PSB 2003), with initials alone.
    """
    acronym = words.surfaces[index]
    if not _ACRONYM.match(acronym) or not acronym.isupper() or not index:
        return ""
    if words.gap(index - 1).strip() != "(" or not words.after(index).startswith(")"):
        return ""
    first, letters = index, list(acronym)
    while letters and first and (first == index or words.gap(first - 1) in (" ", "-")):
        first -= 1
        if words.capital(first):
            if words.surfaces[first][0] != letters.pop():
                return ""
        elif words.folded[first] not in ARTICLES and words.folded[first] not in _LINKS:
            return ""
    return "" if letters else " ".join(words.phrase(first, index).split())


def _note_acronym(spots: list[Spot], index: int, words: Words) -> None:
    """An acronym in brackets right after a long name means the same."""
    found = spots[index]
    if found.last >= len(words) or found.last - found.first < 2:
        return
    if words.gap(found.last - 1).strip() != "(" or not words.after(found.last).startswith(")"):
        return
    acronym = words.surfaces[found.last]
    follower = spots[index + 1] if index + 1 < len(spots) else None
    letters = iter(words.phrase(found.first, found.last).lower())
    if not _ACRONYM.match(acronym) or not all(c.lower() in letters for c in acronym):
        return
    long_form = " ".join(words.phrase(found.first, found.last).split())
    if follower is not None and follower.first == found.last:
        if not follower.ids:
            follower.kind, follower.label, follower.means = found.kind, "ORG", long_form
    else:
        short = Spot(found.last, found.last + 1, found.kind, label="ORG", means=long_form)
        spots.insert(index + 1, short)
