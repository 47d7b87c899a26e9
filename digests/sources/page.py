"""The full text of a report from its web page, where a feed gives only a teaser.

:func:`extract` lets trafilatura (Barbaresi 2021, ACL demo, doi:10.18653/v1/2021.acl-demo.15)
find the main text, cleans it as any report, and gives nothing rather than something poor.
Pure; trafilatura is imported when it is first needed, as it takes 40 MB.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC

from digests.errors import SourceError
from digests.sources import noise
from digests.sources.clean import clean_report
from digests.sources.markup import harmless
from digests.sources.text import Declared, decode_html, read_page
from digests.types import Draft

_LARGEST_PAGE = 4 * 2**20  # bytes; articles have a tenth of it
_SHORTEST_FULL_TEXT = 600  # characters
_SHORTEST_ARTICLE = 300
_SHORTEST_PARAGRAPH = 80
_LEAST_PROSE = 0.6
_LEAST_SHARED = 0.4

_CUT_OFF = re.compile(
    r"(?:…|\.\.\.|\[\s*(?:…|\.\.\.|\+)\s*\])[\s\"“”»«)\]]*$"
    r"|\b(?:weiterlesen|mehr (?:lesen|erfahren|dazu|auf|bei)|lesen sie mehr|zum artikel"
    r"|read (?:more|on|the full)|continue reading|full (?:story|article))\b(?:[^.!?]|\.\w){0,60}$",
    re.IGNORECASE,
)


def is_teaser(draft: Draft) -> bool:
    """Whether the text of a feed's entry only makes one want to read the report.

    It is shorter than 600 characters, says that it goes on, or has no paragraph of more
    than one sentence. An entry without address is none: there is nothing to read on.
    """
    if draft.url is None:
        return False
    body = draft.text[draft.title_end :].strip()
    if len(body) < _SHORTEST_FULL_TEXT or _CUT_OFF.search(body):
        return True
    return not any(noise.has_inner_sentence(paragraph) for paragraph in body.split("\n\n"))


def extract(html: bytes, url: str, headers: Mapping[str, str], teaser: str) -> str | None:
    """The report on a page: paragraphs parted by blank lines, without its title; None if poor.

    ``url`` is where the page came from, ``headers`` (names in lower case) are the response's,
    ``teaser`` is what the feed gives. Poor is what is not longer than the teaser or than
    300 characters, holds less than two fifths of the teaser's words, is mostly links or
    headings, or is the notice of a wall (subscription, cookies, a check for robots).
    """
    if len(html) > _LARGEST_PAGE:
        return None
    content_type = headers.get("content-type", "")
    try:
        title = read_page(html, zone=UTC, url=url, content_type=content_type).declared.title
        lines = _main_text(decode_html(html, content_type), url)
    except SourceError:
        return None
    report = clean_report("\n\n".join(lines), zone=UTC, declared=Declared(title=title))
    text = report.text[report.title_end :].strip()
    walled = _is_wall(lines) or (_NOT_FREE.search(html) and len(text) < _SHORTEST_BEHIND_WALL)
    return None if walled or _is_poor(text, teaser) else text


def _main_text(markup: str, url: str) -> list[str]:
    """The lines of the main text: paragraphs, headings, list items."""
    from trafilatura import extract as main_text  # noqa: PLC0415 - see the module's head

    try:
        found = main_text(harmless(markup), url=url, include_comments=False, include_tables=False)
    except Exception:  # noqa: BLE001 - a page may be anything; what breaks it has no text
        return []
    return found.splitlines() if found else []


_WORD = re.compile(r"\w{4,}")


def _is_poor(text: str, teaser: str) -> bool:
    if len(text) < max(_SHORTEST_ARTICLE, len(teaser)):
        return True
    asked, given = (set(_WORD.findall(words.casefold())) for words in (teaser, text))
    if len(asked & given) < _LEAST_SHARED * len(asked):
        return True
    prose = [
        paragraph
        for paragraph in text.split("\n\n")
        if len(paragraph) >= _SHORTEST_PARAGRAPH and noise.is_prose(paragraph)
    ]
    return sum(map(len, prose)) < _LEAST_PROSE * len(text)


_NOT_FREE = re.compile(rb"\"isAccessibleForFree\"\s*:\s*\"?\s*false", re.IGNORECASE)
_SHORTEST_BEHIND_WALL = 1_500
_WALL = re.compile(
    r"""\b(?:
      (?:dieser|der|diesen|den)\s(?:\w+\s)?(?:artikel|inhalt|beitrag|text)\s
        (?:ist|steht|gehört|lesen|können|ist\snur)\b.{0,60}\b(?:abo|abonnent|registriert|premium|plus)
    | (?:jetzt|um|zum)\s(?:\w+\s){0,3}weiter(?:zu)?lesen\b | weiterlesen\smit\b
    | (?:schon|bereits|noch\s(?:kein|nicht))\s(?:\w+\s)?(?:abonnent|abonniert|abo\b|registriert\?)
    | (?:mit|ohne)\swerbung\s(?:und\scookies\s)?(?:weiter|lesen|nutzen) | werbefrei\b.{0,40}\bpur\b
    | testen\ssie\b.{0,60}\b(?:monat|wochen|abo|digital)\b
    | zugang\szu\sallen\s(?:\w+\W\s?)?(?:artikeln|inhalten)
    | (?:bitte\s)?aktivieren\ssie\s(?:\w+\s)?(?:javascript|cookies)
    | (?:to|please)\s(?:continue\sreading|keep\sreading|read\sthe\sfull|enable\sjavascript)
    | already\sa\s(?:subscriber|member) | subscribers?\sonly
    | subscribe\sto\s(?:continue|read|unlock)
    | (?:this|the)\s(?:article|content|story)\sis\s(?:\w+\s){0,3}subscribers
    | create\s(?:a|an|your)\sfree\saccount | sign\sin\sto\s(?:continue|read)
    | verify\s(?:that\s)?you\sare\s(?:a\s)?human | checking\syour\sbrowser | access\sdenied
    | (?:are|sind)\s(?:you|sie)\s(?:a|ein)\srobo?t(?:er)?
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def _is_wall(lines: list[str]) -> bool:
    """Whether a wall opens or closes a text; in its midst such words are the report's own."""
    return any(_WALL.search(line) for line in (*lines[:2], *lines[-4:]))


def completed(draft: Draft, text: str) -> Draft:
    """A feed's entry with the full text in place of its teaser."""
    title = draft.text[: draft.title_end]
    return replace(draft, text=f"{title}\n\n{text}" if title else text)
