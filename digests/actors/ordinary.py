"""Ordinary words that a pipeline takes for persons: 'Erdgas', 'Räuber', 'Besorgt'.

Asked only of a word that nobody is known by, that no title or first name stands
beside, and that would become a new person. Besides the words of the list the
grammar of the text tells: an article before it wherever it stands, a plural verb
behind it, the same word written small, a subject of its own behind the verb,
quotation marks around it alone.
"""

from __future__ import annotations

import re

from digests.actors.names import wordset
from digests.actors.scene import Scene
from digests.actors.spotting import Spot, quoted

_DETERMINERS = wordset(
    "der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner "
    "sein seine seinen seinem seiner seines ihr ihre ihren ihrem ihrer ihres dieser diese dieses "
    "diesen diesem jeder jede jedes jeden jedem manche mancher solche viele mehrere einige alle "
    "zwei drei vier im am zum zur vom beim ins the a an"
)
_INFLECTED = ("e", "en", "er", "es", "em")
_VERBAL = ("te", "ten")
_PRONOUNS = wordset("der die das dieser diese dieses viele einige mehrere alle manche solche")
"""What such a word is a verb behind: 'Das erklärte Huber'."""
_PLURALS = wordset(
    "haben hatten sind waren werden wurden wollen wollten sollen sollten konnen konnten mussen "
    "mussten durfen durften sagten glaubten gaben nahmen kamen gingen standen griffen forderten"
)
_SUBJECTS = wordset("er man es")
_THINGS = re.compile(
    r".(stiftung|gesellschaft|gruppe|verein|verband|partei|zeitung|institut|organisation"
    r"|anhanger|kenner|gegner|torwart|sturmer|spieler|fahrer|chinesen|russen|deutsche)s?$"
)
"""What a compound ends with that is no surname."""
_NAMED_SO = re.compile(
    r"(hersteller|konzern|firma|unternehmen|sender|kanal|magazin|zeitung|zeitschrift|verlag|marke"
    r"|team|klub|verein|band|gruppe|bezirk|sekte|software|agentur|bank|airline|werft)s?$"
)
"""Nouns behind which a name is a body's."""
_DOMAIN = re.compile(r"^[\w-]+(\.[\w-]+)*\.[a-z]{2,4}$")
_ACRONYM = 3


class OrdinaryWords:
    """Which words of one document are no person's name."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        words = scene.words
        self._small = {
            words.folded[k] for k, surface in enumerate(words.surfaces) if surface.islower()
        }

    def is_domain(self, found: Spot) -> bool:
        """Whether a name is that of a site: 'beispiel.de'."""
        return bool(_DOMAIN.match(self._scene.surface(found)))

    def is_word(self, found: Spot) -> bool:
        """Whether an unknown name of one word is an ordinary one, or that of a body."""
        scene, last = self._scene, found.last - 1
        word, surface = scene.words.folded[last], scene.words.surfaces[last]
        single = found.last - found.first == 1
        if scene.catalogue.ordinary(word) or self._is_compound(found, word):
            return True
        if single and surface.isupper() and len(surface) >= _ACRONYM:
            return True
        return self._named_so(found) or (
            single
            and scene.document.language == "de"
            and (
                (word in self._small and scene.opens(found.first))
                or self._plural(found)
                or self._opens_for_another(found)
                or self._of_a_place(found)
                or self._always_determined(word)
                or quoted(scene.words, found)
            )
        )

    def _is_compound(self, found: Spot, word: str) -> bool:
        joined = found.last - found.first > 1
        return bool(_THINGS.search(word if not joined else "-" + word))

    def _named_so(self, found: Spot) -> bool:
        """'der Hersteller Vogtner', 'das Magazin Morgenrot'."""
        words, first = self._scene.words, found.first
        before = first > 0 and words.gap(first - 1) == " " and words.capital(first - 1)
        return before and bool(_NAMED_SO.search(words.folded[first - 1]))

    def _plural(self, found: Spot) -> bool:
        """'Förster sagten': a plural verb behind the first word of a sentence."""
        words, last = self._scene.words, found.last
        behind = self._scene.opens(found.first) and last < len(words) and words.gap(last - 1) == " "
        return behind and words.folded[last] in _PLURALS

    def _opens_for_another(self, found: Spot) -> bool:
        """'Wütend ging er', 'Betrübt äußerte sich auch der Minister'."""
        words, last = self._scene.words, found.last
        if not self._scene.opens(found.first) or last + 2 >= len(words):
            return False
        if words.gap(last - 1) != " " or words.capital(last):
            return False
        following = words.folded[last + 1]
        if following == "sich":
            nominative = last + 2 + (words.folded[last + 2] == "auch")
            return words.folded[nominative : nominative + 1] in (["der"], ["die"], ["das"])
        return following in _SUBJECTS

    def _of_a_place(self, found: Spot) -> bool:
        """'Ellwanger Bürgermeisterin': a town's adjective before an office."""
        words, last = self._scene.words, found.last
        if not words.folded[last - 1].endswith("er") or last >= len(words):
            return False
        if words.gap(last - 1) != " " or not words.capital(last):
            return False
        return self._scene.catalogue.roles.parse(words.surfaces[last]) is not None

    def _always_determined(self, word: str) -> bool:
        """Whether an article or the like stands before a word wherever the text has it."""
        words = self._scene.words
        places = [k for k, folded in enumerate(words.folded) if folded == word]
        return all(self._determined(k) for k in places)

    def _determined(self, index: int) -> bool:
        words = self._scene.words
        verbal = False
        for _ in range(3):
            if not index or words.gap(index - 1) != " ":
                return False
            index -= 1
            word, folded = words.surfaces[index], words.folded[index]
            if folded in _DETERMINERS or word.isdigit():
                return not (verbal and folded in _PRONOUNS)
            if word[0].isupper() or not word.endswith(_INFLECTED):
                return False
            verbal = verbal or word.endswith(_VERBAL)
        return False
