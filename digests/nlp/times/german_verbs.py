"""What a German word form says of the tense of its clause, from its spelling alone.

No tagger is asked: a few closed lists and the shapes of weak preterites and
participles are enough to tell which Monday is meant.
"""

from __future__ import annotations

import re

from digests.nlp.times.scan import Cue, forms, listed

_FUTURE = forms(
    "wird werden werde werdet würde würden will wollen wolle soll sollen solle plant planen plane"
    " geplant bevorsteht bevorstehen"
    " vorgesehen stattfinden ansteht anstehenden anberaumt angesetzt"
    " beabsichtigt möchte möchten künftig"
)
_AUXILIARY = forms("hat haben habe hätte hätten hast ist sind sei seien bin wäre wären")
_PAST = forms("war waren warst wurde wurden worden gewesen hatte hatten gehabt")
# What follows is an infinitive, 'werden' too: 'musste am Sonntag abgebrochen werden'.
_MODAL_PAST = forms("musste mussten konnte konnten durfte durften")
_PRESENT = forms(
    "ist sind hat haben geht gehen kommt kommen findet finden beginnt beginnen startet starten"
    " endet enden tritt treten trifft treffen reist reisen tagt tagen wählt wählen stimmt stimmen"
    " spielt spielen lädt laden steht stehen zeigt gibt geben folgt folgen öffnet läuft laufen"
    " setzt setzen fährt fliegt berät beraten entscheidet entscheiden empfängt hält eröffnet"
    " feiert kann können muss müssen darf dürfen erwartet erwarten tritt fällt bleibt bleiben"
    " wartet warten stellt stellen endet gilt gelten erscheint beginne finde komme"
)
_STRONG = listed(
    "kam ging gab fand nahm traf sprach starb fiel hielt ließ liess lag stand sah zog blieb rief"
    " schloss verlor gewann begann trat wies warf schlug griff stieg bat hieß hiess schrieb trug"
    " fuhr flog floh schoss brach barg betrug lud wuchs sank sprang half galt riet bot bog lief"
    " fing schied stritt unterlag gelang entging verschwand schwand schuf rang zwang drang"
    " saß aß vergaß sang trank band wusste kannte dachte brachte nannte schnitt litt glitt ritt"
)
_STRONG_FORM = re.compile(
    r"(?:ab|an|auf|aus|be|bei|durch|ein|ent|er|ge|hin|her|hervor|miss|mit|nach|über|um|unter|ver"
    r"|vor|vorbei|weg|wider|zer|zu|zurück|zusammen)?(?:" + "|".join(_STRONG) + r")(?:e?n)?"
)
_WEAK = re.compile(r"[a-zäöüß]{2,}(?:te|ten)")
_STEMS_IN_T = listed(  # 'antworten', 'er antworte': no preterites
    "antwort arbeit bericht fürcht acht leist kost start test richt pflicht bereit zicht deut rett"
    " wart halt gelt biet tret reit rat leit streit bitt spalt schalt walt stalt heirat tracht"
    " schlicht mut nicht last tast rüst statt schütt wett flücht sicht dicht gift stift haft miet"
    " brüt hüt töt läut beut breit gleit treit boykott fest geist köst"
)
_NOT_WEAK = re.compile(
    r"(?:[a-zäöüß]*(?:könn|soll|woll|möch|dürf|müss|mög|hät|recht|leicht|schlecht|echt|nächs|letz"
    r"|bes|ers|meis|neues|jüngs|höchs|größ|wich|weit|spät|alt|laut|tot|rot|gut|hart|kalt"
    r"|bekann|gesam|direk|konkre|kompet|privat)(?:te|ten|e|en)"
    r"|[a-zäöüß]*(?:" + "|".join(_STEMS_IN_T) + r")(?:e|en)"
    r"|heute|seite|mitte|leute|dritten?|vierten?|fünften?|sechsten?|siebten?|zehnten?|unten|selten"
    r"|hinten|[a-zäöüß]+zigsten?|ge[a-zäöüß]+ten?)"
)
_ATTRIBUTE_TO_COME = re.compile(
    r"(?:bevorstehend|anstehend|stattfindend|beginnend|startend|geplant|vorgesehen|angesetzt|anberaumt"
    r"|erwartet|angekündigt|terminiert|fällig|auslaufend|endend)e[nmrs]?"
)
_DONE = (
    r"(?:(?:ab|an|auf|aus|bei|bekannt|dar|durch|ein|fest|fort|frei|her|heraus|hervor|hin|los|mit|nach"
    r"|nieder|statt|teil|über|um|unter|vor|voraus|weg|weiter|wieder|zu|zurück|zusammen)?"
    r"ge[a-zäöüß]{2,}(?:t|en)"
    r"|(?:ab|an|auf|aus|ein|vor|zu)?(?:ver|be|er|ent|zer|miss|über|unter|wider)[a-zäöüß]{2,}(?:t|en)"
    r"|[a-zäöüß]+iert)"
)
_ATTRIBUTE_DONE = re.compile(_DONE + "(?:e|er|es|em|en)")
_PARTICIPLE = re.compile(_DONE)


_LONGEST = 80  # letters; the patterns try every place of a word


def cue(word: str) -> Cue:
    """The cue of a word form in lower case; what is longer than any word gives none."""
    if len(word) > _LONGEST:
        return Cue()
    if word in _FUTURE:
        return Cue(future=True)
    if word in _MODAL_PAST:
        return Cue(past=True, modal=True)
    if word in _AUXILIARY:
        return Cue(
            auxiliary=True, present=word in _PRESENT, infinitive_have=word in ("haben", "sein")
        )
    if word == "sein":
        return Cue(infinitive_have=True)
    if _ATTRIBUTE_TO_COME.fullmatch(word):
        return Cue(attribute=1)
    past = word in _PAST or bool(_STRONG_FORM.fullmatch(word))
    past = past or bool(_WEAK.fullmatch(word) and not _NOT_WEAK.fullmatch(word))
    return Cue(
        past=past,
        participle=bool(_PARTICIPLE.fullmatch(word)),
        present=word in _PRESENT,
        attribute=-1 if _ATTRIBUTE_DONE.fullmatch(word) else 0,
    )
