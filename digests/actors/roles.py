"""Words for offices: 'Außenministerin', 'Kremlchef', 'prime minister'.

A :class:`Role` is an office or occupation with its words in both genders. A
:class:`RoleBook` recognises them in every case and inside compounds
('Unionsfraktionschef' = chef of 'unionsfraktion').
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from digests.actors.names import fold, key

Gender = Literal["m", "f"]
Number = Literal["singular", "plural", "either"]


@dataclass(frozen=True, slots=True)
class Role:
    """An office: ``masculine`` and ``feminine`` German words, ``english`` ones.

    ``covers`` names the roles that this word also stands for ('Staatschef'
    for a president). ``english_at`` are pairs of a body and the English word for
    the office there (usa: 'secretary of state'). ``of`` is the body meant where the text names none
    ('Kremlchef': russland). ``several`` says that many hold it at once.
    """

    id: str
    masculine: tuple[str, ...] = ()
    feminine: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    english_at: tuple[tuple[str, str], ...] = ()
    covers: tuple[str, ...] = ()
    of: str | None = None
    several: bool = False


@dataclass(frozen=True, slots=True)
class RoleWord:
    """A word for a role as it stands in a text.

    ``stem`` is the folded word for the role in the nominative; ``prefix`` the
    folded rest of the compound before it, empty for a simple word.
    """

    role: str
    stem: str
    prefix: str
    gender: Gender | None
    number: Number
    nominative: str
    """The word as a whole, in the nominative, folded case kept: 'Präsidenten' -> 'Präsident'."""


@dataclass(frozen=True, slots=True)
class _Form:
    role: str
    stem: str
    gender: Gender | None
    number: Number
    cut: int
    """Letters to cut from the end for the nominative."""
    ending: str = ""
    """What to put there instead ('Vorsitzenden' -> 'Vorsitzende' + 'r')."""


_WEAK = ("ent", "ant", "ist", "at", "arch", "fürst", "prinz", "narr", "graf", "ot", "nom", "oge")
_NO_PREFIX = frozenset({"ver", "ent", "be", "beg", "zer", "laut", "halb", "hin", "an", "ge"})
_SHORTEST = 4


def _masculine_forms(role: Role, word: str) -> Iterable[tuple[str, _Form]]:
    stem = fold(word)
    if word.endswith("ender") or word[:-1] in role.feminine:  # Vorsitzender, Beauftragter
        base = word[:-1]
        yield base + "r", _Form(role.id, stem, "m", "either", 0)
        yield base, _Form(role.id, stem, "m", "singular", 0, "r")
        yield base + "n", _Form(role.id, stem, "m", "either", 1, "r")
        yield base + "m", _Form(role.id, stem, "m", "singular", 1, "r")
        return
    if fold(word).endswith(_WEAK):
        yield word, _Form(role.id, stem, "m", "singular", 0)
        yield word + "en", _Form(role.id, stem, "m", "either", 2)
        return
    agent = word.endswith(("er", "el", "en"))
    yield word, _Form(role.id, stem, "m", "either" if agent else "singular", 0)
    plural_in_s = word.lower().endswith(("chef", "premier", "vize", "boss"))
    yield word + "s", _Form(role.id, stem, "m", "either" if plural_in_s else "singular", 1)
    if agent:
        yield word + "n", _Form(role.id, stem, "m", "plural", 1)
    else:
        yield word + "es", _Form(role.id, stem, "m", "singular", 2)
        yield word + "e", _Form(role.id, stem, "m", "plural", 1)
        yield word + "en", _Form(role.id, stem, "m", "plural", 2)


def _feminine_forms(role: str, word: str) -> Iterable[tuple[str, _Form]]:
    stem = fold(word)
    yield word, _Form(role, stem, "f", "singular", 0)
    if word.endswith("in"):
        yield word + "nen", _Form(role, stem, "f", "plural", 3)
    elif word.endswith("e"):  # Vorsitzende, Beauftragte
        yield word + "n", _Form(role, stem, "f", "either", 1)


class RoleBook:
    """All roles, recognised by their words."""

    def __init__(self, roles: Iterable[Role] = ()) -> None:
        self.roles = {role.id: role for role in roles}
        self._forms: dict[str, list[_Form]] = {}
        self._english: dict[str, str] = {}
        for role in self.roles.values():
            for word in role.masculine:
                self._index(_masculine_forms(role, word))
            for word in role.feminine:
                self._index(_feminine_forms(role.id, word))
            for phrase in role.english:
                self._english.setdefault(key(phrase), role.id)
        self._shortest = min(map(len, self._forms), default=_SHORTEST)
        self._covered = {role: self._closure(role) for role in self.roles}
        self.longest_english = max((k.count(" ") + 1 for k in self._english), default=0)
        self.english_heads = frozenset(k.split(" ")[0] for k in self._english)
        self.parse = lru_cache(maxsize=1 << 15)(self._parse)

    def _index(self, forms: Iterable[tuple[str, _Form]]) -> None:
        for word, form in forms:
            self._forms.setdefault(fold(word), []).append(form)

    def _closure(self, role: str) -> frozenset[str]:
        found: set[str] = set()
        queue = [role]
        while queue:
            current = queue.pop()
            if current not in found and current in self.roles:
                found.add(current)
                queue += self.roles[current].covers
        return frozenset(found)

    def covered(self, role: str) -> frozenset[str]:
        """The role itself and all that its words also stand for."""
        return self._covered.get(role, frozenset())

    def default_body(self, role: str) -> str | None:
        """The body meant where none is named: 'Kremlchef' -> 'russland'."""
        return self.roles[role].of

    def english(self, phrase: str) -> str | None:
        """The role that a folded English phrase names: 'foreign minister'."""
        return self._english.get(phrase)

    def words(self) -> tuple[str, ...]:
        """All German words for roles, in the nominative singular."""
        return tuple(w for role in self.roles.values() for w in (*role.masculine, *role.feminine))

    def word(self, role: str, gender: Gender | None) -> str:
        """The first word for a role in a gender: ('aussenminister', 'f') -> 'Außenministerin'."""
        entry = self.roles[role]
        words = entry.feminine if gender == "f" else entry.masculine
        return (words or entry.masculine or entry.feminine or entry.english or (role,))[0]

    def english_word(self, role: str, body: str, gender: Gender | None) -> str:
        """The English word for a role at a body: 'spokeswoman', 'secretary of state'."""
        entry = self.roles[role]
        if special := dict(entry.english_at).get(body):
            return special
        word = next(iter(entry.english), "")
        woman = f"{word.removesuffix('man')}woman"
        return woman if gender == "f" and woman in entry.english else word

    def _parse(self, word: str) -> RoleWord | None:
        """What office the last part of a German word names; None where it names none.

        ``word`` as it stands in the text, without hyphens. The longest word for a role wins.
        """
        folded = fold(word)
        if not word[:1].isalpha() or len(folded) < self._shortest:
            return None
        if found := self._forms.get(folded):
            return self._role_word(word, "", found)
        for start in range(2, len(folded) - _SHORTEST + 1):
            if (found := self._forms.get(folded[start:])) and folded[:start] not in _NO_PREFIX:
                return self._role_word(word, folded[:start], found)
        return None

    def _role_word(self, word: str, prefix: str, forms: list[_Form]) -> RoleWord:
        form = forms[0]
        genders = {other.gender for other in forms}
        numbers = {other.number for other in forms}
        nominative = (word[: -form.cut] if form.cut else word) + form.ending
        return RoleWord(
            role=form.role,
            stem=form.stem,
            prefix=prefix,
            gender=form.gender if len(genders) == 1 else None,
            number=numbers.pop() if len(numbers) == 1 else "either",
            nominative=nominative,
        )
