"""What stands in a report and is no part of it: bylines, credits, captions, buttons, notices.

Everything here looks at one paragraph and answers what it is. The rules are
patterns of the whole paragraph, and wary: a paragraph that may be a sentence
of the report is never noise. Pure.
"""

from __future__ import annotations

import re

from digests.sources.dates import DATE_TIME

_FLAGS = re.VERBOSE | re.IGNORECASE

# --- shapes -----------------------------------------------------------------

_CLOSERS = "\"'“”»«›‹’)\\]"
_TERMINAL = re.compile(rf"[.!?…][{_CLOSERS}]*$")
_INNER_BOUNDARY = re.compile(
    rf"[\w{_CLOSERS}][.!?…][{_CLOSERS}]*\s+[\"'„“»«›‹(]?[A-ZÄÖÜ0-9]|[a-zäöüß]{{3}}[.!?][A-ZÄÖÜ][a-zäöü]"
)
_ABBREVIATION = re.compile(
    r"\b(?:[A-ZÄÖÜa-zäöü]|Dr|Prof|St|Mr|Mrs|Ms|Nr|No|Art|ca|bzw|Sen|Gov|Gen|Lt|Col|Jr|Sr|"
    r"Jan|Feb|Aug|Sept|Okt|Oct|Nov|Dez|Dec|\d{1,3})\.\s"
)
LONGEST_HEADING = 70
LONGEST_CAPTION = 300
_MOST_WORDS_IN_HEADING = 10


def is_sentence_final(paragraph: str) -> bool:
    """Whether it ends as a sentence does (perhaps within quotation marks or brackets)."""
    return bool(_TERMINAL.search(paragraph))


def has_inner_sentence(paragraph: str) -> bool:
    """Whether a sentence ends inside it and another begins."""
    return bool(_INNER_BOUNDARY.search(_ABBREVIATION.sub(" ", paragraph)))


def is_prose(paragraph: str) -> bool:
    """Whether it holds a sentence: ends like one, introduces speech, or has one inside."""
    return (
        is_sentence_final(paragraph)
        or paragraph.endswith((":", ",", ";"))
        or has_inner_sentence(paragraph)
    )


def is_heading(paragraph: str) -> bool:
    """Whether it has the shape of a heading: short, no sentence in it.

    At most 70 characters and 10 words; from 50 characters on not two words of place or
    time ('an einem … nahe der …'). Headings of the German press seldom have more than
    seven words; a caption names who is seen, where and when.
    """
    words = paragraph.lower().split()
    return (
        not is_prose(paragraph)
        and len(paragraph) <= LONGEST_HEADING
        and len(words) <= _MOST_WORDS_IN_HEADING
        and (len(paragraph) < 50 or sum(word in _PLACING for word in words) < 2)
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PLACING = _words(
    "an am auf bei beim in im nahe vor während neben zwischen hinter unter "
    "at on near during outside beside behind"
)
_PLACED_PERSON = re.compile(
    r"""\(\s*(?:l|r|m|li|re|links|rechts|mitte|left|right|centre|center|
        \d\.\s?(?:v\.?\s?[lr]|von\s(?:links|rechts)))\.?\s*\)
    | \((?:archiv|symbol|agentur|handout|datei)[-\s]?(?:bild|foto|aufnahme|photo)s?\)
    | \((?:archiv|undatiert|file\sphoto|file\spicture|file|archive)\)
    | \bfile\s(?:photo|picture|image)\b
    """,
    _FLAGS,
)


def names_places(paragraph: str) -> bool:
    """Whether it is a caption that says who stands where: '(l.)', '(Archivbild)'."""
    if "(" not in paragraph and "file" not in paragraph.lower():
        return False
    bare = _PLACED_PERSON.sub("", paragraph)
    return bare != paragraph and len(paragraph) <= 200 and not has_inner_sentence(bare)


def is_broken_off(paragraph: str) -> bool:
    """Whether it ends in the middle of a sentence, its last word asking for another."""
    return bool(_BROKEN_OFF.search(paragraph))


def ends_in_particle(paragraph: str) -> bool:
    """Whether its last word may belong to a verb before it: 'nimmt die Arbeit auf'."""
    return bool(_PARTICLE.search(paragraph))


def may_be_caption(paragraph: str) -> bool:
    """Whether it could be a caption: no sentence, no list item, no table row, not broken off."""
    return not (
        len(paragraph) > LONGEST_CAPTION
        or is_prose(paragraph)
        or paragraph.endswith(("-", "–", "—", *'"“”»«'))
        or _LIST_ITEM.match(paragraph)
        or _ENDS_IN_ADJECTIVE.search(paragraph)
        or is_broken_off(paragraph)
        or len(_NUMBER.findall(paragraph)) > _MOST_NUMBERS_IN_CAPTION
    )


def is_caption(paragraph: str) -> bool:
    """Whether a paragraph standing between paragraphs of prose has the shape of a caption.

    Not the end of a sentence, and longer than a heading. (With a credit, or '(l.)'
    behind a name, a caption is found by :func:`is_noise`.)
    """
    return may_be_caption(paragraph) and not is_heading(paragraph)


_MOST_NUMBERS_IN_CAPTION = 3
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_ENDS_IN_ADJECTIVE = re.compile(r"\s[a-zäöüß]{3,}(?:e|er|em)$")
# A line that ends with one of these was broken by its layout, and goes on below.
_BROKEN_OFF = re.compile(
    r"\s(?:d(?:er|ie|as|en|em|es)|ein(?:e[nmrs]?)?|und|oder|aber|aller?|dass|ob|wie|als|wenn|weil|"
    r"auf|in|im|an|am|bei|mit|von|vom|zu|zum|zur|für|durch|über|unter|nach|vor|aus|sich|nicht|"
    r"seine[nmrs]?|ihre[nmrs]?|the|an?|and|or|of|to|for|with|by|that|which|from|his|her|their|"
    r"is|are|was|were)$"
)
_PARTICLE = re.compile(r"\s(?:ab|an|auf|aus|durch|nach|um|vor|zu)$")
_LIST_ITEM = re.compile(r"(?:[-–—*•◦▪·+]|\d{1,2}[.)])\s")

# --- agencies, signs, bylines, datelines ------------------------------------


_AGENCY_NAMES = _words(
    "dpa afp ap rtr rtrd reuters apa kna epd sid ddp dapd ots sda keystone ansa efe xinhua upi "
    "bloomberg interfax tass pap belga ritzau tt ntb stt ukrinform unian cnn bbc adn aa wam kyodo "
    "dpa-infocom dpa-afx awp rnd dts ard zdf wdr ndr br swr mdr hr rbb dlf dw orf srf bpa"
)
_SIGN_WORDS = _words("und and mit der von red redaktion eigen agenturen agenturmaterial")
_SIGN = re.compile(r"[a-zäöüß]{2,4}\.?|[A-Z]{2,3}")
_MATERIAL = re.compile(
    r"(?:quellen?\s*:|sources?\s*:)?\s*(?:mit\s+(?:agentur)?material|mit\s+informationen|with\s+(?:material|reporting|files))"
    r"\s+(?:von|der|des|aus|from|by)\b",
    re.IGNORECASE,
)


def _names_only_agencies(words: str, *, at_least: int = 1) -> bool:
    """Whether text is made of agency names and initials alone ('uh/qu (dpa, rtr)')."""
    whole = [word for word in re.split(r"[\s,/;|&()\[\]+·•]+", words) if word]
    agencies = 0
    for word in whole:
        if word.lower().strip(".") in _AGENCY_NAMES:
            agencies += 1
        elif word.lower() not in _SIGN_WORDS and not _SIGN.fullmatch(word):
            return False
    return agencies >= at_least and bool(whole)


_INITIALS = re.compile(r"\(?[a-zäöü]{2,4}(?:/[a-zäöü]{2,5})+\)?\.?")
_AGENCY_NUMBER = re.compile(r"[\w-]*\s*(?:©\s*)?dpa-infocom[,:\s].*|dpa:\d{6}-\d.*", re.IGNORECASE)


def is_sign_off(paragraph: str) -> bool:
    """Whether it is an agency's or an author's sign alone."""
    if len(paragraph) > 120:
        return False
    if _INITIALS.fullmatch(paragraph) or _AGENCY_NUMBER.fullmatch(paragraph):
        return True
    material = _MATERIAL.match(paragraph.lstrip("("))
    if material:
        return not re.search(r"\.\s", paragraph)
    return _names_only_agencies(paragraph.rstrip("."))


_TRAILING_SIGN = re.compile(
    r"(?P<end>[.!?…][\"'“”»«’)\]]*)\s+(?P<sign>(?:[a-zäöü]{2,4}(?:/[a-zäöü]{2,5})*\s+)?"
    r"[(\[][^()\[\]]{2,60}[)\]]|[A-Za-zäöü/,+-]{2,40})$"
)


def without_sign_off(paragraph: str) -> str:
    """Cut a sign after the last sentence: '… abgelehnt. (dpa/AFP)', '… Frage? Von A. Beispiel.'."""
    match = _TRAILING_SIGN.search(paragraph)
    if match and _names_only_agencies(match["sign"]):
        return paragraph[: match.end("end")]
    match = _TRAILING_BYLINE.search(paragraph)
    return paragraph[: match.end("end")] if match else paragraph


_PLACE = (
    r"[A-ZÄÖÜ][\w.\-’']*(?:(?:\s+|\s?/\s?)(?:am|an|der|im|bei|de|of|the|[A-ZÄÖÜ(][\w.\-’')]*)){0,4}"
)
_DASH = r"\s*(?:--|[-–—])\s+"
_DAY_WITHOUT_YEAR = r"\d{1,2}\.\s?[A-ZÄÖÜ][a-zäöü]{2,8}\.?|[A-Z][a-z]{2,8}\.?\s\d{1,2}"
_DATELINE = re.compile(
    rf"""(?:(?P<place>{_PLACE})\s*)?
         (?:,\s*(?:(?i:(?P<date>{DATE_TIME}))|{_DAY_WITHOUT_YEAR})\s*)?
         [(\[](?P<agency>[^()\[\]]{{2,40}})[)\]]\.?
         (?P<dash>\s*(?:--|[-–—:])\s*)?\s*(?=\S)
    """,
    re.VERBOSE,
)
_DATED_PLACE = re.compile(
    rf"(?:{_PLACE}),\s*(?i:(?P<date>{DATE_TIME})){_DASH}(?=[\"„“»«]?[A-ZÄÖÜ])", re.VERBOSE
)


def dateline(paragraph: str) -> re.Match[str] | None:
    """Match a dateline at the start, such as 'KIEW/MOSKAU (dpa) – '.

    Or 'Berlin, 25. Januar 2022 (Reuters) - '. It needs an agency in brackets, or a full
    date and a dash; group ``date`` (with the groups of DATE_TIME) is the date, if any.
    """
    match = _DATELINE.match(paragraph)
    if match and _names_only_agencies(match["agency"]):
        follows = paragraph[match.end() :].lstrip("\"„“»«'")
        if (match["place"] or match["dash"]) and (match["dash"] or follows[:1].isupper()):
            return match
    return _DATED_PLACE.match(paragraph)


_NAME = (
    r"(?:(?:Dr\.|Prof\.)\s)*[A-ZÄÖÜ][\w.’'-]*"
    r"(?:\s(?:von|van|de|der|zu|al-\w+|[A-ZÄÖÜ][\w.’'-]*)){0,5}\s[A-ZÄÖÜ][\w’'-]+"
)
_BYLINE = re.compile(
    rf"""(?:(?:Ein|Eine|A|An)\s[\w-]+\s)?  # Ein Kommentar von
         (?:(?:[A-ZÄÖÜ][\w-]+\s)?[Vv]on|[Bb]y|BY|VON|Text:|Autor(?:in|en)?:|Author:|Reporting\sby|Aufgezeichnet\svon|Interview:)\s
         {_NAME}(?:\s?(?:,|und|and|&|/|\|)\s?{_NAME})*
         (?:\s?(?:,|/|\||\(|-|–|in|aus|mit)\s?(?:(?:in|aus|z\.\s?Zt\.|zurzeit|derzeit|mit|und)\s)*
            [\w.’'()/,\s-]{{2,60}})?\.?
    """,
    re.VERBOSE,
)
_TRAILING_BYLINE = re.compile(
    rf"(?P<end>[.!?…][\"'“”»«’)]*)\s+(?:Von|By)\s{_NAME}(?:(?:,|\sund|\sand)\s{_NAME}){{0,3}}\.?$"
)
_REPORTED_FROM = re.compile(
    rf"(?:Aus|From)\s[\w\s]{{2,40}}\s(?:berichtet|berichten|reports?)\s{_NAME}\.?"
)
_REUTERS_DESK = re.compile(r"[(\[]?(?:Additional\s)?(?:Reporting|Writing|Editing)\sby\s.{3,300}")


def is_byline(paragraph: str) -> bool:
    """Whether it names the author and nothing else: 'Von Vorname Nachname, Berlin'."""
    if len(paragraph) > 300:
        return False
    if _REUTERS_DESK.fullmatch(paragraph):
        return True
    if len(paragraph) > 120 or has_inner_sentence(paragraph):
        return False
    return bool(_BYLINE.fullmatch(paragraph) or _REPORTED_FROM.fullmatch(paragraph))


# --- dates and credits ------------------------------------------------------

_DATE_LABEL = r"""
    (?:(?:zuletzt\ |letzte\ |letztes\ |last\ |first\ )?
       (?:stand|veröffentlicht|erschienen|publiziert|erstellt|aktualisiert|aktualisierung|update|geändert|
          (?:erscheinungs|veröffentlichungs|publikations)?datum|published|posted|updated|modified|date|created)
       (?:\ (?:am|vom|on|um|at))?)\s*:?\s*(?:am\s|on\s)?
"""
LABELLED_DATE = re.compile(rf"(?P<label>{_DATE_LABEL}){DATE_TIME}", _FLAGS)
BARE_DATE = re.compile(rf"\(?(?:{DATE_TIME})(?:\s*Uhr)?\)?", _FLAGS)
_PAGE_STAMPS = {
    "Stand:": (re.compile(rf"(?<![(,.\w])\s*(?<!\()\bStand:\s*(?i:{DATE_TIME})", re.VERBOSE),),
    "ast updated": (
        re.compile(
            r"\b(?:[Pp]age\ l|L)ast\ updated(?:\ at\ \d\d?[:.]\d\d\ [A-Z]{2,4},?|:)?\ "
            rf"(?i:{DATE_TIME})",
            re.VERBOSE,
        ),
        re.compile(
            rf"\b(?i:{DATE_TIME})\ Last\ updated\ at\ \d\d?[:.]\d\d"
            r"(?:\ [A-Z]{2,4}(?:\ Help(?=\ [A-Z]|$))?)?",
            re.VERBOSE,
        ),
    ),
}
"""What stands in every such stamp -> its patterns, which need not be tried without it."""
_LABELLED_TIME = re.compile(
    rf"\A{_DATE_LABEL}(?>{DATE_TIME})(?=\s+(?:[|·•–-]\s+)?[\"„“»«]?(?-i:[A-ZÄÖÜ]))", _FLAGS
)
_SIGNED_TIME = re.compile(
    rf"""\b[Vv]on\s[A-ZÄÖÜ][\w’'-]+(?:\s(?:von|van|de|der|zu|[A-ZÄÖÜ]\.|[A-ZÄÖÜ][\w’'-]+)){{1,4}}
         (?:\s?/\s?[\w.-]{{2,20}})?,?\s+(?i:{DATE_TIME})(?=\s+["„“»«]?[A-ZÄÖÜ])""",
    re.VERBOSE,
)
_LONGEST_HEAD = 400
UPDATE_LABELS = ("aktualisiert", "update", "geändert", "modified")

_CREDIT_LABEL = (
    r"(?:(?:Archiv|Symbol|Titel|Agentur)?(?:foto|bild|grafik|video|illustration)s?"
    r"(?:\s?(?:quelle|nachweis|rechte|credit|agentur))?|credits?|photo(?:s|graph|\scredit)?|image|picture|pic|graphic)"
)
_CREDIT_LINE = re.compile(rf"\(?{_CREDIT_LABEL}\s*(?::|©|\||by\s).{{1,160}}", re.IGNORECASE)
_SOURCE_LINE = re.compile(r"\(?(?:quellen?|sources?)\s*:\s*(?P<source>.{1,160})", re.IGNORECASE)
_COPYRIGHT_LINE = re.compile(r"(?:©|\(c\)\s|copyright\b).{0,160}", re.IGNORECASE)
_PHOTO_AGENCY = (
    r"(?:dpa|afp|ap|reuters|rtr|epa|apa|imago(?:\simages)?|getty(?:\simages)?|keystone|"
    r"picture[\s-]alliance|shutterstock|via\sreuters)"
)
# Names, agencies and slashes, but no words of a sentence: what follows 'Foto:' in
# 'Sie zeigte ein Foto: Der Mann trägt einen Hut.' is none.
_CREDITED = (
    r"(?-i:(?:(?:[A-ZÄÖÜ0-9@][\w.’'&@-]*|von|van|de|der|via|und|and|privat|dpa|epa|afp|apa|imago|"
    r"images|picture|alliance|getty|keystone|[a-z]{2,4}(?=/))(?:\s?[/,|&–-]\s?|\s|(?=[).]*$))){1,12})"
)
_CREDIT_AT_END = re.compile(
    rf"""(?:^|(?<=[\s.!?(|]))\(?(?:
          {_CREDIT_LABEL}\s?:\s?{_CREDITED} | ©\s?{_CREDITED}
        | \|\s?(?:[\w.\s/-]{{2,40}}/)?{_PHOTO_AGENCY}[\w\s./-]{{0,40}}
        | (?P<bare>{_PHOTO_AGENCY}/[\w\s./-]{{2,60}})
        )[).]*$
    """,
    _FLAGS,
)

_CREDIT_BEFORE = re.compile(
    rf"""(?:^|(?<=[.!?]\s))(?:{_CREDIT_LABEL}\s?:|©)\s?(?:
          (?-i:(?:(?:[A-ZÄÖÜ][\w.’'-]*|de|la|van|von)[\s/,|]\s?){{0,5}}?)
          {_PHOTO_AGENCY}(?:\s?/\s?(?:{_PHOTO_AGENCY}))*(?=\s)
        | (?-i:[A-ZÄÖÜ][\w’'-]+(?:\s[A-ZÄÖÜ][\w.’'-]*){{1,2}})
          (?=\s(?-i:Der|Die|Das|Eine?|I[mn]|Am|Nach|Bei|Seit|The|An?|On|After|About|For)\s)
        )\s+(?=["„“»«]?(?-i:[A-ZÄÖÜ]))
    """,
    _FLAGS,
)
_FEWEST_BEHIND_CREDIT = 6  # words of the sentence that it ran into


def is_captioned_credit(paragraph: str) -> bool:
    """Whether it is a caption that ends with its credit: '… in Moskau. Foto: A. Beispiel/dpa'.

    At most 300 characters and two sentences before the credit: more than that is a
    paragraph of the report to which a credit was run on. A bare 'dpa/Beispiel' after a
    sentence may as well be the sign of an agency.
    """
    match = _CREDIT_AT_END.search(paragraph) if _CREDIT_SIGN.search(paragraph) else None
    if not match:
        return False
    before = paragraph[: match.start()].rstrip()
    if match["bare"] and is_sentence_final(before):
        return False
    return len(before) <= LONGEST_CAPTION and len(_SENTENCE_ENDS.findall(before)) <= 2


_CREDIT_SIGN = re.compile(r"[:©|/]")  # without one there is no credit, and no need to look for it
_SENTENCE_ENDS = re.compile(rf"[a-zäöüß0-9{_CLOSERS}][.!?…](?=[\s{_CLOSERS}]|$)")


def without_credit(paragraph: str) -> str:
    """Cut a credit that was run on to a paragraph of the report, or ran into its sentences."""
    if not _CREDIT_SIGN.search(paragraph):
        return paragraph
    if inner := _credit_before(paragraph):
        return without_credit(paragraph[: inner.start()] + paragraph[inner.end() :])
    match = _CREDIT_AT_END.search(paragraph) or _SOURCE_AT_END.search(paragraph)
    if match and is_sentence_final(before := paragraph[: match.start()].rstrip()):
        return before
    return paragraph


def _credit_before(paragraph: str) -> re.Match[str] | None:
    """Return a credit that a sentence follows: 'Foto: K. Beispiel/dpa Der Minister …'."""
    match = _CREDIT_BEFORE.search(paragraph)
    if match is None or not is_sentence_final(paragraph):
        return None
    return match if len(paragraph[match.end() :].split()) >= _FEWEST_BEHIND_CREDIT else None


_SOURCE_AT_END = re.compile(
    r"(?:^|(?<=[.!?“”»«\")]\s))\(?(?:Quellen?|Sources?):\s?[^.:]{2,60}\)?\.?$"
)

# --- buttons, links, notices ------------------------------------------------


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_MARKS_OF_RELATED = (
    r"(?:mehr|weitere (?:artikel|meldungen|nachrichten|themen|links))"
    r" (?:zum thema|zu diesem thema|dazu)",
    r"lesen sie (?:auch|dazu|mehr(?: dazu)?|hier)",
    r"auch interessant|zum thema|siehe auch|meistgelesen|top[- ]themen|passend dazu",
    r"das könnte (?:sie|dich) (?:auch|ebenfalls) interessieren",
    r"related(?: (?:articles|stories|topics|content|coverage))?|more on this(?: story)?",
    r"see also|read also|recommended stories|most read|further reading",
)
RELATED_MARK = re.compile(f"(?:{'|'.join(_MARKS_OF_RELATED)}) ?:?", re.IGNORECASE)
"""A line that opens a list of links to other reports."""

_READ_ON = _any_of(  # how a link to another report begins
    rf"(?:{'|'.join(_MARKS_OF_RELATED)})\b",
    r"weitere (?:artikel|meldungen|nachrichten|informationen|links|beiträge) (?:zum?|von|aus)\b",
    r"mehr (?:lesen|erfahren|hierzu|artikel|meldungen|über das thema|(?:auf|bei) \S+\.[a-z]{2,})",
    r"(?:lesen|hören|sehen|schauen) sie"
    r" (?:auch|hier|mehr|dazu|weiter|jetzt|außerdem|hierzu|alles)\b",
    r"lies (?:auch|hier|mehr)\b",
    r"(?:siehe|sieh) (?:auch|dazu|hierzu)\b",
    r"(?:das|diese artikel) könnten? (?:sie|dich|ihnen|dir) .{0,20}(?:interessieren|gefallen)",
    r"themen? (?:in|zu) diesem artikel",
    r"weiterlesen\b",
    r"zum (?:artikel|live-?blog|live-?ticker|video|newsblog)\b",
    r"(?:hier|jetzt) (?:geht es zum|lesen sie|weiterlesen|mehr erfahren)\b",
    r"(?:hintergrund|überblick|analyse|interview|kommentar|podcast|faq) ?[:|] .{0,120}"
    r"(?:lesen|ansehen|hören)$",
    r"read (?:more|next|on|the full)\b",
    r"more (?:from|stories|about|coverage)\b",
    r"you may (?:also )?like",
    r"recommended (?:reading|for you)\b",
    r"continue reading\b",
    r"the post .{1,200} appeared first on\b",
    r"der beitrag .{1,200} erschien zuerst (?:auf|bei)\b",
)
_MEDIA = _any_of(  # how a player or a gallery begins
    r"(?:video|audio|podcast|beitrag|artikel|bericht|ton|livestream|sendung|bildergalerie)"
    r" (?:ansehen|anhören|hören|herunterladen|abspielen|starten|anschauen|öffnen|vorlesen)\b",
    r"(?:video|audio|podcast|bildergalerie|fotostrecke|galerie|grafik|karte|infografik|livestream|"
    r"watch|listen) ?[:|] ",
    r"(?:video|audio|watch|listen) (?:\d{1,2}:)?\d{1,2}:\d{2}\b",
    r"(?:watch|play|listen) (?:now|video|audio|live|here|to (?:this )?article)\b",
    r"(?:\d{1,2}:)?\d{1,2}:\d{2} ?(?:min(?:uten|\.)?|std\.?)?(?: (?:video|audio).{0,100})?$",
    r"(?:tagesschau|tagesthemen|heute[- ]journal) \d{1,2}[.:]\d{2} uhr",
)
_NETWORK = r"(?:facebook|twitter|x|whatsapp|telegram|e-?mail|mail|instagram|linkedin|xing)"
_ACTION = rf"(?:drucken|teilen|mailen|vorlesen|print|share|merken|kommentare|{_NETWORK})"
_NOTICE = _any_of(  # whole paragraphs
    # buttons and labels
    r"(?:anzeige|werbung|advertisement|advertising|sponsored(?: content)?|promoted|eilmeldung|"
    r"breaking(?: news)?|kommentieren|feedback|newsletter|artikel|audio|video|podcast|live|"
    r"nach oben|zurück|weiter|startseite|impressum|datenschutz(?:erklärung)?|agb|kontakt|archiv|"
    r"menü|suche|anmelden|abmelden|login|abo|abonnieren|registrieren|schließen|close|save|"
    r"comments?|kommentare?|rss|pinterest|flipboard|pocket|tweet|mehr|more|menu|search|subscribe|"
    r"sign (?:in|up)|log in|top|plus|premium|exklusiv|newsticker|liveblog|empfehlungen|"
    r"(?:link|url) kopieren|copy link|bildunterschrift(?: anzeigen)?|bild vergrößern|vollbild|"
    r"quellen?|foto|bild|symbolbild|archivbild|skip to (?:main )?content|"
    r"zum inhalt(?: springen)?|empfohlener (?:redaktioneller|externer) inhalt)[:!]?",
    r"(?:presse|medien)(?:mitteilung|meldung|information)|(?:press|news|media) release",
    r"(?:nr|no)\. ?\d[\d/.-]*|\((?:ende|schluss|end)\)",
    rf"{_ACTION}(?:[ |,/·•]+{_ACTION})*",
    r"(?:\d+|keine|no) (?:kommentare?|comments?|shares?|likes?|views?|reaktionen|aufrufe)\b.{0,40}",
    r"(?:kommentare?|diskussion|comments?) ?[(:] ?\d+.{0,40}",
    r"(?:artikel|beitrag|seite|meldung|nachricht)"
    r" (?:teilen|drucken|merken|empfehlen|versenden|kommentieren|speichern|melden)\b.{0,60}",
    r"(?:share|print|save|email) this(?: (?:article|story|post|page))?\b.{0,60}",
    rf"(?:auf|bei|per|via|on) {_NETWORK}(?:[ ,/]+(?:oder|und|and|or|{_NETWORK}))*"
    r" (?:teilen|folgen|versenden|share)\b.{0,60}",
    r"(?:share|teilen) (?:on|via|auf|über|sie)\b.{0,80}",
    r"(?:folgen|follow|abonnieren) (?:sie )?(?:uns|us)\b.{0,140}",
    # newsletters and subscriptions
    r"(?:jetzt )?(?:kostenlos(?:en)? |unseren |den )?newsletter\b.{0,100}"
    r"(?:abonnieren|anmelden|bestellen|lesen|erhalten|subscribe)\b.{0,60}",
    r"(?:abonnieren|bestellen|melden|registrieren) sie .{0,120}"
    r"\b(?:newsletter|kanal|push|podcast|whatsapp)\b.{0,160}",
    r"(?:sign up|subscribe) (?:to|for|here|now)\b.{0,160}",
    r"(?:get|receive) .{0,60}\b(?:newsletter|inbox)\b.{0,100}",
    r"jetzt (?:abonnieren|registrieren|anmelden|testen|kostenlos|lesen|herunterladen)\b.{0,120}",
    r"(?:diskutieren|kommentieren) sie (?:mit|diesen|jetzt|hier)\b.{0,120}",
    r"(?:ihre|deine) meinung zu[mr]?\b.{0,80}",
    # cookies and embedded content
    r".{0,80}\b(?:wir (?:verwenden|nutzen|setzen|benötigen)|we (?:use|value|and our partners)|"
    r"(?:diese|unsere|this|our) (?:web)?(?:site|seite))\b.{0,60}\bcookies?\b.{0,400}",
    r".{0,80}\bcookies?\b.{0,80}"
    r"\b(?:zustimmen|akzeptieren|accept|einstellungen|settings|ablehnen|zulassen)\b.{0,300}",
    r"um diesen inhalt .{0,400}",
    r"an dieser stelle (?:finden|befindet) .{0,80}(?:inhalt|dienst|plattform).{0,300}",
    r"(?:hier|mit einem klick).{0,60}externe[rn]? (?:inhalt|daten).{0,300}",
    r"ich bin damit einverstanden, dass .{0,300}(?:inhalt|daten).{0,200}",
    r"externer? inhalte?\b.{0,100}|datenschutzeinstellungen.{0,100}",
    r"dieser inhalt (?:wird|kann|ist) .{0,40}(?:extern|angezeigt|verfügbar).{0,200}",
    # about the text
    r"(?:alle rechte vorbehalten|all rights reserved|nachdruck verboten)\b.{0,160}",
    r"diese[rs]? (?:artikel|beitrag|text|meldung|nachricht) (?:wurde|erschien|ist|stammt) .{0,80}"
    r"(?:zuerst|automatisch|ursprünglich|erstmals|maschinell).{0,200}",
    r"(?:dieses thema im programm|über dieses thema berichtete[n]?)\b.{0,200}",
    r"(?:hinweis|transparenzhinweis|anmerkung) der redaktion\b.{0,300}",
    r"(?:lesezeit|lesedauer|reading time|dauer|länge) ?:? ?(?:ca\. |etwa )?\d+ ?"
    r"(?:min|sek|std).{0,20}",
    r"\d+ ?min(?:ute|uten|utes)?\.?[- ](?:lesezeit|lesedauer|read(?:ing time)?)\.?",
    r"(?:seite|page|s\.) \d{1,3}(?: ?(?:/|von|of) ?\d{1,3})?\.?",
    r"[-–—\[(]? ?\d{1,3} ?[-–—\])]?|\d{1,3} ?(?:/|von|of) ?\d{1,3}",
    r"(?:bild|foto|image|photo) \d{1,3} ?(?:/|von|of) ?\d{1,3}.{0,20}",
    r"(?:permalink|kurzlink|shortlink|url|link) ?:? +https?://\S+|https?://\S+|www\.\S+",
    r"(?:themenseiten|schlagwörter|schlagworte|schlagwort|tags|keywords|topics|stichwörter|"
    r"kategorien?|rubrik|ressort) ?: .{0,200}",
    r"(?:autorin/autor|autor/in|redaktion|redakteur(?:in)?|author|editor) ?: .{0,100}",
)
_BRACKETED_LINK = re.compile(
    r"[(\[<«»›→>\s]*(?:mehr|weiterlesen|weiter|more|read\s?more|continue)(?:\.{3}|[)\]>»«›→…\s])*",
    re.IGNORECASE,
)
_LIVE_LABEL = re.compile(
    r"\+{2,}\s*(?:eilmeldung|breaking|live|update|liveticker)?\s*\+{2,}", re.IGNORECASE
)


def is_noise(paragraph: str) -> bool:
    """Whether a whole paragraph is noise, wherever it stands.

    Bylines, signs, credits, captions with a credit, labelled dates, links to other
    reports, buttons, notices, page numbers, and lines without any letter or digit.
    """
    if not any(character.isalnum() for character in paragraph):
        return True
    pieces = [piece for piece in re.split(r"\s[|·•]\s", paragraph) if piece]
    if len(pieces) > 1 and all(_is_noise(piece) or BARE_DATE.fullmatch(piece) for piece in pieces):
        return True
    return _is_noise(paragraph)


def _is_noise(paragraph: str) -> bool:
    return (
        is_sign_off(paragraph)
        or is_byline(paragraph)
        or is_labelled_date(paragraph)
        or _is_credit(paragraph)
        or _is_button(paragraph)
    )


_ALPHANUMERIC = re.compile(r"[^\W_]")


def stamp(paragraph: str) -> re.Match[str] | None:
    """Match when a page was last changed, run on to its title or its first sentence.

    'Stand: 25.01.2022 01:42 Uhr', 'Page last updated at 07:02 GMT, Friday, 16 September 2011';
    with a time of day also any other labelled date at the start ('Aktualisiert am …'), and one
    behind the author's name ('von Ada Beispiel/dpa 24. Mai 2020, 18:44 Uhr'). The groups are
    those of DATE_TIME.
    """
    if found := _page_stamp(paragraph):
        return found
    found = _LABELLED_TIME.match(paragraph)
    if not found and "Uhr " in paragraph[:_LONGEST_HEAD]:
        found = _SIGNED_TIME.search(paragraph, 0, _LONGEST_HEAD)
    if not found or not found["minute"] or is_prose(paragraph[: found.start()].rstrip()):
        return None
    return found


def _page_stamp(paragraph: str) -> re.Match[str] | None:
    for sign, patterns in _PAGE_STAMPS.items():
        for pattern in patterns if sign in paragraph else ():
            if found := pattern.search(paragraph):
                return found
    return None


def is_labelled_date(paragraph: str) -> bool:
    """Whether it is nothing but labelled dates: 'Stand: …', 'Veröffentlicht am …'."""
    first = _ALPHANUMERIC.search(paragraph)
    if first is not None and LABELLED_DATE.match(paragraph, first.start()):
        rest = LABELLED_DATE.sub("", paragraph)
    elif stamped := _page_stamp(paragraph):
        rest = paragraph[: stamped.start()] + paragraph[stamped.end() :]
    else:
        return False
    return _ALPHANUMERIC.search(rest) is None


def _is_credit(paragraph: str) -> bool:
    if len(paragraph) > LONGEST_CAPTION + 100:
        return False
    if is_captioned_credit(paragraph) or names_places(paragraph):
        return True
    if len(paragraph) > 200 or has_inner_sentence(paragraph) or _credit_before(paragraph):
        return False
    if _SOURCE_LINE.fullmatch(paragraph):
        return len(paragraph) <= 80 or not is_sentence_final(paragraph)
    return bool(_CREDIT_LINE.fullmatch(paragraph) or _COPYRIGHT_LINE.fullmatch(paragraph))


def _is_button(paragraph: str) -> bool:
    if _NOTICE.fullmatch(paragraph) or _BRACKETED_LINK.fullmatch(paragraph):
        return True
    if _LIVE_LABEL.fullmatch(paragraph):
        return True
    if len(paragraph) > 220 or has_inner_sentence(paragraph):
        return False
    if _READ_ON.match(paragraph):
        return not _is_statement(paragraph)
    return bool(_MEDIA.match(paragraph)) and not is_sentence_final(paragraph)


def _is_statement(paragraph: str) -> bool:
    """Whether what begins like a link is a sentence ('Mehr dazu sagte er nicht.')."""
    return is_sentence_final(paragraph) and not re.search(
        r"[:|»›>]|\bsie\b", paragraph, re.IGNORECASE
    )


_READ_ON_AT_END = re.compile(
    r"\s*(?:[(\[]\s*(?:mehr|weiterlesen|weiter|more|read more|continue reading|…|\.\.\.)"
    r"\s*[…\]).»›→>\s]*"
    r"|(?:weiterlesen|read more|continue reading)\s*[…»›→>.]*)$",
    re.IGNORECASE,
)

_READ_ON_WORD = re.compile(r"mehr|weiter|more|reading|…|\.\.\.", re.IGNORECASE)
_READ_ON_WITHIN = 80
"""Characters from the end that such a link is looked for in: more than any has."""


def without_link(paragraph: str) -> str:
    """Cut a link to the full report from the end of a teaser: '… schwierig. [mehr]'."""
    said = _READ_ON_WORD.search(paragraph, max(0, len(paragraph) - _READ_ON_WITHIN))
    return _READ_ON_AT_END.sub("", paragraph) if said else paragraph
