"""How sentences open, join and refer, in words of German and English; patterns for whole words."""

from __future__ import annotations

import re


def _any_of(phrases: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """Compile phrases (each may be a pattern), parted by bars, to match as whole words.

    ``before`` and ``after`` are patterns for what must stand around them.
    """
    parts = [" ".join(part.split()) for part in phrases.split("|")]
    return re.compile(rf"\b{before}(?:{'|'.join(parts)})\b{after}")


_LEANING_GERMAN = _any_of(
    r"""
    Er | Sie | Ihm | Ihn | Ihr | Ihre[mnrs]? | Ihnen | Sein | Seine[mnrs]? | Deren | Dessen |
    Denen | Dies | Diese[mnrs]? | Jene[mnrs]? | Solche[mnrs]? | Derartige[mnrs]? |
    Beide[nr]? | Letztere[mnrs]? | Erstere[mnrs]? | Gleiches | Das Gleiche | Dasselbe |
    Desgleichen | Ähnliches | Ähnlich(?! wie) | Genauso(?! wie) | Umgekehrt | All das |
    All dies | Auch das | Auch dies\w* | Auch er | Auch sie | Auch hier | Auch dort |
    Auch dabei | Auch damit | Auch dazu | Das sei |
    Das ist | Das war | Das wäre | Das werde | Das wird | Das würde | Das habe | Das hat |
    Das hatte | Das könne | Das könnte | Das kann | Das gilt | Das gelte | Das bedeute\w* |
    Das zeig\w* | Das mache | Das macht | Das sagte\w* | Das teilte\w* | Das berichtete\w* |
    Das geht | Das ging | Das heißt | Das hieß | Das beschloss\w* | Das entschied\w* | Das gab |
    Das ergab | Das schrieb | Das geschah | Das gelang | Das ließ | Das fand | Das bestätigte\w* |
    Das (?!gut|nicht|erst|seit|weit|jetzt|selbst|dort|mit|laut|fast|zuletzt)[a-zäöüß]+t |
    Dabei | Damit | Dazu | Dafür | Dagegen | Daher | Danach | Dann | Darauf | Daraufhin |
    Daraus | Darin | Daran | Darüber | Darunter |
    Darum | Davon | Davor | Dadurch | Daneben | Dazwischen | Damals | Hier | Hierbei |
    Hierzu | Hierfür | Hiermit | Hiervon | Hierdurch | Dort | Da | Deshalb | Deswegen |
    Demnach | Demzufolge | Dementsprechend | Dennoch | Trotzdem | Infolgedessen | Doch |
    Aber | Und | Oder | Denn | Sondern | So | Somit | Also | Insofern | Ebenso | Stattdessen |
    Vielmehr | Noch einmal | Grund dafür | Grund hierfür | Ursache dafür | Hintergrund |
    Tags zuvor | Tags darauf | Kurz darauf | Kurz danach | Kurz zuvor | Wenig später |
    Einen Tag zuvor | Einen Tag später | Eine Woche zuvor | Eine Woche später |
    Ein Jahr zuvor | Ein Jahr später | Im Gegenzug | Im Gegenteil | Im Gegensatz dazu |
    Zum einen | Zum anderen | Einerseits | Andererseits | Erstens | Zweitens | Drittens |
    Nein | Ja | Hinzu kommt | Hinzu kommen | Hinzu kam | Hinzu kamen |
    Auf die Frage | Angesprochen auf | Ein weitere[rs]? | Eine weitere |
    Die weiteren? | Wie er | Wie sie | Nach seine[mnr] | Nach ihre[mnr] | In seine[mr] |
    (?:Um|Unter|Aus|Auf|Durch|Für|Gegen|Trotz|Über|Von|Vor|Wegen) diese[mnrs]? |
    In ihre[mr] | In diese[mnr] | Bei diese[mnr] | Mit diese[mnr] | Zu diese[mnr] |
    Aus diese[mnr] | Es gehe | Es handle | Es handele | Es handelt | Es werde | Es sei
    """
)
_LEANING_ENGLISH = _any_of(
    r"""
    He | She | It | They | We | I | You | His | Her | Its | Their | Him | Them | This | That |
    These | Those | Such | Both | There | Here | But | And | Or | So | Then | Thus | Hence |
    However | Nevertheless | Nonetheless | Therefore | Otherwise | Instead | Yet | Nor |
    If so | Asked | In addition | As a result | By contrast | On the other hand |
    For example | For instance | At the same time | After that | Before that | The former |
    The latter | The same(?= \w+ (?:to|for|of)\b) | Likewise | Similarly | Earlier | Later |
    Afterwards? | Until then | Since then
    """
)
LEANING = {"de": _LEANING_GERMAN, "en": _LEANING_ENGLISH}
"""Openings that lean on a sentence before: they need what they refer to."""

_JOINING_GERMAN = _any_of(
    r"""
    Unterdessen | Derweil | Währenddessen | Indes | Indessen | Inzwischen | Mittlerweile |
    Gleichzeitig | Zugleich | Zudem | Außerdem | Ferner | Überdies | Darüber hinaus |
    Allerdings | Jedoch | Hingegen | Auch | Weiter | Weiterhin | Nun | Zuvor | Zunächst |
    Zuletzt | Später | Anschließend | Schließlich | Bisher | Bislang | Insgesamt |
    Nach wie vor | Ebenfalls | Nur | Immerhin | Tatsächlich | Offenbar
    """
)
_JOINING_ENGLISH = _any_of(
    r"""
    Meanwhile | Also | Moreover | Furthermore | Besides | Still | Additionally | Finally |
    Separately | Indeed | Overall | Now | Even | Perhaps | Of course | In fact
    """
)
JOINING = {"de": _JOINING_GERMAN, "en": _JOINING_ENGLISH}
"""Openings that only join: the sentence stands, but one without them reads better."""

CONTRAST = {
    "de": _any_of(
        """
        aber | jedoch | dagegen | hingegen | allerdings | dennoch | ebenfalls | wiederum |
        tags zuvor | tags darauf | kurz zuvor | kurz darauf | kurz danach | wenig später
        """
    ),
    "en": _any_of("however | though | too | instead | nevertheless | the day before"),
}
"""Words within a sentence that set it against one before, or count time from it."""

LINK = {
    "de": _any_of(
        "indes | indessen | unterdessen | derweil | zudem | außerdem | ferner | überdies"
    ),
    "en": _any_of("meanwhile | moreover | also"),
}
"""Words within a sentence that only join it to one before."""

_FINITE = "(?:ist|war|wird|wurde|hat|hatte|sind|waren|wurden|hatten)"

BACKWARD = {
    "de": re.compile(
        r"(?:[^\s,]+ ){1,7}?(?:damit|dabei|dadurch|daraufhin|dazu|dafür|danach|davon|darüber|darauf"
        r"|daran|davor|hierbei|hierzu|hierfür|dort|hier)\b(?!,)(?!.*, (?:dass|ob|wie)\b)"
    )
}
"""A word among the first that points to what was told before: 'Die Jury würdigte damit …'."""

GARBLED = {
    "de": re.compile(
        rf"\b{_FINITE}\b(?:(?!\b(?:(?:und|oder)(?! (?:ander|weiter)en )|als|wie|sowie|denn|aber"
        r"|doch|sondern|dass|weil|ob|da|damit|nachdem|sofern|wenn|während|obwohl|bevor|falls|bis|seit"
        rf"|sodass)\b)[^,;:.!?–—\"„“”»«()\[\]-])*?\b{_FINITE}\b"
    )
}
"""Two finite verbs in one clause: a sentence of which half is gone."""

POINTING = {
    "de": re.compile(
        r".*\b(?:bereits|schon|oben|zuvor|eben) (?:erwähnt|genannt|beschrieben)e[nmrs]?\b"
        r"|.*\b(?:besagt|vorgenannt|obengenannt)e[nmrs]?\b"
        r"|(?:[\w-]+ ){1,4}(?:Stunden?|Tagen?|Wochen?|Monaten?|Jahren?)"
        r" (?:zuvor|später|davor|danach)\b"
        r"|(?:[^\s,]+ ){1,6}?(?:dies|diese[mnrs]?|jene[mnrs]?(?!\b[^.]*, d))\b"
        r"(?! (?:Jahr|Monat|Woche|Tage|Sommer|Herbst|Winter|Früh|Quartal|Saison|Mal\b|Nacht|Januar"
        r"|Februar|März|April|Mai\b|Juni|Juli|August|September|Oktober|November|Dezember"
        r"|\w*(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)))",
        re.IGNORECASE,
    )
}
"""'Dieser' among the first words: what it means was told before, but for 'in dieser Woche'."""

EARLY_PRONOUN = {
    "de": re.compile(
        r"(?:[^\s,]+ ){1,7}?(er|sie|ihm|ihn|ihnen)\b"
        # 'Mit fast sieben Prozent Vorsprung setzte er …': the subject, after the verb
        r"|(?:Auch|Bereits|Schon|Erst|Noch) (?:mit|nach|bei|beim|in|im|am|an|vor|seit|während|auf"
        r"|unter) (?:[^\s,]+ ){2,12}?(er|sie)\b"
        r"|(?:Während|Mit|Nach|Bei|Beim|In|Im|Am|An|Zu|Zum|Zur|Vor|Vom|Von|Seit|Für|Durch|Trotz|Wegen|Auf"
        r"|Unter|Gegen|Aus|Ohne|Laut) (?:[^\s,]+ ){7,9}?(er|sie)\b"
    ),
    "en": re.compile(r"(?:[^\s,]+ ){1,4}?,? ?(he|she|they|him|them)\b"),
}
"""A pronoun among the first words, where what it stands for can hardly stand before it."""

_SHORTHAND_GERMAN = _any_of(
    r"""
    Treffen | Gespräche?s? | Gipfels? | Übung | Entscheidung | Schritt | Gremium | Behörde |
    Papier | Schreiben | Brief | Bericht | Ministerium | Land | Politiker(?:in)? |
    Sprecher(?:in)? | Minister(?:in)? | Staatschef | Regierungschef(?:in)? | Blatt | Zeitung |
    Sender | Bündnis | Abkommen | Vertrag | Konvention | Angriff | Vorfall | Unfall | Tat |
    Täter | Verdächtige | Angeklagte | Opfer | Maßnahmen? | Gesetz | Partei | Konzern |
    Unternehmen | Mann | Frau | Paar | Junge | Mädchen | Stadt | Ort | Region | Gebiet |
    Plan | Vorschlag | Beschluss | Urteil | Verfahren | Prozess | Erklärung | Reise | Besuch |
    Termin | Vorhaben | Projekt | Film | Buch | Summe | Betrag | Ergebnis | Zahl | Situation |
    Lage | Aktion | Organisation | Gruppe | Mission | Dialog | Teilnehmer | Einsatz |
    Warnung | \d+-Jährigen?
    """,
    before=r"(?:[Dd](?:er|ie|as|en|em)|(?:Bei|Nach|Vor|Zu|In) dem|Beim|Zum|Im) (?:\w+e[nr]? )?",
    after=r"(?! (?:von|vom|des|der|über|zwischen|gegen|mit|für|zum|zur|aus|um|an|am|[A-ZÄÖÜ]))",
)
_SHORTHAND_ENGLISH = _any_of(
    r"""
    meeting | talks | move | decision | report | statement | ministry | country | company |
    man | woman | spokesman | spokeswoman | minister | agency | newspaper | attack |
    incident | victims? | group | deal | agreement | plan | proposal | law | party | city |
    region | visit | letter | document | number | figures? | situation | officials? | pair |
    couple | case | trial | verdict
    """,
    before=r"[Tt]he (?:\w+ )?",
    after=r"(?! (?:of|on|between|against|with|for|to|in|at|from|[A-Z]))",
)
BARE_THING = {
    "de": _any_of(
        r"""
        Papier | Schreiben | Dokument | Abkommen | Vertrag | Konvention | Gesetz | Beschluss |
        Urteil | Vorschlag | Plan | Vorhaben | Treffen | Angebot | Verfahren | Antrag
        """,
        before=r"(?<!^)(?:das|den|dem|der|die|vom|zum|beim|im) ",
        after=r"(?! (?:von|vom|des|der|über|zwischen|gegen|mit|für|zum|aus|um|an|am|„|[A-ZÄÖÜ]))",
    )
}
"""A thing that a short sentence has no room to tell of: 'Sie hat das Papier 2005 ratifiziert'."""

SHORTHAND = {"de": _SHORTHAND_GERMAN, "en": _SHORTHAND_ENGLISH}
"""A noun with its article that stands for something told before: 'das Treffen'."""

CUE = _any_of(
    r"""
    sag\w+ | sprach\w* | erklär\w+ | beton\w+ | teilt\w* | mitgeteilt | hieß es | heißt es |
    [Ll]aut | zufolge | Angaben | \w+angaben | Aussagen? | bericht\w+ | meld\w+ |
    schr[ie]+b\w* | schreib\w* |
    behaupt\w+ | kündigt\w* | angekündigt | warn\w+ | forder\w+ | kritisier\w+ | nannt\w* |
    nennt | äußert\w* | bekräftig\w+ | versicher\w+ | räumt\w* | verlang\w+ | zitier\w+ |
    meint\w* | bezeichn\w+ | begründet\w* | verwies\w* | so [A-ZÄÖÜ]\w+ | wies\w* | weist |
    dementier\w+ | bestr[ie]+t\w* | warf\w* | wirft | hofft\w* | glaubt\w* | erwartet\w* |
    argumentiert\w* | Vorwurf | Vorwürfe | These | Ansicht | Auffassung | Meinung
    """
)
"""Words that tell of speaking or holding true: the sentence says whose claim it is."""

UTTERANCE = _any_of(
    "Äußerung(?:en)? | Aussagen? | Stellungnahmen? | Angaben? | Mitteilung(?:en)? | Erklärungen?"
)
"""What is said, where who says it was looked for."""

FIRST_PERSON = {
    "de": _any_of("ich | mich | mir | wir | uns | [Uu]nser(?:e[mnrs]?)? | Ich | Wir"),
    "en": _any_of(r"(?<!War )I | me | my | we | us | our | We | My | Our"),
}
NOBODY = re.compile(r"\b(?:hieß|heißt) es(?:\s+weiter)?\s*[.,“”\"»]*$")
REPLACING = re.compile(r"\b(?:hätten|würden)\b")
"""Plurals that stand in for Konjunktiv I, whose own are those of the indicative."""
UNREAL = _any_of(
    "[Ww]enn | [Ff]alls | sofern | sonst | [Oo]hne | dann | [Bb]einahe | [Ff]ast"
    " | wäre | hätte | würde"
)
"""Signs of what is not so: what 'hätten' or 'würden' tells beside them is no claim."""
PREPOSITIONS = frozenset({"aus", "laut", "nach", "von", "vom", "gemäß", "seitens", "auf", "bei"})
PERSONAL = frozenset(
    """
    er sie es man ihm ihn ihr ihnen wir ich
    he she it they we i you
    """.split()
)
PRONOUNS = PERSONAL | frozenset(("dieser", "diese", "dieses", "der", "die", "das", "this", "that"))

OBLIQUE = frozenset(
    """
    des dem den einem einen eines einer keinem keiner
    seinem seinen seines seiner ihrem ihren ihres ihrer diesem diesen
    """.split()
)
"""What a phrase begins with that is no subject."""
NOMINATIVE = frozenset(
    """
    der die das ein eine sein seine ihr ihre dieser diese dieses alle beide einige mehrere viele
    zwei drei vier fünf andere zahlreiche verschiedene
    """.split()
)
"""What a phrase may begin with that is a subject, though 'der' need not be one."""
ACCORDING = re.compile(r"[,)“”\"«»\s]*(?:zufolge|gemäß)\b[\s,.]")
"""What follows the name of a source, which has the dative before it."""
