"""German verbs of saying in all their forms.

Verbs are listed with their principal parts and inflected here by the regular
patterns (Konjunktiv I: stem and -e, -en).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto
from typing import Final


class Use(Flag):
    """What a verb of saying does with the words around it."""

    SAY = auto()  # sagen: takes quotations and clauses
    THINK = auto()  # glauben: a claim where a clause follows
    ACT = auto()  # fordern: its own clause reports what was said
    CALL = auto()  # nennen: the quoted word is what was said
    BLAME = auto()  # vorwerfen: the quoted word is the charge
    CITE = auto()  # zitieren: the subject passes on what the object said


class Form(Flag):
    """Which form of its verb a word is."""

    FINITE = auto()
    JOINED = auto()  # mitteilte: finite and together with its particle
    PARTICIPLE = auto()
    INFINITIVE = auto()


@dataclass(frozen=True, slots=True)
class Cue:
    """One reading of a word as a verb of saying.

    ``particle`` ends the clause of a finite form ("teilte … mit");
    ``companion`` is a word the clause must hold ("machte … deutlich").
    """

    lemma: str
    particle: str
    companion: str
    use: Use
    form: Form


# Infinitive, third person singular of present and preterite, participle.
_STRONG: Final = {
    parts[0]: parts
    for parts in (
        line.split()
        for line in """
bieten bietet bot geboten
bitten bittet bat gebeten
bringen bringt brachte gebracht
denken denkt dachte gedacht
fahren fährt fuhr gefahren
finden findet fand gefunden
geben gibt gab gegeben
gehen geht ging gegangen
greifen greift griff gegriffen
halten hält hielt gehalten
heben hebt hob gehoben
kennen kennt kannte gekannt
kommen kommt kam gekommen
lassen lässt ließ gelassen
nennen nennt nannte genannt
raten rät riet geraten
rufen ruft rief gerufen
scheiden scheidet schied geschieden
schlagen schlägt schlug geschlagen
schließen schließt schloss geschlossen
schreiben schreibt schrieb geschrieben
sehen sieht sah gesehen
sprechen spricht sprach gesprochen
stehen steht stand gestanden
streichen streicht strich gestrichen
streiten streitet stritt gestritten
fehlen fehlt fahl gefohlen
treten tritt trat getreten
weisen weist wies gewiesen
wenden wendet wandte gewandt
werben wirbt warb geworben
werfen wirft warf geworfen
wissen weiß wusste gewusst
""".strip().splitlines()
    )
} | {"empfehlen": ["empfehlen", "empfiehlt", "empfahl", "empfohlen"]}

# verb, particle+verb, verb&companion. A verb may stand under several uses.
_VERBS: Final = {
    Use.SAY: """
sagen erklären betonen berichten antworten erwidern entgegnen ergänzen erläutern versichern
behaupten beteuern bekräftigen bestätigen bemerken äußern meinen fragen kommentieren konstatieren
informieren argumentieren präzisieren resümieren bilanzieren formulieren kritisieren fordern
warnen mahnen twittern posten schildern verkünden verdeutlichen witzeln spotten scherzen jubeln
klagen beklagen bedauern begründen melden vermelden folgern prognostizieren prophezeien ermahnen
appellieren plädieren spekulieren mutmaßen urteilen rechtfertigen signalisieren monieren rügen
bemängeln beanstanden notieren flüstern skandieren drohen wettern höhnen verlautbaren referieren
deklarieren loben danken erwähnen geben+vor verlangen begrüßen verurteilen würdigen dementieren
teilen+mit fügen+hinzu setzen+hinzu räumen+ein stellen+klar stellen+fest kündigen+an merken+an
sichern+zu sagen+aus legen+nach sagen+voraus sagen+vorher mahnen+an führen+aus führen+an
stellen+richtig sagen+zu schreiben sprechen versprechen beschreiben unterstreichen rufen gestehen
bekennen widersprechen heben+hervor streichen+heraus geben+zu geben+an geben+bekannt geben+wieder
fahren+fort rufen+aus werfen+ein wenden+ein gestehen+ein gestehen+zu weisen+hin weisen+zurück
werfen+vor schlagen+vor fordern+auf rufen+auf streiten+ab verweisen&darauf machen&deutlich
machen&klar machen&geltend machen+bekannt lassen&wissen lassen&durchblicken lassen&verlauten
bringen&Ausdruck geben&Protokoll melden&Wort kommen&Schluss vertreten&Auffassung vertreten&Meinung
vertreten&Ansicht vertreten&Standpunkt zeigen&überzeugt zeigen&zuversichtlich zeigen&enttäuscht
zeigen&besorgt zeigen&erfreut geben&überzeugt sehen&bestätigt reagieren richten+aus lauten
drängen besagen regen+an schränken+ein erzählen legen+dar deuten+an wiederholen schimpfen poltern
beharren fassen+zusammen haken+nach prahlen brüllen drücken+aus titeln
""",
    Use.THINK: """
glauben hoffen vermuten befürchten fürchten erwarten schätzen bezweifeln argwöhnen wünschen ahnen
rechnen denken wissen erkennen beschließen entscheiden vereinbaren gehen+aus&davon stellen+heraus
gehen+hervor ermitteln belegen ergeben errechnen erhoffen berufen&darauf finden+heraus
kommen&Ergebnis kommen&Erkenntnis halten&möglich halten&wahrscheinlich halten&unwahrscheinlich
halten&ausgeschlossen begrüßen kritisieren verurteilen verteidigen loben würdigen beklagen
bedauern bemängeln rügen begründen bekräftigen beanstanden lehnen+ab prangern+an räumen+ein
weisen+zurück bitten sprechen+aus bieten+an widersprechen treten+entgegen werben beschuldigen
verpflichten weigern bestreiten leugnen erklären&bereit erinnern beantragen verdächtigen weisen+an
befürworten
""",
    Use.ACT: """
fordern verlangen warnen beschuldigen bezichtigen plädieren beziffern bezeichnen nennen
dementieren bestreiten kündigen+an mahnen+an fordern+auf rufen+auf werfen+vor schlagen+vor
versprechen raten empfehlen raten+ab schließen+aus sprechen&von sprechen&vom leugnen unterstellen
appellieren sichern+zu sagen+zu werten berichten&von berichten&vom verweisen&auf gehen+aus&von
schreiben+zu klagen&über regen+an sagen+voraus
""",
    Use.CALL: """
nennen bezeichnen beschreiben werten charakterisieren beschimpfen titulieren brandmarken geißeln
schätzen+ein stufen+ein sprechen sehen kritisieren warnen loben würdigen rügen begründen fordern
verurteilen verspotten diffamieren feiern beurteilen rechtfertigen weisen+zurück halten&für
halten&als attackieren sehen+an&als bewerten abstempeln versprechen
""",
    Use.BLAME: """
werfen+vor unterstellen bezichtigen bescheinigen attestieren halten+vor kreiden+an brandmarken
""",
    Use.CITE: "zitieren",
}

_INSEPARABLE: Final = ("be", "emp", "ent", "er", "ge", "miss", "unter", "ver", "wider", "zer")


def _parts(infinitive: str) -> tuple[str, str, str]:
    """Third person singular of present and preterite, and participle."""
    if infinitive in _STRONG:
        return _STRONG[infinitive][1], _STRONG[infinitive][2], _STRONG[infinitive][3]
    prefix = next((item for item in _INSEPARABLE if infinitive.startswith(item)), "")
    base = infinitive.removeprefix(prefix)
    if prefix and base in _STRONG:
        _, present, preterite, participle = _STRONG[base]
        return prefix + present, prefix + preterite, prefix + participle.removeprefix("ge")
    stem = infinitive[:-2] if infinitive.endswith("en") else infinitive[:-1]
    link = "e" if stem.endswith(("t", "d", "chn", "ffn", "gn")) else ""
    bare = bool(prefix) or infinitive.endswith("ieren")
    return stem + link + "t", stem + link + "te", ("" if bare else "ge") + stem + link + "t"


def _finite(infinitive: str) -> tuple[str, ...]:
    """Third persons of present and preterite, and of Konjunktiv I."""
    present, preterite, _ = _parts(infinitive)
    stem = infinitive[:-2] if infinitive.endswith("en") else infinitive[:-1]
    plural = preterite + ("n" if preterite.endswith("e") else "en")
    return present, infinitive, preterite, plural, stem + "e"


_KNOWN: Final = Cue("bekannt werden", "", "", Use.THINK, Form.PARTICIPLE)


def _build() -> dict[str, tuple[Cue, ...]]:
    table: dict[str, dict[tuple[str, str, Form], Cue]] = {}

    def put(word: str, cue: Cue) -> None:
        readings = table.setdefault(word, {})
        key = (cue.lemma, cue.companion, cue.form)
        use = cue.use | readings[key].use if key in readings else cue.use
        readings[key] = Cue(cue.lemma, cue.particle, cue.companion, use, cue.form)

    for use, verbs in _VERBS.items():
        for entry in verbs.split():
            name, _, companion = entry.partition("&")
            infinitive, _, particle = name.partition("+")
            lemma, companion = particle + infinitive, companion.lower()
            for word in _finite(infinitive):
                put(word, Cue(lemma, particle, companion, use, Form.FINITE))
                if particle:
                    put(particle + word, Cue(lemma, "", companion, use, Form.JOINED))
            participle = particle + _parts(infinitive)[2]
            put(participle, Cue(lemma, "", companion, use, Form.PARTICIPLE))
            if particle == "bekannt":  # written apart: hat bekannt gegeben
                apart = _parts(infinitive)[2]
                put(apart, Cue(lemma, "", particle, use, Form.PARTICIPLE))
            put(particle + infinitive, Cue(lemma, "", companion, use, Form.INFINITIVE))
    for noun in ("meinung", "ansicht", "auffassung", "überzeugung", "überzeugt", "sicher"):
        for word in ("ist", "sind", "war", "waren"):
            put(word, Cue(f"{noun} sein", "", noun, Use.THINK | Use.SAY, Form.FINITE))
    table["bekannt"] = {("bekannt werden", "", Form.PARTICIPLE): _KNOWN}
    for word in (
        "bekannte",
        "bekannten",
        "bitte",
        "weiß",
        "wissen",
        "rate",
    ):  # adjective, please, white
        table.pop(word, None)
    return {word: tuple(readings.values()) for word, readings in table.items()}


CUES: Final = _build()
"""Lower-case word -> its readings as a form of a verb of saying."""
