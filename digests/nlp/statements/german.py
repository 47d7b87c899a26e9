"""Small German words and the moods of verbs, as far as reading speech needs them.

Data and tests of single words only; what is made of them is in the modules
beside.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from digests.nlp.statements.lexicon import endings, listed

TIME_ENDINGS: Final = endings(
    """montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag januar jänner februar
    feber märz april mai juni juli august september oktober november dezember tag tagen abend
    morgen vormittag nachmittag mittag nacht woche wochen wochenende monat monaten jahr jahre jahren
    uhr stunde stunden minuten auftakt anschluss rande"""
)

HAVE: Final = listed("hat haben hatte hatten habe hätte hätten")
BECOME: Final = listed(
    "wird werden wurde wurden werde würde würden worden ist sind war waren sei seien"
)
MODAL: Final = listed(
    """kann können konnte konnten könne könnte könnten muss müssen musste mussten müsse müsste
    müssten soll sollen sollte sollten solle will wollen wollte wollten wolle darf dürfen durfte
    durften dürfe dürfte dürften mag mögen möge möchte möchten"""
)

# Konjunktiv I of the third person, where no other form or adjective looks the same.
_MOOD_STEMS: Final = """
arbeit beabsichtig bedeut bedürf befind befürcht befürwort beginn begrüß behalt beherrsch beinhalt
beitrag bekenn bekomm bemüh berat berichtig beruh beschäftig besitz besteh bestätig besuch betrag
betreff bewirk bezahl bezieh biet bild bitt bleib brauch bring darstell dien diskutier droh
einsetz enthalt entscheid entsprech entsteh entwickl erfahr erfolg erfüll ergeb erhalt erinner
erkenn erklär erlaub erleb erleichter ermöglich erreich erschein ersetz erwart erwäg erzeug
existier fahr fall fehl find flieg fließ folg forder fortsetz freu funktionier fühl führ fürcht
garantier geb gefährd geh gehör gelang gelob gelt genieß gescheh gestalt gewinn gewähr glaub greif
grenz halt handel handl hass heg heiß helf herbeiführ herrsch hinder hineinzieh hinterlass hoff
häng hör informier interessier kauf kenn klag klapp koch komm konzentrier kost kämpf kümmer kündig
lass lauer lauf leb lehn leist lern les lieb lieg mach mein misch missbrauch mitteil mög nehm nutz
nähr ordn pass passier plan plädier produzier profitier prüf rat reagier rechn red reduzier regier
richt ruf ruh sag sammel schaff schein scheiter schick schließ schreib schwäch schütz seh send
setz sicher sink sitz sorg spiel sprech stamm stattfind steh steig stell sterb stimm streb streit
stärk stör stütz such tausch teil trag treff treib tret trink tu umfass unterlieg unternehm
unterscheid unterschreib unterstell unterstütz untersuch verantwort verbesser verbiet verbind
verbleib verdien vereinbar verfolg verfüg vergess verhalt verhandl verhinder verkauf verlang
verlass verlauf verlaut verletz verlier vermeid verpflicht verrat verschlechter verschärf versorg
versprech versteh verstoß verstärk versuch vertrau vertret verweis verwend verzicht veröffentlich
vorbereit vorgeh vorlieg vorseh wachs wag wart wechsel wehr weiger weis wend werd wieg wirk wiss
wohn wünsch zahl zeig zerfall zerstör zieh ziel zusammenarbeit zustimm zweifel zwing öffn überleg
übernehm überprüf überschreit übertreff überzeug
"""
_NOT_MOOD: Final = listed(
    "reiche gleiche liebe teile spitze weise plane sichere lehne rate rede passe bilde ziele folge "
    "bitte koche mische ordne nähre lange anstelle"
)
SUBJUNCTIVE: Final = (
    listed("sei seien habe werde könne müsse solle wolle dürfe möge wisse tue")
    | {stem + "e" for stem in endings(_MOOD_STEMS)}
) - _NOT_MOOD
"""Forms of Konjunktiv I, but for those that :func:`subjunctive` derives."""
PAST_SUBJUNCTIVE: Final = listed(
    """hätte hätten wäre wären würde würden könnte könnten müsste müssten dürfte dürften käme kämen
    gäbe gäben ginge stünde stünden bliebe ließe läge lägen brächte brächten
    bräuchte bräuchten wüsste wüssten nähme nähmen fände fänden hielte"""
)
"""Forms of Konjunktiv II, which stand in for Konjunktiv I or make a condition."""

DET_NOMINATIVE: Final = listed(
    """der die das ein eine kein keine dieser diese dieses jener jene jenes jeder jede jedes mehrere
    einige viele manche alle beide zwei drei vier fünf sechs sein seine ihr ihre unser unsere mein
    meine deren dessen rund etwa zahlreiche andere weitere solche welche welcher"""
)
DET_OTHER: Final = listed(
    """dem den des einem einen eines einer diesem diesen dieses dieser jenem jenen keinem keinen
    keines keiner seinem seinen seines seiner ihrem ihren ihres ihrer unserem unseren unserer
    mehreren einigen vielen manchen allen beiden zahlreichen anderen weiteren"""
)
DETERMINERS: Final = DET_NOMINATIVE | DET_OTHER
GENITIVE: Final = listed(
    "der des dieser dieses eines einer seiner ihrer seines ihres unserer mehrerer zweier beider "
    "jener aller einiger"
)
DATIVE: Final = listed(
    "dem den einem einen ihm ihnen ihr der einer diesem seinem seiner ihrem ihrer den"
)
PRONOUNS: Final = listed(
    "er sie man wir ich dieser diese letzterer letztere jener beide viele einige alle jemand "
    "niemand manche mehrere andere"
)
LATTER: Final = listed("letztere letzterer erstere ersterer")
PERSONAL: Final = listed("er sie man wir ich")
REFLEXIVE: Final = listed("sich es mich uns")

PREPOSITIONS: Final = listed(
    """ab am an angesichts anlässlich auf aufgrund aus außer bei beim bis binnen dank durch entgegen
    entlang für gegen gegenüber hinsichtlich hinter im in infolge innerhalb ins inmitten mit
    mithilfe mittels nach neben ob ohne pro samt seit seitens statt trotz um über unter vom von vor
    während wegen wider zu zum zur zugunsten zwischen zufolge laut gemäß bezüglich namens per"""
)
OF: Final = listed("von vom für aus")
PLACE: Final = listed("in im bei beim am an auf zur")

ADVERBS: Final = listed(
    """aber allerdings also anschließend auch außerdem bereits bisher bislang dabei dafür dagegen
    daher damals damit danach daneben dann darauf daraufhin darüber dazu dennoch deshalb deswegen
    doch dort ebenfalls ebenso eher eigentlich einerseits andererseits erneut erst erstmals etwa
    ferner früher ganz gar gerade gestern gleichzeitig heute hier hierzu hingegen hinzu immer
    immerhin indes indessen insbesondere inzwischen jedoch jetzt kürzlich lediglich mehrfach
    mehrmals mittlerweile morgen nachdrücklich nämlich nicht nie noch nochmals nun nur offenbar oft
    öffentlich offiziell parallel schließlich schon sehr selbst seither seitdem so sogar somit
    sonst später soeben sofort stets trotzdem überdies übrigens unterdessen unlängst vielmehr vorab
    vorerst vorher weiter weiterhin weiters wieder wiederholt wiederum wohl wörtlich zudem zuerst
    zugleich zuletzt zumindest zunächst zurzeit zuvor zwar derzeit darin daran davon dadurch dahin
    allein ausdrücklich deutlich klar scharf heftig ausführlich wenig kurz mehr rasch erstaunt
    telefonisch schriftlich mündlich bewusst prompt sinngemäß oben unten vergangene vergangenen
    kritisch laufend offen einmal diesmal jüngst neulich vorgestern abends mittags morgens
    nachmittags frühmorgens hierbei hiermit hierauf dementsprechend entsprechend tags
    weniger rund knapp lange gern gerne lautstark süffisant trocken schlicht demnach insgesamt
    gemeinsam bald vielleicht meist meistens manchmal mitunter zusammen obendrein stattdessen einst
    infolgedessen demzufolge demgegenüber nunmehr freilich seinerzeit"""
)
ADVERBIAL: Final = ("lich", "isch", "lang", "weise", "falls", "mals", "dings")
"""Ends of adverbs, of words that open a sentence with neither an article nor an ending."""
COORDINATORS: Final = listed("und oder sowie aber doch denn sondern beziehungsweise bzw.")
ADVERBIAL_CLAUSE: Final = listed(
    """weil da wenn falls sofern obwohl obgleich obschon während nachdem bevor ehe als bis seit
    seitdem sobald solange damit indem sodass um ohne anstatt statt wohingegen wobei wodurch
    weshalb weswegen woraufhin sowie wie zumal wenngleich"""
)
CONTENT_CLAUSE: Final = listed(
    "dass daß ob wer wen wem wessen was wann wo woher wohin wie warum weshalb wieso inwiefern "
    "inwieweit wie welche welcher welches welchen wonach wovon womit"
)
RELATIVE: Final = listed(
    "der die das dem den dessen deren denen welcher welche welches welchem welchen wo"
)
LEADING: Final = listed("der die das welcher welche welches")
"""Relative pronouns that may be the subject of their clause."""
CONDITION: Final = listed("wenn falls sofern sonst ansonsten")
CLAUSE_STARTERS: Final = ADVERBIAL_CLAUSE | CONTENT_CLAUSE
SMALL_WORDS: Final = (
    PREPOSITIONS | ADVERBS | COORDINATORS | CLAUSE_STARTERS | DETERMINERS | PRONOUNS | HAVE | BECOME
)

VICTIMS: Final = listed("menschenleben todesopfer tote opfer verletzte leben")
KINDS_OF_MEDIA: Final = endings(
    """nachrichten tages wochen monats boulevard fernseh radio rundfunk staats presse online
    internet sonntags wirtschafts kabel privat lokal regional musik medien"""
)
"""What words for a medium begin with that name a kind of medium and no certain one."""
BE: Final = listed("ist sind war waren sei seien wäre wären bleibt blieb")
FINITE_COMMON: Final = (
    HAVE
    | BECOME
    | MODAL
    | SUBJUNCTIVE
    | PAST_SUBJUNCTIVE
    | listed(
        """
        gibt gab geht ging kommt kam kamen steht stand standen bleibt blieb blieben liegt lag
        lagen gingen nimmt nahm nahmen sieht sah sahen hält hielt hielten lässt ließ ließen macht
        machte machten führt führte führten stellt stellte zeigt zeigte bringt brachte brachten
        trägt trug trifft traf trafen zieht zog zogen fällt fiel fielen beginnt begann begannen
        besteht bestand erhielt erhielten bekam bekamen verlor gewann starb starben kostet folgt
        folgte gilt gelten galt galten heißt hieß wächst stieg steigt sank sinkt droht braucht
        brauchen setzt setzte tut tat taten weiß wissen findet fand fanden handelt handelte gehört
        gehörte gehören fehlt fehlte lebt lebte arbeitet arbeitete will läuft lief liefen spielt
        spielte hilft half sitzt saß schließt schloss entschied entscheidet betrifft betraf
    """
    )
)

ATTRIBUTION: Final = endings(
    """angaben angabe ansicht auffassung meinung einschätzung einschätzungen darstellung
    darstellungen worten informationen information erkenntnissen überzeugung schätzung schätzungen
    mitteilung mitteilungen bericht berichten berichts meldung meldungen aussage aussagen quellen
    berechnungen prognose prognosen umfrage umfragen ermittlungen vernehmen vorwürfen studie lesart
    dokument ankündigung vorhersage analyse untersuchung statistik gutachten annahmen bewertung
    auskunft vorstellung vorstellungen bekunden recherchen beobachtungen zählung zählungen
    schilderung schilderungen"""
)
"""What follows 'nach' or stands before 'zufolge': X's words, not X."""
BARE_ATTRIBUTION: Final = endings(
    """
    angaben angabe ansicht auffassung meinung einschätzung einschätzungen darstellung
    darstellungen worten informationen erkenntnissen überzeugung schätzung schätzungen aussage
    aussagen mitteilung lesart berechnungen bewertung auskunft vorstellung vorstellungen bekunden
    beobachtungen schilderung schilderungen
    """
)

MEDIA: Final = endings(
    """
    agentur nachrichtenagentur presseagentur zeitung tageszeitung wochenzeitung sender
    fernsehsender radiosender rundfunk blatt magazin nachrichtenmagazin portal sonntagszeitung
    zeitschrift boulevardblatt fernsehen radio
    """
)
MEDIA_NAMES: Final = listed(
    """dpa afp ap reuters rtr tass interfax ria apa sda kna epd dapd dts bbc cnn ard zdf orf srf
    spiegel bild stern focus zeit welt faz taz presse standard kurier times guardian telegraph
    bloomberg politico cnbc nbc abc cbs rtl ntv n-tv phoenix deutschlandfunk unian ukrinform belta
    xinhua kyodo anadolu"""
)

FORMATS: Final = endings(
    "interview gespräch kommentar beitrag artikel aufsatz brief kolumne podcast sendung talkshow"
)
"""Nouns for the form in which something appears in a medium."""
TEXTS: Final = endings("meldung bericht mitteilung erklärung schreiben papier dokument")
"""Nouns for other texts in which somebody is cited."""
APPEARED_IN: Final = listed("für in im mit der des bei auf")

_PEOPLE: Final = endings(
    """
    sprecher sprecherin sprechers minister ministerin präsident präsidentin chef chefin kanzler
    kanzlerin vorsitzende vorsitzender vorsitzenden führer führerin leiter leiterin beamter
    beamte beamtin direktor direktorin sekretär sekretärin politiker politikerin abgeordnete
    abgeordneter experte expertin forscher forscherin anwalt anwältin richter richterin general
    admiral kommandant kommandeur diplomat diplomatin botschafter botschafterin berater
    beraterin beauftragte beauftragter gouverneur gouverneurin bürgermeister bürgermeisterin
    senator senatorin premier könig königin papst bischof kardinal trainer trainerin spieler
    spielerin manager managerin vorstand professor professorin analyst analystin kommissar
    kommissarin vertreter vertreterin zeuge zeugin augenzeuge insider kreise kritiker kritikerin
    autor autorin journalist journalistin staatschef regierungschef außenminister obmann obfrau
    landeshauptmann landeshauptfrau bundesrat bundesrätin stadtrat ombudsmann ermittler
    ermittlerin mann frau geschäftsführer geschäftsführerin gründer gründerin wissenschaftler
    wissenschaftlerin
    """
)
_BODIES: Final = endings(
    """
    abteilung agentur allianz amt anwaltschaft armee bank behörde behörden blatt botschaft
    bundeswehr büro börse bündnis delegation dienst firma fraktion führung geheimdienst
    generalstab gericht gerichtshof gewerkschaft institut kammer kanzlei kirche kommission konzern
    kreml leitung magazin medien militär ministerium ministeriums ministeriumskreise opposition
    organisation parlament partei polizei portal präsidialamt rat regierung seite sender
    staatsanwaltschaft stiftung streitkräfte streitkräften union universität unternehmen verband
    verein vereinigung verwaltung zeitung zentrale verbände verbänden gewerkschaften parteien
    vereine ministerien kirchen organisationen fraktionen verwaltungen gerichte
    """
)
_GOVERNMENT: Final = endings(
    """
    regierung führung ministerium ministeriums präsidialamt präsidialamtes präsidialamts
    kanzleramt kanzleramts verteidigungsressort außenamt außenamts
    """
)
_OWN_VOICE: Final = endings(
    """
    polizei polizeibehörde polizeibehörden präsidium direktion inspektion anwaltschaft gericht
    gerichtshof gerichte opposition partei parteien fraktion agentur blatt magazin medien fernsehen
    portal sender zeitung börse bank firma konzern unternehmen gewerkschaft gewerkschaften kirche
    kirchen stiftung universität institut verband verbände verein vereinigung kammer kanzlei
    feuerwehr
    """
)
_ABSTRACT: Final = endings("ung ungen heit keit nis ismus zahl zahlen")
_DELEGATES: Final = endings("sprecher sprechers sprecherin vertreter vertreters vertreterin")
DESCRIPTIONS: Final = endings(
    "politiker politikers politikerin jähriger jährige jährigen demokrat demokratin jurist juristin"
)
"""Nouns by which a person just named is called again, that are no office."""
COMPANY: Final = endings("allianz bündnis konzern organisation unternehmen firma")
"""Nouns by which a body just named is called again."""
_GROUPS_AND_PAPERS: Final = endings(
    """
    separatisten rebellen teilnehmer verbündete verbündeten demonstranten kritiker experten
    beobachter anwohner bewohner forscher ermittler wissenschaftler diplomaten vertreter
    politiker minister kreise augenzeugen zeugen quelle quellen insider gegner befürworter
    mitarbeiter aktivisten bericht studie
    resolution erklärung schreiben brief
    """
)


def names_person(word: str) -> bool:
    """Whether a noun names a person by office or role (Kremlsprecher, Ministerin)."""
    return word.lower().endswith(_PEOPLE)


def names_speaker(word: str) -> bool:
    """Whether a noun names what can say something: people, bodies, and what they write."""
    return word.lower().endswith(_PEOPLE + _BODIES + _GROUPS_AND_PAPERS)


def abstract(word: str) -> bool:
    """Whether a noun names an act or a quality, which says nothing (Entwicklung, Sicherheit)."""
    return word.lower().endswith(_ABSTRACT)


def names_body(word: str) -> bool:
    """Whether a noun names an institution, which speaks for its state or organisation."""
    return word.lower().endswith(_BODIES)


def speaks_for_state(word: str) -> bool:
    """Whether a noun names an institution whose words are its state's.

    Not so police and prosecutors, courts, parties and media: they speak for themselves.
    """
    return names_body(word) and not word.lower().endswith(_OWN_VOICE)


def names_delegate(word: str) -> bool:
    """Whether a noun names one who speaks for a body (Polizeisprecherin, Vertreter)."""
    return word.lower().endswith(_DELEGATES)


def names_government(word: str) -> bool:
    """Whether a noun names a body of a state's government (Außenministerium, Führung)."""
    return word.lower().endswith(_GOVERNMENT)


def names_medium(word: str) -> bool:
    """Whether a noun is a paper, an agency or a broadcaster."""
    lower = word.lower()
    return lower in MEDIA_NAMES or lower.endswith(MEDIA)


ANNOUNCING: Final = endings(
    """worten wort parole parolen aufschrift sprüche sprüchen rufe rufen satz slogan these zitat
    begründung ergänzung hinweis bemerkung aussage antwort appell zwischenruf spruch"""
)
"""Nouns before a quotation that say it is someone's words."""


_TIMES: Final = listed("tage ende anfang mitte")
"""Nouns of time that many others end with."""


def names_time(word: str) -> bool:
    """Whether a noun names a point or stretch of time (Mittwochabend, Woche)."""
    lower = word.lower()
    return lower in _TIMES or lower.endswith(TIME_ENDINGS)


_PREFIXES: Final = endings(
    """
    be er ver ent zer über unter wider hinter miss ab an auf aus bei durch ein fest fort her hin
    los mit nach nieder teil um vor weg weiter wieder zu zurück zusammen statt bevor heraus
    hervor
    """
)


@lru_cache(maxsize=20_000)
def subjunctive(word: str) -> bool:
    """Whether a lower-case word is a verb in Konjunktiv I."""
    if word in SUBJUNCTIVE:
        return True
    if not word.endswith("e") or word in _NOT_MOOD:
        return False
    if word.endswith("iere") and len(word) > 6:
        return True
    return any(
        word.startswith(prefix) and word[len(prefix) :] in SUBJUNCTIVE for prefix in _PREFIXES
    )
