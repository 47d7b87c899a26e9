"""Words: folding, stemming, stop words, German compounds, and the key terms of a text.

Everything that compares words in Depesche does so here: a word is folded
(case, diacritics, invisible characters), stemmed by the Snowball stemmer of
its language, and function words are left out. A German compound is matched by
its parts: 'Sanktion' finds 'Wirtschaftssanktionen', 'Sanktionspaket' and
'sanktioniert'.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from threading import Lock
from typing import NamedTuple, Protocol

import snowballstemmer

from digests.types import Mention, MentionForm, Sentence, SentenceKind

_ALGORITHMS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "sv": "swedish",
}

_GERMAN_STOP_WORDS = """
ab aber alle allem allen aller allerdings alles als also am an andere anderem anderen anderer
anderes anders auch auf aus außer außerdem
bald bei beide beiden beim bereits bevor bin bis bisher bist da dabei dadurch dafür dagegen daher
dahin damals damit danach daneben dann daran darauf daraus darf darin darüber darum darunter das
dass daß davon davor dazu dein deine dem demnach den denen denn dennoch der deren derer derselbe
derzeit des deshalb dessen desto deswegen dich die dies diese dieselbe diesem diesen dieser dieses
dir doch dort du durch dürfe dürfen dürfte
eben ebenfalls ebenso ein eine einem einen einer eines einig einige einigen einiger einiges einmal
er erst erste erstmals es etwa etwas euch euer eure falls fast für
gab gegen gegenüber gehabt geht gemäß gerade gibt gleichzeitig gar geworden gewesen
habe haben habt hat hatte hätte hatten hätten her heute hier hin hingegen hinter
ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres im immer in indem indes indessen infolge
inzwischen innerhalb ins insgesamt ist ja je jede jedem jeden jeder jedes jedoch jene jenem jenen
jener jenes jetzt
kam kann kein keine keinem keinen keiner keines knapp könne können könnte könnten kommen kommt
künftig
lassen lässt ließ man mancher manche mehr mein meine meist mich mir mit mittlerweile mochte möchte
möge mögen müsse müssen muss musste müsste müssten
nach nachdem nahezu neben nicht nichts nie niemand noch nun nur
ob oder obwohl oft ohne per rund
samt schon sehr sei seien sein seine seinem seinen seiner seines seit seitdem selbst selber sich
sie sind so sobald sodass sogar solch solche solchem solchen solcher solches soll solle sollen
sollte sollten somit sondern sonst soweit sowie sowohl statt stets
trotz über überhaupt um und uns unser unsere unserem unseren unter unterdessen usw
viel viele vielen vieler vom von vor vorher während war wäre waren wären warum was weder wegen weil
weit weiter weitere weiteren weiterer weiterhin welche welchem welchen welcher welches wem wen wenig
wenige wenn wer werde werden weshalb wessen wie wieder will wir wird wo wobei wohl wolle wollen
wollte wollten wollt worden wurde würde wurden würden wurden
zu zudem zugleich zuletzt zum zunächst zur zusammen zuvor zwar zwischen
"""

_ENGLISH_STOP_WORDS = """
a about above across after again against ago all almost along already also although always am among
an and another any are as at away
be became because become been before being below between both but by came can cannot could
did do does doing done down during each either else even ever every few first for from further
get gets got had has have having he her here hers herself him himself his how however
i if in into is it its itself just last later least less let like made make many may me might more
most much must my myself near neither never next no nor not now
of off often on once one only onto or other others our out over own per perhaps quite
rather said same saw say says see seen several shall she should since so some still such
take than that the their them themselves then there therefore these they this those though through
throughout thus to together too toward towards under until up upon us use used
very via was way we well were what when where whether which while who whom whose why will with
within without would yes yet you your
"""

_GERMAN_NEWS_WORDS = """
angabe angaben agentur bekräftigte bekräftigt berichtet berichtete berichteten bericht betonte
betont bezeichnete dpa afp ap rtr epd kna reuters erklärt erklärte erklärten fügte hieß hinzu
kündigte laut meldete meldet mitgeteilt mitteilte nachrichtenagentur prozent sagt sagte sagten
sagen schrieb sprach sprecher sprecherin teilte teilten uhr zeitung zitierte zufolge gestern
morgen abend nacht mittag vormittag nachmittag tag tage tagen tages woche wochen monat monate
monaten jahr jahre jahren montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag
januar jänner februar feber märz april mai juni juli august september oktober november dezember
"""

_ENGLISH_NEWS_WORDS = """
according added agency announced ap afp reuters correspondent news newspaper percent quoted reported
reporter report spokesman spokeswoman statement stated told
today yesterday tomorrow morning afternoon evening night day days week weeks month months year years
monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
"""

_GERMAN_COMMON_WORDS = """
abkommen amt angriff anschlag antrag arbeit armee aufgabe ausland außenminister außenministerium
bank bedeutung beginn behörde behörden beratung beschluss besuch beteiligung bevölkerung bund
bundeskanzler bundesregierung bundestag bürger chef debatte deutsch deutsche deutschland druck
ende entscheidung entwicklung erfolg ergebnis erwartet erwarten euro europa europäisch europäische
experte fall familie folge folgen form forderung forderte fordert frage frau führung gebiet gefahr
gemeinsam gericht geschichte gesellschaft gesetz gespräch gespräche grenze groß große großen grund
gruppe gut haus hilfe hoch hohe international internationale kampf kanzler kind kinder klar
konflikt kosten kraft krieg krise kritik lage land länder lang lange leben leute linie lösung
macht mann markt maßnahme maßnahmen medien meinung mensch menschen militär militärisch milliarde
milliarden million millionen minister ministerin ministerium mitglied mitglieder möglich
möglichkeit nation national neu neue neuen neuer öffentlich öffentlichkeit opposition organisation
ort parlament partei parteien plan polen politik politiker politisch politische polizei position
präsident problem projekt punkt quelle rahmen recht rede regierung regierungschef region richtung
rolle sache schritt seite sicherheit situation soldat soldaten sondern spitze staat staaten
staatlich staatschef stadt stand stark stelle streit system teil teilnehmer thema tod tote treffen
truppen unternehmen unterstützung verantwortung verband verein verfahren vergangen vergangene
vergangenen verhandlung verhandlungen verletzt vertrag vertreter vorsitzende vorsitzender vorwurf
vorwürfe waffe waffen wahl warnte warnt weg welt weltweit westen westlich wichtig wirtschaft ziel
zahl zeit zentrum zivil zugleich zukunft zusammenarbeit zustimmung zwei drei vier fünf bleiben
bringen finden führen geben gehen halten liegen machen nehmen sehen stehen stellen ankündigen
betonen erklären fordern warnen kritisieren
"""

_ENGLISH_COMMON_WORDS = """
action against agreement aid american area army attack attacks authorities bank billion border
business called case change chief city company conference conflict control council countries
country court crisis day deal death decision defense development economic economy effort election
end european expected face family federal force forces foreign former full future general global
good government group head help high home hospital house human important including increase
international issue killed law leader leaders life local long major man market meeting member
members military million minister ministry money move national new number office official
officials old opposition order part party peace people percent place plan police policy political
power president problem program public question region relations right rights role rule security
service set show side situation social south state states statement step strong support system
talks team term time top trade troops two three four five union united vote war work workers world
year
"""

_JOINERS = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_WORD = re.compile(rf"\d{{1,3}}(?:[.,'’\u202f\u00a0]\d{{3}})+(?!\d)|[^\W_](?:[^\W_]|[{_JOINERS}])*")
_SEPARATORS = re.compile(r"[.,'’\u202f\u00a0]")
_INFLECTION = re.compile(r"(?:en|e|n|s)$")
_GAP = re.compile(r"[.!?;:\n]")

SUBJUNCTIVE = re.compile(
    r"\b(?:sei|seien|habe|werde|könne|müsse|solle|wolle|dürfe|möge|gebe|gehe|komme|stehe|bleibe"
    r"|lasse|liege|halte|wisse|brauche|mache|nehme|sehe|finde|tue|handele?|bestehe|gelte|diene"
    r"|drohe|führe|arbeite|spiele|verfüge|zeige|trage|sitze|spreche|erwarte|hoffe|glaube|fordere"
    r"|wünsche|unterstütze|plane|bedeute|setze|ziehe|treffe|helfe|fehle|heiße|beginne|bringe)\b"
)
"""Frequent verbs in Konjunktiv I, where its form is its own: somebody else is speaking."""

_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)

_FALSE_FRIENDS = {
    "bank": ("bankett", "bankrott"),
    "euro": ("europ",),
    "gift": ("giftig",),
    "krim": ("krimi",),
    "wahl": ("wahlweis", "wahllos"),
    "wand": ("wander",),
    "zoll": ("zollstock",),
    "polen": ("polenta",),
    "protest": ("protestant",),
    "unruh": ("unruhig",),
}
"""Words as they begin a compound, and beginnings of words that only look like one."""


class Word(NamedTuple):
    """A content word: ``stem`` of the characters ``[start, end)`` of the text it was found in."""

    start: int
    end: int
    stem: str


def fold(text: str) -> str:
    """Return ``text`` as it is compared: casefolded, without diacritics and invisible characters.

    'ß' becomes 'ss', 'ü' 'u', 'ł' 'l'; zero-width characters and soft hyphens
    vanish, so the length may change. Folding twice changes nothing.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKD", text.casefold()).casefold()
    text = text.translate(_UNDECOMPOSED)
    kept = (c for c in text if unicodedata.category(c) not in {"Mn", "Cf"})
    return unicodedata.normalize("NFKD", "".join(kept))


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  # the library's name


@lru_cache(maxsize=8)
def _stemmer(language: str) -> tuple[_Stemmer, Lock] | None:
    """Return the language's Snowball stemmer with a lock: it keeps the word it works on."""
    name = _ALGORITHMS.get(language)
    return (snowballstemmer.stemmer(name), Lock()) if name else None


@lru_cache(maxsize=1 << 16)
def stem(word: str, language: str) -> str:
    """Return the folded Snowball stem of ``word``.

    ``language`` is an ISO 639-1 code; where Snowball does not know it, the word
    is only folded. Method: Porter, Snowball (2001).
    """
    folded = fold(word)
    tool = _stemmer(language)
    if tool is None:
        return folded
    stemmer, lock = tool
    with lock:
        return fold(stemmer.stemWord(folded))


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


_PARTICLES = _folded("""
    ab an auf aus be bei durch ein ent er fort ge gegen her hin hinter miss mit nach nieder
    über um un unter ver vor wider wieder weg zer zu zurück zusammen
""")
"""What stands before a word without making a compound of it: 'Auswahl' is no 'Wahl'."""

_ENDINGS = _folded("haft heit isch keit lich ling schaft samkeit ismus ation ierung")
"""Derivational endings, which no query finds inside other words ('Haft' in 'Mannschaft')."""

_STOP_WORDS = {"de": _folded(_GERMAN_STOP_WORDS), "en": _folded(_ENGLISH_STOP_WORDS)}
_NEWS_WORDS = {"de": _folded(_GERMAN_NEWS_WORDS), "en": _folded(_ENGLISH_NEWS_WORDS)}
_COMMON_WORDS = {"de": _folded(_GERMAN_COMMON_WORDS), "en": _folded(_ENGLISH_COMMON_WORDS)}
_NONE: frozenset[str] = frozenset()
_ACRONYMS = frozenset({"IT", "US", "WHO"})
"""Names that are function words when written small."""


def words(text: str, language: str) -> Iterator[Word]:
    """Yield the content words of ``text`` in order, with offsets.

    Function words and single characters are left out; hyphenated words come in
    parts; '8.500' and '8 500' are one number, 8500.
    """
    stop_words = _STOP_WORDS.get(language, _NONE)
    for match in _WORD.finditer(text):
        written = match.group()
        if written[0].isdigit():
            written = _SEPARATORS.sub("", written)
        folded = fold(written)
        if len(folded) > 1 and (folded not in stop_words or written in _ACRONYMS):
            yield Word(match.start(), match.end(), stem(folded, language))


def function_word(word: str) -> bool:
    """Whether a folded word is a function word of a language, and no name: 'May' is one of both."""
    return word not in _ALSO_NAMES and any(word in stop for stop in _STOP_WORDS.values())


_ALSO_NAMES = frozenset(("may", "will", "us"))


def stems(text: str, language: str) -> list[str]:
    """Return the stems of the content words of ``text``, in order."""
    return [word.stem for word in words(text, language)]


def follows(text: str, first: Word, second: Word) -> bool:
    """Say whether only function words of the same clause stand between two words."""
    gap = text[first.end : second.start]
    return len(gap) <= 24 and not _GAP.search(gap)


class Query(NamedTuple):
    """A word that is looked for: its stem, and the form it has at the head of a compound."""

    stem: str
    modifier: str


@lru_cache(maxsize=1 << 12)
def query(word: str, language: str) -> Query:
    """Return ``word`` as it is looked for.

    The last part of a compound is inflected as the word itself, so the stem is
    found there; the parts before it stand in their written form. Snowball cuts
    'Rakete' to 'rak' and 'Protest' to 'prot', but it is 'raket' that begins
    'Raketenabwehr', and 'prot' that begins 'Protokoll'.
    """
    found = stem(word, language)
    bare = _INFLECTION.sub("", fold(word))
    return Query(found, bare if language == "de" and len(bare) > len(found) else found)


@lru_cache(maxsize=1 << 17)
def matches(query: str, text: str, *, modifier: str | None = None, compounds: bool = True) -> bool:
    """Say whether the stem ``query`` finds the stem ``text``; both as :func:`stem` gives them.

    Besides equal stems, ``query`` is found at the end of a compound (from four
    letters on, unless what stands before is a verbal prefix; three letters
    after at least six), and ``modifier`` (see :func:`query`; else ``query``) at
    its beginning or inside it (from five letters on; four at the beginning
    where three more follow). ``compounds`` False, for languages that write
    compounds apart, asks for equality.
    """
    if query == text:
        return True
    part = modifier or query
    if not compounds or query in _ENDINGS or text.startswith(_FALSE_FRIENDS.get(part, ())):
        return False
    if text.endswith(query):
        before = text[: -len(query)]
        if len(query) >= 4:
            return len(before) >= 3 and before not in _PARTICLES
        return len(query) == 3 and len(before) >= 6
    if text.startswith(part):
        return len(part) >= 5 or (len(part) == 4 and len(text) - len(part) >= 3)
    before = text[: text.find(part)] if part in text else ""
    return len(part) >= 5 and len(before) >= 3 and before not in _PARTICLES


def key_words(
    text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention], language: str
) -> list[Word]:
    """Return the content words of ``text`` that say what it is about, in order, with offsets.

    Left out are fragments (bylines, lists), the words of news and of time that
    say nothing of what a report is about ('sagte', 'Montag'), and names of
    resolved actors: they are in the mentions, counted under one id whatever
    their form. Names that nobody resolved are ordinary words here.
    """
    names = sorted(
        (m.start, m.end) for m in mentions if m.actor is not None and m.form is MentionForm.NAME
    )
    news = _news_stems(language)
    found = []
    for sentence in sentences:
        if sentence.kind is SentenceKind.FRAGMENT:
            continue
        for word in words(text[sentence.start : sentence.end], language):
            start = word.start + sentence.start
            index = bisect_right(names, (start, len(text))) - 1
            named = index >= 0 and start < names[index][1]
            if not named and word.stem not in news:
                found.append(Word(start, word.end + sentence.start, word.stem))
    return found


def key_terms(
    text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention], language: str
) -> dict[str, int]:
    """Count the stems of :func:`key_words`: what :attr:`digests.types.Reading.terms` holds."""
    return dict(Counter(word.stem for word in key_words(text, sentences, mentions, language)))


@lru_cache(maxsize=8)
def _news_stems(language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in _NEWS_WORDS.get(language, _NONE))


def common(word: str, language: str) -> bool:
    """Say whether a stem is of a word that stands in news of every kind ('Regierung')."""
    return word in _common_stems(language)


@lru_cache(maxsize=8)
def _common_stems(language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in _COMMON_WORDS.get(language, _NONE))


def content(found: Iterable[str], language: str) -> list[str]:
    """Return ``found`` stems without the words of news and time."""
    news = _news_stems(language)
    return [word for word in found if word not in news]
