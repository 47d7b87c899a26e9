"""How a text names a state or an organisation: as one who acts, as a place, or in passing.

Pure: a report and one of its mentions in. 'Die deutsche Regierung', 'US-Soldaten' tell of
the state, by those who act for it; 'ein deutscher Maler', '20 US-Dollar' do not. Nor does a
party in brackets tell of it: 'Ada Neumann (SPD)'.
"""

from __future__ import annotations

import re

from digests.types import ActorKind, Mention, MentionForm, Report

_ON_THE_MAP = (ActorKind.STATE, ActorKind.PLACE)

# Who acts for a state, and by what; ends of compounds too: 'Vizeaußenminister'.
_ACTING = re.compile(
    r"""(?:
    regierung(?:en)?|administration|verwaltung|führung|kabinett\w*|präsident\w*|präsidentschaft|kanzler(?:in)?s?|
    kanzleramts?|minister\w*|premiers?|staatschefs?|staatschefin|regierungschef(?:in)?s?|
    oberhaupts?|machthaber\w*|diktators?|diktatur|regimes?|junta|(?<!bundes)staat(?:e?s)?|volke?s?|
    königs?|königin|königshaus\w*|kaisers?|monarchie|
    parlaments?|parlamentes|parlamentswahl(?:en)?|abgeordnet\w+|opposition\w*|senats?|senator\w*|
    senatoren|(?<!\w)kongress\w*|repräsentantenhaus\w*|unterhaus\w*|oberhaus\w*|nationalversammlung|
    wahlen|präsidentschaftswahl(?:en)?|verfassung|
    armeen?|armeechefs?|militärs?|militär\w+|truppen|soldat\w*|streitkräften?|luftwaffe|marine|
    kriegsschiff\w*|kampfflugzeug\w*|drohnen?|rakete\w*|invasion|angriff\w*|offensive|
    luftangriff\w*|einmarsch\w*|besatzung\w*|stützpunkt\w*|generals?|generäle\w*|
    behörden?|botschaft\w*|konsulat\w*|diplomat\w*|delegation|unterhändler\w*|gesandte\w*|
    sondergesandte\w*|außenpolitik|innenpolitik|politik|beamten?|beamter|polizei|justiz|
    geheimdienst\w*|notenbank|zentralbank|zoll|zölle\w*|grenz\w*|wirtschaft|haushalts?|
    arbeitsmarkt\w*|gericht\w*|bundesrat\w*|sicherheitskräften?|
    atomprogramm\w*|atomwaffen\w*|atomtests?|sanktion\w*|gesetz\w*|seiten?|angaben
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
_LAND = re.compile(
    r"(?:insel|gebiet(?:e[ns]?|s)?|territorium|territoriums|boden|luftraum|küste|provinz(?:en)?"
    r"|region(?:en)?|stadt|städten?|grenze)$",
    re.IGNORECASE,
)
_WHERE = re.compile(
    r"(?:\b(?:[Ii]n|[Ii]ns|[Ii]m|[Aa]us|[Nn]ach|[Bb]is|Richtung)"
    r"(?: (?:dem|den|der|die|ganz|\w+en Teilen|weiten Teilen))?"
    r"|\b(?:Nord|Süd|Ost|West)?(?:[Oo]st|[Ww]est)?(?:[Nn]orden|[Ss]üden|[Oo]sten|[Ww]esten)"
    r"|\b(?:Stadt|Städten|Provinz|Region|Teil|Teile|Hälfte|Küste|Grenze)"
    r"|\w,)\s$"
)
_NOUN = re.compile(
    r"-?\s*(?:[a-zäöüß]\w*(?:-[a-zäöüß]\w*)*[\s,]+|und\s+|„|\"){0,4}([A-ZÄÖÜ][\w-]*)"
)
_PARTY = re.compile(r"(?:[,;/][^()]*)?\)")


def in_passing(report: Report, mention: Mention) -> bool:
    """Say whether a mention only says where something is from, or whose somebody is.

    Of a state its adjective is, but before one who acts for it, or its land; of states, places and
    organisations a name in brackets ('Neumann (SPD, Kiel)'). A person never is.
    """
    text = report.item.text
    if mention.kind is ActorKind.PERSON:
        return False
    if text[mention.start - 1 : mention.start] == "(" and _PARTY.match(text, mention.end):
        return True
    if mention.kind is ActorKind.STATE:
        if mention.form is not MentionForm.ADJECTIVE or report.reading.language != "de":
            return False
        noun = _noun(report, mention)
        return not _ACTING.search(noun) and not _LAND.search(noun)
    return False


def _noun(report: Report, mention: Mention) -> str:
    """Return the noun that an adjective belongs to, of a compound its head; empty for none."""
    noun = _NOUN.match(report.item.text, mention.end)
    return noun[1].rsplit("-", 1)[-1] if noun else ""


def only_where(report: Report, mention: Mention) -> bool:
    """Say whether a state or place is where something is: 'in Polen', 'die polnische Küste'."""
    if mention.kind not in _ON_THE_MAP or report.reading.language != "de":
        return False
    if mention.form is MentionForm.ADJECTIVE and mention.kind is ActorKind.STATE:
        return _LAND.search(_noun(report, mention)) is not None
    before = report.item.text[max(0, mention.start - 40) : mention.start]
    return mention.form is MentionForm.NAME and _WHERE.search(before) is not None
