"""From the raw text of one report to its title, its paragraphs and its date.

:func:`clean_report` takes the decoded text of a report file and
:func:`clean_entry` the text of a feed entry; both return a :class:`CleanReport`,
whose characters all come from the input. What is noise is said in
:mod:`digests.sources.noise`; here is where it may stand. Pure.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from itertools import islice

from digests.sources import clippings, headlines, noise
from digests.sources.dates import DATE_TIME, from_match, most_precise, parse_date
from digests.sources.paragraphs import paragraphs
from digests.sources.text import Declared, fold, language_code, tidy, web_address
from digests.types import UNDATED, Draft, Published

_LONGEST_TITLE = 120
_LONGEST_TITLE_WITH_KICKER = 160
_LONGEST_HEADER_LINE = 250
_LONGEST_KICKER = 30


@dataclass(frozen=True, slots=True)
class CleanReport:
    """A report as a reader wants it; the fields mean what they mean in :class:`Draft`."""

    text: str
    title_end: int = 0
    published: Published = UNDATED
    language: str | None = None
    url: str | None = None
    outlet: str | None = None

    @property
    def title(self) -> str:
        """The title; empty where the report has none."""
        return self.text[: self.title_end]

    def draft(self, key: str) -> Draft:
        """The report under its key within its source."""
        return Draft(
            key=key,
            text=self.text,
            title_end=self.title_end,
            published=self.published,
            language=self.language,
            url=self.url,
            outlet=self.outlet,
        )


_NOTHING = Declared()


def clean_report(raw: str, *, zone: tzinfo, declared: Declared = _NOTHING) -> CleanReport:
    """Clean one report: cut noise, find title and date, part paragraphs by blank lines.

    ``raw`` is decoded text of any layout (see :mod:`digests.sources.paragraphs`), with
    or without front matter, header lines, Markdown headings. ``declared`` is what
    its wrapping says (HTML head, JSON fields) and wins over what the text says,
    except that a more precise date wins over a vaguer one. A date without a
    zone of its own is in ``zone``; a report that names no date is undated.

    No sentence of the report is cut. Between paragraphs of prose a paragraph
    without a full stop is a heading and kept if it is short, else a caption and cut.
    An empty ``text`` means that nothing of a report was there.
    """
    lines = tidy(raw).strip("\n")
    head, lines = _front_matter(lines, zone)
    crawled, lines = _crawl_date(lines, zone)
    wired, lines = clippings.unwired(lines, zone)
    header, lines = _header_lines(lines, zone)
    declared = _merge(declared, _merge(head, header))
    body = [_plain_markdown(paragraph) for paragraph in paragraphs(lines)]
    marked_title, body = _markdown_title(body)
    cited, outlet, body = clippings.without_citation([p for p in body if p], zone)
    title, dates, body = _opening(body, zone, bool(declared.title or marked_title))
    title = fold(declared.title) or marked_title or title
    tail_dates, body = _without_noise(body, zone)
    return _assemble(
        title,
        _without_captions(body),
        replace(
            declared,
            published=most_precise(declared.published, *dates, *cited, *tail_dates, wired, crawled),
            outlet=declared.outlet or outlet,
        ),
    )


def clean_entry(text: str, *, declared: Declared) -> CleanReport:
    """Clean the text of a feed entry, whose title and date the feed gives.

    Only what is noise by its words is cut: a teaser may well be short, so
    that no paragraph is taken for a caption by its shape, and none for a title.
    """
    body = [noise.without_link(paragraph) for paragraph in paragraphs(tidy(text))]
    _, body = _without_noise([p for p in body if p], UTC)
    return _assemble(fold(declared.title), body, declared)


_LONGEST_TITLE = 300  # characters; what is longer is text, as that of a post without a title


def _assemble(title: str, body: list[str], declared: Declared) -> CleanReport:
    given, title = title, _without_outlet(title, declared.outlet)
    if len(title) > _LONGEST_TITLE:
        body = body if body and _same(body[0], title) else [title, *body]
        title = ""
    if title and body and any(_same(body[0], one) for one in {title, given}):
        body = body[1:]
    elif title and body and body[0].startswith(title[:_LIKELY]):
        run_on = headlines.run_on(body[0])
        if run_on and _same(body[0][: run_on[0]], title):
            body = [body[0][run_on[1] :], *body[1:]]
    text = "\n\n".join([title, *body] if title else body)
    return CleanReport(
        text=text,
        title_end=len(title),
        published=declared.published,
        language=declared.language,
        url=declared.url,
        outlet=declared.outlet,
    )


_MARK_OF_OUTLET = re.compile(r"\s[-–—|·›]\s")


def _without_outlet(title: str, outlet: str | None) -> str:
    """Cut the outlet's name from the end: 'Minister tritt zurück - Beispielblatt'."""
    marks = list(_MARK_OF_OUTLET.finditer(title)) if outlet else []
    if marks and outlet and _same(title[marks[-1].end() :], outlet):
        return title[: marks[-1].start()]
    return title


_LIKELY = 8
"""So many characters that a text and its title have in common are worth a closer look."""


def _same(one: str, other: str) -> bool:
    if not len(one) / 2 <= len(other) <= 2 * len(one):
        return False
    return re.sub(r"\W+", "", one).casefold() == re.sub(r"\W+", "", other).casefold()


# --- what stands before the report ------------------------------------------

_KEYS = {
    **dict.fromkeys(
        ("titel", "title", "headline", "überschrift", "schlagzeile", "betreff", "subject"), "title"
    ),
    **dict.fromkeys(
        ("datum", "date", "published", "veröffentlicht", "publiziert", "pubdate", "erschienen"),
        "date",
    ),
    **dict.fromkeys(("gesendet", "sent"), "date"),
    **dict.fromkeys(("von", "from", "an", "to", "cc", "bcc"), "other"),
    **dict.fromkeys(("stand", "updated", "aktualisiert"), "updated"),
    **dict.fromkeys(
        ("quelle", "source", "outlet", "medium", "publikation", "publication"), "outlet"
    ),
    **dict.fromkeys(("url", "link", "permalink", "canonical"), "url"),
    **dict.fromkeys(("sprache", "language", "lang"), "language"),
    **dict.fromkeys(
        ("autor", "autorin", "autoren", "author", "authors", "agentur", "agency"), "other"
    ),
    **dict.fromkeys(("kicker", "dachzeile", "ressort", "rubrik", "kategorie", "category"), "other"),
    **dict.fromkeys(
        ("tags", "keywords", "schlagworte", "schlagwörter", "id", "ort", "place"), "other"
    ),
}
_HEADER_LINE = re.compile(r"\*{0,2}(?P<key>[A-Za-zÄÖÜäöü]{2,15})\*{0,2}\s?:\*{0,2}\s*(?P<value>.*)")
_FRONT_MATTER = re.compile(r"---\n(?P<lines>.*?)\n(?:---|\.\.\.)(?:\n|$)", re.DOTALL)
_CRAWL_DATE = re.compile(
    r"\s*date\s*:?\s+(?P<date>\d{4}(?:-\d{2}(?:-\d{2}(?:T[\d:.+Z-]+)?)?)?)(?![\w-])\s*",
    re.IGNORECASE,
)


def _front_matter(lines: str, zone: tzinfo) -> tuple[Declared, str]:
    match = _FRONT_MATTER.match(lines)
    if not match:
        return _NOTHING, lines
    pairs = [_HEADER_LINE.match(line) for line in match["lines"].split("\n")]
    return _declared([pair for pair in pairs if pair], zone), lines[match.end() :].lstrip("\n")


def _crawl_date(lines: str, zone: tzinfo) -> tuple[Published, str]:
    """The 'date 2022-01' that some collections put before the first words."""
    match = _CRAWL_DATE.match(lines)
    published = parse_date(match["date"], zone=zone) if match else UNDATED
    if match is None or published == UNDATED:
        return UNDATED, lines
    return published, lines[match.end() :]


def _header_lines(lines: str, zone: tzinfo) -> tuple[Declared, str]:
    """Lines such as 'Titel: …' and 'Datum: …' at the very start, with or without blanks between."""
    found: list[re.Match[str]] = []
    end = 0
    for line in re.finditer(r"(.*)\n*", lines):
        match = _HEADER_LINE.fullmatch(line[1])
        if (
            match is None
            or match["key"].lower() not in _KEYS
            or len(line[1]) > _LONGEST_HEADER_LINE
        ):
            break
        if match["key"].lower() == "stand" and not found:
            break  # a line of the report's own head, read there
        if _KEYS[match["key"].lower()] != "title" and noise.has_inner_sentence(match["value"]):
            break  # the report itself, run on to a date or a source
        found.append(match)
        end = line.end()
    return _declared(found, zone), lines[end:]


def _declared(pairs: Iterable[re.Match[str]], zone: tzinfo) -> Declared:
    values: dict[str, str] = {}
    for pair in pairs:
        value = fold(pair["value"])
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        values.setdefault(_KEYS.get(pair["key"].lower(), "other"), value)
    outlet = values.get("outlet", "")
    address = web_address(values.get("url")) or web_address(outlet)
    published = parse_date(values.get("date", ""), zone=zone)
    if published == UNDATED:
        published = parse_date(values.get("updated", ""), zone=zone)
    return Declared(
        title=values.get("title", ""),
        published=published,
        language=language_code(values.get("language")),
        url=address,
        outlet=None if web_address(outlet) else outlet or None,
    )


def _merge(first: Declared, second: Declared) -> Declared:
    return Declared(
        title=first.title or second.title,
        published=most_precise(first.published, second.published),
        language=first.language or second.language,
        url=first.url or second.url,
        outlet=first.outlet or second.outlet,
    )


_MARKDOWN_HEADING = re.compile(r"(#{1,6}) +(.*?)(?: +#+)?$")
_MARKDOWN_IMAGE = re.compile(r"!\[[^\]]*\]\([^)\s]*(?: \"[^\"]*\")?\)")
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]+)\]\(https?://[^)\s]+(?: \"[^\"]*\")?\)")
_MARKDOWN_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")


def _plain_markdown(paragraph: str) -> str:
    """Take out images, link targets, bold and quote marks; headings keep their '#' for now."""
    paragraph = paragraph.removeprefix("> ")
    paragraph = _MARKDOWN_LINK.sub(r"\1", _MARKDOWN_IMAGE.sub("", paragraph))
    return _MARKDOWN_BOLD.sub(r"\2", paragraph).strip()


def _markdown_title(body: list[str]) -> tuple[str, list[str]]:
    """The first '# …' if it opens the report, and the body with all headings bare."""
    title = ""
    bare = []
    for number, paragraph in enumerate(body):
        match = _MARKDOWN_HEADING.fullmatch(paragraph)
        if match and number == 0 and len(match[1]) == 1:
            title = match[2]
        elif match:
            bare.append(match[2])
        else:
            bare.append(paragraph)
    return title, bare


# --- how it opens -----------------------------------------------------------


def _opening(body: list[str], zone: tzinfo, titled: bool) -> tuple[str, list[Published], list[str]]:
    """Read what stands before the first prose: title, kicker, dates, bylines.

    Returns the title (empty if ``titled``: it is known already, or if there is none),
    dates, and the body without what was used.
    """
    dates: list[Published] = []
    short: list[str] = []  # headings before the first prose
    rest = deque(body)
    chronicle = sum(bool(noise.BARE_DATE.fullmatch(paragraph)) for paragraph in body) > 1
    dated = sum(map(_begins_with_date, body))  # more than one are a chronicle, too
    while rest:
        paragraph = rest[0]
        if line := _split_header_line(paragraph, zone):
            before, published, after = line
            dates.append(published)
            rest.popleft()
            if after:
                rest.appendleft(after)
            if before and not titled and not short:
                # The words before 'Stand:' are kicker and title run together.
                return before, dates, list(rest)
            short += [before] if before else []
        elif _is_date_line(paragraph, chronicle) or (
            (titled or short) and dated == 1 and _begins_with_date(paragraph)
        ):
            dates.append(_line_date(rest.popleft(), zone))
        elif noise.is_noise(paragraph) or clippings.is_wire_line(paragraph):
            rest.popleft()
        elif _may_open(paragraph, rest, short):
            short.append(rest.popleft())
        else:
            break
    dates += _dates_below_teaser(rest, chronicle or dated > 1, zone)
    if not titled and not short and rest and (run_on := headlines.run_on(rest[0])):
        return rest[0][: run_on[0]], dates, [rest[0][run_on[1] :], *islice(rest, 1, None)]
    if titled or not short or not rest:
        return "", dates, [*short, *rest]
    title = short[0]
    if len(short) > 1 and len(short[0]) <= _LONGEST_KICKER and len(short[1]) > len(short[0]):
        title = short[1]
    return title, dates, [*(line for line in short if not _same(line, title)), *rest]


_TEASER = 3  # paragraphs that a teaser, author and date may take


def _dates_below_teaser(rest: deque[str], chronicle: bool, zone: tzinfo) -> list[Published]:
    """Take the line with day and time that stands below a teaser out of the report."""
    for place, paragraph in enumerate(islice(rest, _TEASER)):
        match = _ANY_DATE.match(paragraph)
        if chronicle or not match or not match["minute"]:
            continue
        if _is_date_line(paragraph, chronicle) or _begins_with_date(paragraph):
            del rest[place]
            return [_line_date(paragraph, zone)]
    return []


def _may_open(paragraph: str, rest: deque[str], short: list[str]) -> bool:
    """Whether a paragraph may be a title or stand beside it: short, and no sentence."""
    if len(paragraph) > _LONGEST_TITLE or noise.dateline(paragraph):
        return False
    below = next((one for one in islice(rest, 1, None) if not noise.is_labelled_date(one)), "")
    if not noise.is_prose(paragraph):
        if not noise.is_broken_off(paragraph):
            return True
        # 'Minister kündigt Rücktritt an' is whole, above a paragraph that is, too.
        whole = noise.ends_in_particle(paragraph) and noise.is_prose(below)
        return whole and not short and below[:1].isupper() and len(below) > len(paragraph)
    # A title may ask or call, but does so once, before a longer paragraph.
    asks = re.search(r"[?!][\"“”»«]?$", paragraph) and not noise.has_inner_sentence(paragraph)
    return bool(asks) and not short and len(below) > len(paragraph)


def _split_header_line(paragraph: str, zone: tzinfo) -> tuple[str, Published, str] | None:
    """Part 'Title Stand: 25.01.2022 01:42 Uhr First sentence …' into its three pieces."""
    match = noise.stamp(paragraph)
    if match is None or match.start() > _LONGEST_TITLE_WITH_KICKER:
        return None
    after = paragraph[match.end() :].strip(" |·•–-,")
    if after[:1] in {".", ")"} or after[:1].islower():
        return None  # a sentence about the state of things
    published = from_match(match, zone=zone)
    return paragraph[: match.start()].strip(" |·•–-"), published, after


def _is_date_line(paragraph: str, chronicle: bool) -> bool:
    if noise.is_labelled_date(paragraph):
        return True
    pieces = re.split(r"\s[|·•]\s", paragraph)
    bare = [bool(noise.BARE_DATE.fullmatch(piece)) for piece in pieces]
    if not any(bare) or (chronicle and len(pieces) == 1):
        return False  # dates as headings of a chronicle
    return all(
        is_bare or noise.is_noise(piece) for piece, is_bare in zip(pieces, bare, strict=True)
    )


def _begins_with_date(paragraph: str) -> bool:
    """Whether it is a line below a title such as '25.01.2022, 14.30 Uhr • aus Beispielblatt 4'."""
    match = _ANY_DATE.match(paragraph)
    behind = paragraph[match.end() :] if match else ""
    return bool(_BEHIND_DATE.match(behind)) and not noise.is_prose(paragraph)


def _line_date(paragraph: str, zone: tzinfo) -> Published:
    """The date of a date line; of 'veröffentlicht' and 'aktualisiert' the former."""
    found = [
        (any(word in match["label"].lower() for word in noise.UPDATE_LABELS), match)
        for match in noise.LABELLED_DATE.finditer(paragraph)
    ]
    if found:
        return from_match(min(found, key=lambda pair: pair[0])[1], zone=zone)
    bare = _ANY_DATE.search(paragraph)
    return from_match(bare, zone=zone) if bare else UNDATED


_ANY_DATE = re.compile(DATE_TIME, re.VERBOSE | re.IGNORECASE)
_BEHIND_DATE = re.compile(r"(?:\s*[|•·–-]\s|,\s|\s(?:Quelle|Source|Von|By)\b).{0,80}$")

# --- what stands in and after it --------------------------------------------


def _without_noise(body: list[str], zone: tzinfo) -> tuple[list[Published], list[str]]:
    dates: list[Published] = []
    kept: list[str] = []
    linking = False  # below 'Mehr zum Thema'
    for paragraph in body:
        if linking and not noise.is_prose(paragraph):
            continue
        linking = bool(noise.RELATED_MARK.fullmatch(paragraph))
        if noise.is_labelled_date(paragraph):
            dates.append(_line_date(paragraph, zone))
        elif (aired := clippings.broadcast_on(paragraph, zone)) != UNDATED:
            dates.append(aired)
        elif not noise.is_noise(paragraph):
            stamped, rest = _without_stamp(paragraph, zone)
            published, rest = _without_dateline(rest, zone)
            dates += [stamped, published]
            kept.append(noise.without_sign_off(noise.without_credit(rest)))
    return dates, kept


def _without_stamp(paragraph: str, zone: tzinfo) -> tuple[Published, str]:
    """Cut from the start of a paragraph when the page was last changed."""
    line = _split_header_line(paragraph, zone)
    return (line[1], line[2]) if line and line[2] and not line[0] else (UNDATED, paragraph)


def _without_dateline(paragraph: str, zone: tzinfo) -> tuple[Published, str]:
    match = noise.dateline(paragraph)
    if match is None:
        return UNDATED, paragraph
    published = from_match(match, zone=zone) if match["date"] else UNDATED
    return published, paragraph[match.end() :]


_LIST_LENGTH = 3


def _without_captions(body: list[str]) -> list[str]:
    """Cut captions: they stand after prose and before more text, one or two in a row.

    Longer runs, and what follows a colon, are lists. Headings come alone: of two short
    paragraphs in a row the former, if it is the longer, is the caption of a photo above
    the heading.
    """
    shaped = [noise.is_caption(paragraph) for paragraph in body]
    kept: list[str] = []
    prose = False  # whether any stands before
    start = 0
    while start < len(body):
        end = start + 1
        while shaped[start] and end < len(body) and shaped[end]:
            end += 1
        after = body[end] if end < len(body) else ""
        photo_place = prose and after and not after[0].islower() and not kept[-1].endswith(":")
        captions = shaped[start] and end - start < _LIST_LENGTH
        if not (photo_place and (captions or _is_above_heading(body[start : start + 3]))):
            kept += body[start:end]
            prose = prose or any(map(noise.is_prose, body[start:end]))
        start = end
    return kept


_SHORTEST_CAPTION = 40


def _is_above_heading(three: list[str]) -> bool:
    """Whether of three paragraphs the first is the caption of a photo above a heading."""
    if len(three) < 3:
        return False
    caption, heading, text = three
    return (
        len(caption) > max(len(heading), _SHORTEST_CAPTION)
        and noise.is_heading(heading)
        and noise.may_be_caption(caption)
        and noise.is_prose(text)
    )
