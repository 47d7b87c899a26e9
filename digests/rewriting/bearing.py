"""Whether a sentence is borne out by the sentences that it cites."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from itertools import combinations, pairwise
from typing import Final

from digests.rewriting.tokens import (
    NEGATION,
    QUOTED,
    Test,
    Token,
    clauses_of,
    is_cue,
    stem_is,
    tokens_of,
)
from digests.rewriting.values import Cited, Refused
from digests.words import SUBJUNCTIVE, fold

_SUPPORT: Final = 2 / 3


def borne_out(text: str, cited: Sequence[Cited]) -> Refused | None:
    """Why a sentence is not borne out by the sentences it cites; None where it is.

    Every number (as digits or in words), date word and capitalised word stands
    in them, compared by stem, but for a function word that opens the sentence.
    A number stands before the word it counts there, as exact as there, and in no other clause's
    company; who does something there is not who it is done to; names
    stand in their order and beside a word they stand with there; negations are
    as many; hedges, denials, conditions, intents and the passive are neither
    dropped nor added; quotations are verbatim; a claim names the one who makes
    it, beside a word of saying.
    """
    if len({one.place for one in cited}) > 1:
        return Refused("several_stories", text)
    said = tokens_of(text, cited[0].language)
    sources = [tokens_of(one.text, one.language) for one in cited]
    checks = (
        _words_stand(said, sources, cited),
        _numbers_stand(said, sources),
        _clauses_keep_their_numbers(said, sources),
        _roles_stand(said, sources),
        _quotes_stand(text, cited),
        _polarity_stands(text, said, cited, sources),
        _names_stand(said, sources, cited),
        *(_claim_stands(text, said, one, cited) for one in cited),
    )
    return next((Refused(reason, words) for reason, words in filter(None, checks)), None)


_Found = tuple[str, str] | None

_DATE_WORDS = frozenset(
    fold(word)
    for word in """heute gestern vorgestern morgen übermorgen abend nachts mittags morgens today
    tonight yesterday tomorrow""".split()
)
_OPENERS = frozenset({"derweil", "wahrenddessen", "hingegen", "meanwhile", "there"})
_FALSE_OPENERS = frozenset({"may", "will"})
_SPEECH_NOUNS = frozenset({"angab", "aussag", "wort", "ansicht"})


def _words_stand(
    said: Sequence[Token], sources: Sequence[Sequence[Token]], cited: Sequence[Cited]
) -> _Found:
    """Names, dates, capitalised words, and most of the others."""
    held = {one.stem for source in sources for one in source}
    claim = any(one.claim for one in cited)
    if claim:
        held |= _SPEECH_NOUNS
    for one in said:
        folded = fold(one.text)
        cue = claim and is_cue(one)
        opener = one.opens and (not one.content or cue or folded in _OPENERS)
        if opener and folded not in _FALSE_OPENERS:
            continue
        if (one.capital or folded in _DATE_WORDS) and one.stem not in held:
            return "word_not_in_source", one.text
    content = [one for one in said if one.content and not one.number]
    cues = [one for one in content if is_cue(one)]
    kept = sum(one.stem in held for one in content if one not in cues)
    if kept < _SUPPORT * (len(content) - len(cues)):
        return "little_support", " ".join(o.text for o in content if o.stem not in held)
    return None


def _numbers_stand(said: Sequence[Token], sources: Sequence[Sequence[Token]]) -> _Found:
    for place, one in enumerate(said):
        if one.number and not any(
            other.number == one.number
            and _counts_same(said, place, source, where)
            and _rough(said, place) == _rough(source, where)
            for source in sources
            for where, other in enumerate(source)
        ):
            return "number_not_in_source", one.text
    # '300 Panzer' must not become 'ein Panzer', nor 'Panzer'.
    counted, free = set[str](), set[str]()
    for source in sources:
        for before, one in zip((None, *source), source, strict=False):
            if one.content and not one.number:
                (counted if before is not None and before.number else free).add(one.stem)
    for place, one in enumerate(said):
        near = said[max(0, place - 3) : place]
        if one.stem in counted - free and not any(each.number for each in near):
            return "number_dropped", one.text
    return None


_ROUGHLY = frozenset(
    fold(word)
    for word in """bis rund etwa ungefähr circa ca gut knapp fast mindestens höchstens mehr weniger
    über unter maximal wenigstens up about around roughly nearly almost least most more less
    over some approximately""".split()
)


def _rough(tokens: Sequence[Token], place: int) -> bool:
    """Whether a number is said to be more or less that: 'bis zu 100', 'rund 100'."""
    return any(fold(one.text) in _ROUGHLY for one in tokens[max(0, place - 2) : place])


def _counts_same(said: Sequence[Token], place: int, source: Sequence[Token], where: int) -> bool:
    """Whether the word after a number stands close after it there; at the end, the one before.

    A noun is the first one there: of 'drei Männer fest, die Kinder' no 'drei Kinder' are made.
    """
    if after := _content(said[place + 1 :], 1):
        nouns = [one.stem for one in source[where + 1 :] if _is_noun(one)]
        if any(_is_noun(one) and one.stem == after[0] for one in said[place + 1 :]) and nouns:
            return after[0] == nouns[0]
        return after[0] in _content(source[where + 1 :], 3)
    before = _content(said[:place][::-1], 1)
    return not before or before[0] in _content(source[:where][::-1], 3)


def _is_noun(one: Token) -> bool:
    return one.content and one.capital and not one.opens and not one.number


_JOINTS: Final = frozenset({"und", "während", "and", "while"})


def _clauses_keep_their_numbers(
    said: Sequence[Token], sources: Sequence[Sequence[Token]]
) -> _Found:
    """No number is told of what another clause tells another number of.

    Of 'die Preise stiegen um 5 Prozent, die Löhne um 2' the wages did not rise by 5. A clause
    that begins with its number goes on with the one before: '120 Lastwagen, 35 Boote'.
    """
    for part in _parts(said):
        words = {one.stem for one in part if _weighs(one)}
        for one in part:
            if one.number and all(words & _foreign(one.number, each) for each in sources):
                return "number_moved", " ".join(each.text for each in part)
    return None


def _parts(said: Sequence[Token]) -> Iterable[Sequence[Token]]:
    """Clauses, parted where they are joined, too."""
    for clause in clauses_of(said):
        part: list[Token] = []
        for one in clause:
            if fold(one.text) in _JOINTS:
                yield part
                part = []
            else:
                part.append(one)
        yield part


def _foreign(number: str, source: Sequence[Token]) -> set[str]:
    """The words that only clauses with other numbers hold; none where it is told of by itself."""
    numbered = [clause for clause in clauses_of(source) if any(one.number for one in clause)]
    home = [clause for clause in numbered if any(one.number == number for one in clause)]
    own = {one.stem for clause in home for one in clause}
    if not home or any(_goes_on(clause) for clause in home):
        return set()
    others = (clause for clause in numbered if clause not in home)
    return {one.stem for clause in others for one in clause if _weighs(one)} - own


def _goes_on(clause: Sequence[Token]) -> bool:
    """Whether a clause begins with a number, but for small words."""
    return next((bool(one.number) for one in clause if one.content or one.number), False)


_DOING: Final = frozenset({"der", "ein"})
_DONE_TO: Final = frozenset({"den", "einen"})


def _roles_stand(said: Sequence[Token], sources: Sequence[Sequence[Token]]) -> _Found:
    """'den Minister' is not told as 'der Minister', nor the other way round."""
    there: dict[str, set[str]] = {}
    for source in sources:
        for noun, article in _articles(source):
            there.setdefault(noun, set()).add(article)
    for noun, article in _articles(said):
        known = there.get(noun, set())
        for one, other in ((_DOING, _DONE_TO), (_DONE_TO, _DOING)):
            if article in one and known and known <= other:
                return "role_changed", f"{article} {noun}"
    return None


def _articles(tokens: Sequence[Token]) -> Iterable[tuple[str, str]]:
    """The nouns that an article stands before, and it."""
    for before, one in pairwise(tokens):
        if _is_noun(one):
            yield one.stem, fold(before.text)


def _content(tokens: Iterable[Token], most: int) -> list[str]:
    found = [one.number or one.stem for one in tokens if one.content or one.number]
    return found[:most]


def _quotes_stand(text: str, cited: Sequence[Cited]) -> _Found:
    sources = [_bare(one.text) for one in cited]
    for found in QUOTED.finditer(text):
        if not any(_bare(found.group(1)) in source for source in sources):
            return "quotation_changed", found.group()
    return None


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[„“”\"«»]", " ", text).split()).rstrip(".,!?…")


_SIGNS: Final = {
    "denial": re.compile(
        r"\b(?:dementier|bestr[ei]+t|leugn|verneint|zurück(?:ge|zu)?w[ei]|widers?pr|verweiger"
        r"|abgelehnt|ablehn|abgestritten|abstreit|den(?:y|ie)|reject|refus|dismiss|contradict)"
        r"|\bwie?s(?:en)?\b.*\bzurück\b|\bweis(?:t|en)\b.*\bzurück\b|\blehn\w*\b.*\bab\b",
        re.IGNORECASE,
    ),
    "hedge": re.compile(
        r"\b(?:angeblich\w*|mutmaßlich\w*|möglicherweise|womöglich|offenbar|vermutlich\w*"
        r"|wahrscheinlich\w*|vielleicht|wohl|anscheinend|voraussichtlich\w*|könn?t?en?|könnt?e"
        r"|dürften?|soll|sollen|solle|alleged\w*|reportedly|possibl[ey]|perhaps"
        r"|maybe|probabl[ey]|likely|may|might|could|apparently|presumably)\b"
    ),
    "condition": re.compile(r"\b(?:wenn|falls|sofern|sollten?|if|unless)\b", re.IGNORECASE),
    "intent": re.compile(
        r"\b(?:erw[äo]g|beabsichtig|pl[äa]n|will\b|woll(?:en|e|te|ten)\b|forder|gefordert|verlang"
        r"|vorschl|vorgeschl|schl[äu]g\w* .*\bvor\b|consider|intend|want|propos|seek|sought"
        r"|demand|calls? for|called for)",
        re.IGNORECASE,
    ),
    "opposition": re.compile(r"\b(?:gegen|against)\b", re.IGNORECASE),
    "passive": re.compile(
        r"\b(?:wurden?|worden|w[ei]rden?|wird)\b.*\b(?:von|vom|durch)\b"
        r"|\b(?:von|vom|durch)\b.*\b(?:wurden?|worden|werden|wird)\b"
        r"|\b(?:was|were|been|being|is|are)\b.*\bby\b",
        re.IGNORECASE,
    ),
}


def _polarity_stands(
    text: str,
    said: Sequence[Token],
    cited: Sequence[Cited],
    sources: Sequence[Sequence[Token]],
) -> _Found:
    """Negations as many, and in the same company; other signs there or not there as before."""
    wanted = sum(len(NEGATION.findall(one.text)) for one in cited)
    if len(NEGATION.findall(text)) != wanted:
        return "negation_changed", text
    for clause in clauses_of(said):
        if any(one.negates for one in clause) and not _in_company(
            clause, sources, lambda one: one.negates
        ):
            return "negation_moved", " ".join(one.text for one in clause)
    for sign, pattern in _SIGNS.items():
        if bool(pattern.search(text)) != any(pattern.search(one.text) for one in cited):
            return f"{sign}_changed", text
    return None


def _in_company(clause: Sequence[Token], sources: Sequence[Sequence[Token]], is_it: Test) -> bool:
    """Whether a clause with a certain word shares another one with a clause there that has it."""
    others = {one.stem for one in clause if _weighs(one) and not is_it(one)}
    if not others:
        return True
    return any(others & _company(source, is_it) for source in sources)


def _company(source: Sequence[Token], is_it: Test) -> set[str]:
    """The content of the clauses that hold a word; of their neighbours too where that is little."""
    clauses = list(clauses_of(source))
    found: set[str] = set()
    for place, clause in enumerate(clauses):
        if any(map(is_it, clause)):
            here = {one.stem for one in clause if _weighs(one) and not is_it(one)}
            if len(here) < 3:
                near = clauses[max(0, place - 1) : place + 2]
                here = {one.stem for each in near for one in each if _weighs(one)}
            found |= here
    return found


def _weighs(one: Token) -> bool:
    return one.content and not one.negates and not is_cue(one)


def _names_stand(
    said: Sequence[Token], sources: Sequence[Sequence[Token]], cited: Sequence[Cited]
) -> _Found:
    """Names in their order, each beside a word that it stands with in what is cited."""
    names = frozenset[str]().union(*(one.names for one in cited))
    speakers = frozenset[str]().union(*(one.speakers for one in cited))
    for clause in clauses_of(said):
        telling = any(map(is_cue, clause))
        for one in clause:
            if telling and one.stem in speakers:
                continue  # who says something stands where the retelling puts it
            if one.stem in names and not _in_company(clause, sources, stem_is(one.stem)):
                return "name_moved", one.text
    ordered = [_pairs(source, names) for source in sources]
    free = _free_pairs(cited)
    for first, second in _pairs(said, names):
        known = any((first, second) in pairs or (second, first) in pairs for pairs in ordered)
        kept = any((first, second) in pairs for pairs in ordered)
        if known and not kept and frozenset((first, second)) not in free:
            return "names_swapped", f"{first} {second}"
    return None


def _pairs(tokens: Sequence[Token], names: frozenset[str]) -> set[tuple[str, str]]:
    row = [one.stem for one in tokens if one.stem in names]
    return {(a, b) for a, b in combinations(row, 2) if a != b}


def _free_pairs(cited: Sequence[Cited]) -> set[frozenset[str]]:
    """A speaker and who is named in the message: the attribution may stand before or after."""
    return {
        frozenset((a, b))
        for one in cited
        for a in one.speakers | (one.names & one.frame)
        for b in one.names - one.frame
        if one.claim
    }


def _claim_stands(text: str, said: Sequence[Token], one: Cited, cited: Sequence[Cited]) -> _Found:
    """A claim names who makes it, and nobody else as the one who does."""
    if not one.claim:
        return None
    cues = frozenset[str]().union(*(each.cues for each in cited))
    if not one.speakers:
        told = any(each.stem in cues or is_cue(each) for each in said)
        told = told or bool(SUBJUNCTIVE.search(text) or _SIGNS["hedge"].search(text))
        return None if told else ("claim_without_speaker", text)
    names = frozenset[str]().union(*(each.names | each.speakers for each in cited))
    framed = frozenset[str]().union(*(each.frame | each.speakers for each in cited))
    source = tokens_of(one.text, one.language)
    there = {token.stem for token in source}
    held = {token.stem for each in cited for token in tokens_of(each.text, each.language)}
    attributed = False
    for clause in clauses_of(said):
        here = one.speakers & {each.stem for each in clause}
        for cue in _attributing(clause, text, cues, framed, held):
            nearest = _nearest(clause, cue, names)
            if here and nearest <= there and _in_order(clause, cue, source, names):
                attributed = True
                continue
            if nearest and not nearest & framed:
                return "speaker_changed", " ".join(each.text for each in clause)
            itself = cue < len(clause) and clause[cue].stem in one.speakers
            own = one.frame | one.speakers
            attributed |= itself or bool(here and (nearest & here or nearest <= own))
    return None if attributed else ("claim_without_speaker", text)


def _attributing(
    clause: Sequence[Token],
    text: str,
    cues: Collection[str],
    framed: Collection[str],
    held: Collection[str],
) -> list[int]:
    """Where a clause says that somebody says something; its length for a colon at its end.

    A word of saying within what is said says nothing of who says it.
    """
    found = [
        place
        for place, each in enumerate(clause)
        if each.stem in cues
        or (is_cue(each) and (not each.content or each.stem in framed or each.stem not in held))
    ]
    colon = text[clause[-1].end : clause[-1].end + 1] == ":"
    return [*found, len(clause)] if colon and len(clause) <= 4 else found


def _in_order(
    clause: Sequence[Token], cue: int, source: Sequence[Token], names: Collection[str]
) -> bool:
    """Whether a word of saying and the names of a clause follow each other as in a sentence."""
    word = clause[cue].stem if cue < len(clause) else ""
    row = [one.stem for one in source if one.stem in names or one.stem == word]
    wanted = [one.stem for one in clause if one.stem in row]
    rest = iter(row)
    return word in row and all(each in rest for each in wanted)


_BEFORE = re.compile(r"(?:laut|angaben?|worten|aussagen?|according|ansicht)", re.IGNORECASE)
_BEHIND = re.compile(r"zufolge", re.IGNORECASE)


def _nearest(clause: Sequence[Token], cue: int, names: frozenset[str]) -> frozenset[str]:
    """The names that stand closest to a word of saying in its clause; several if equally close.

    Behind 'laut' and before 'zufolge', where there is one.
    """
    word = clause[cue].text if cue < len(clause) else ""
    away = {
        at: abs(at - cue)
        for at, each in enumerate(clause)
        if each.stem in names and not is_cue(each)
    }
    if _BEFORE.fullmatch(word):
        away = {at: far for at, far in away.items() if at > cue} or away
    if _BEHIND.fullmatch(word):
        away = {at: far for at, far in away.items() if at < cue} or away
    least = min(away.values(), default=0)
    return frozenset(clause[at].stem for at, distance in away.items() if distance == least)
