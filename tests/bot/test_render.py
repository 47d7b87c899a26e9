"""Messages as Telegram takes them, whatever stands in them; and where long ones are cut."""

import unicodedata

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.breaks import best_break
from bot.render import ENTITIES, LIMIT, LONG_QUOTE, Part, clipped, parts, plain_text, units
from bot.reply import Block, BlockKind, Button, Run, Style, block, bold, italic, link, rows
from tests.botapi.entities import settle

FAMILY = "👨‍👩‍👧‍👦"
ODD = (
    *("😀", FAMILY, "👍🏽", "🧑🏿‍🚀", "❤️‍🔥", "🇩🇪", "🇺🇦🇷🇺", "🇦", "1️⃣"),
    *("🏴\U000e0067\U000e0062\U000e007f", "e\u0301", "A\u030a", "o\u0333", "\u0301", "क्षि", "ำ"),
    *("Z" + "\u0351\u036b\u0343" * 5, "각", "ﷺ", "שלום", "مرحبا بالعالم"),
    *("\u202everkehrt\u202c", "\u200f", "\u2066x\u2069", "\u200b", "\u200d", "\ufeff", "\xad"),
    *("\xa0", "\u3000", "\r\n", "\r", "\n", "\n\n", "\t", "\x00", "\x1f", "\x85", "\u2028", " "),
    *("  ", "\U000e0041", "\u2800", "\ud800", "\udc00", "\U0010ffff", "\uffff"),
    *("<b>", "&amp;", "*_`[", "/start", "@name", "#x", "https://example.org/?a=b"),
    *("Dr. Müller", "am 3. Mai. ", "Ein Satz. ", "Noch einer? ", "„Ja!“ ", "usw. "),
)
PIECE = st.one_of(
    st.sampled_from(ODD), st.characters(exclude_characters="•"), st.text("abcäöü .", max_size=40)
)
TEXT = st.builds(
    lambda pieces, times: "".join(pieces) * times,
    st.lists(PIECE, max_size=12),
    st.one_of(st.integers(1, 3), st.integers(20, 400)),
)
URL = "https://example.org/"
RUNS = st.builds(
    lambda text, style, linked: Run(text, style, URL if linked or style is Style.LINK else None),
    TEXT,
    st.sampled_from(Style),
    st.booleans(),
)
BLOCKS = st.builds(
    lambda kind, runs: Block(kind, tuple(runs)),
    st.sampled_from(BlockKind),
    st.lists(RUNS, max_size=4),
)
UNSEEN = regex.compile(r"[\s\u180e\u200b-\u200f\u2800\ufeff\ufffc\U000e0000-\U000e007f]")


def mended(text: str) -> str:
    """What Telegram leaves of a text, and what stands for what it cannot take."""
    text = "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)
    text = "".join(char for char in unicodedata.normalize("NFC", text) if char not in GONE)
    return "".join(" " if char < " " and char != "\n" else char for char in text)


GONE = "\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a"


def characters(text: str) -> list[str]:
    """What a reader sees, character by character (grapheme clusters, UAX #29)."""
    found = (UNSEEN.sub("", one) for one in regex.findall(r"\X", text.replace("•", "")))
    return [one for one in found if one]


def covered(part: Part) -> list[tuple[str, str]]:
    """Each entity's type and words."""
    encoded = part.text.encode("utf-16-le")
    spans = ((e.type, encoded[2 * e.offset : 2 * (e.offset + e.length)]) for e in part.entities)
    return [(kind, data.decode("utf-16-le")) for kind, data in spans]


def check(blocks: tuple[Block, ...]) -> tuple[Part, ...]:
    """Split blocks; nothing may be refused, changed, lost or torn."""
    made = parts(blocks)
    for part in made:
        assert units(part.text) <= LIMIT
        assert part.text == part.text.strip()
        payload = part.payload()
        taken = settle(part.text, payload["entities"])
        assert taken.text == part.text  # Telegram finds nothing to mend
        assert not taken.oddities

        def order(entity):
            return entity["offset"], entity["length"], entity["type"]

        assert sorted(taken.entities, key=order) == sorted(payload["entities"], key=order)
        for _, words in covered(part):
            assert words == words.strip() != ""
    clean = ["".join(mended(run.text) for run in one.runs) for one in blocks]
    assert [c for part in made for c in characters(part.text)] == [
        c for text in clean for c in characters(text)
    ]
    return made


@settings(max_examples=150, deadline=None)
@given(st.lists(BLOCKS, max_size=8))
def test_no_text_however_odd_is_refused_changed_lost_or_torn(blocks):
    made = check(tuple(blocks))
    # What cannot be seen may stay with the character before it, which another link covers.
    shown = {(kind, UNSEEN.sub("", words)) for part in made for kind, words in covered(part)}
    for one in blocks:
        for run in one.runs:
            words = mended(run.text).strip()
            if run.url and run.style is not Style.CODE and UNSEEN.sub("", words):
                whole = ("text_link", UNSEEN.sub("", words)) in shown
                assert whole or units(words) > LIMIT - 2, "a link was cut in half"


def test_bold_words_are_cut_before_a_link_that_begins_within_a_character():
    runs = (Run("😀" * 1888, Style.BOLD), Run("\u200d😀😀😀" * 20, url=URL))
    *_, last = check((Block(BlockKind.TITLE, runs),))
    assert ("text_link", runs[1].text) in covered(last)


@pytest.mark.parametrize("text", ["x", "😀", "e\u0301", FAMILY, "🇩🇪", "x\u200b", "ﷺ", "한"])
@pytest.mark.parametrize("style", [Style.PLAIN, Style.BOLD, Style.LINK])
def test_ten_thousand_characters_without_a_space(text, style):
    run = Run(text * 10_000, style, URL if style is Style.LINK else None)
    made = check((block(BlockKind.HEADING, bold("Titel")), block(BlockKind.PARAGRAPH, run)))
    assert made[0].text.startswith("Titel\n")
    assert all(units(part.text) > LIMIT - 40 for part in made[:-1])  # no room is wasted


def test_a_letter_under_a_mountain_of_accents_is_cut_where_it_must_be():
    made = parts((block(BlockKind.PARAGRAPH, "x" + "\u0302\u0303" * 5_000),))
    assert [units(part.text) <= LIMIT for part in made] == [True] * 3
    assert sum(len(part.text) for part in made) == 10_001


@pytest.mark.parametrize("kind", list(BlockKind))
def test_three_hundred_entities(kind):
    runs = [one for n in range(300) for one in (Run(f"Name {n}", Style.BOLD, URL), ", ")]
    made = check((block(kind, *runs),))
    found = [one for part in made for one in covered(part) if one[0] == "text_link"]
    assert [words for _, words in found] == [f"Name {n}" for n in range(300)]
    assert all(len(part.entities) <= ENTITIES for part in made)


def test_what_cannot_be_seen_is_no_message():
    for text in ("\u200b", "\u200d \xa0", "\ufeff\u2800", "\U000e0041", "\u202e\r", "\x00"):
        assert check((block(BlockKind.PARAGRAPH, text), block(BlockKind.TITLE, bold(text)))) == ()


def test_a_quote_is_one_with_its_names_and_a_long_one_is_folded():
    (part,) = check((block(BlockKind.QUOTE, bold("Lawrow"), ": ja. "),))
    assert covered(part) == [("blockquote", "Lawrow: ja."), ("bold", "Lawrow")]
    (part,) = check((block(BlockKind.QUOTE, "Ein Satz. " * (LONG_QUOTE // 9)),))
    assert [kind for kind, _ in covered(part)] == ["expandable_blockquote"]
    made = check((block(BlockKind.QUOTE, "Ein Satz. " * 1000),))
    assert [covered(part) for part in made] == [
        [("expandable_blockquote", part.text)] for part in made
    ]


def test_an_item_that_goes_on_has_one_bullet_and_no_message_is_a_bullet_alone():
    made = check((block(BlockKind.ITEM, "x" * 5_000), block(BlockKind.ITEM, "Satz. " * 1_000)))
    assert [part.text[:3] for part in made] == ["• x", "xxx", "• S", "Sat"]


@pytest.mark.parametrize(
    "last",
    [
        *("sprach Dr. ", "etwa am 3. ", "mit J. ", "mit der Fa. z. B. ", "Papst Leo XIV. "),
        *("den U.S. ", "bzw. ", "Nr. ", "(vgl. ", "100 Mio. ", "er, usw. ", "„ja!“ rief "),
    ],
)
def test_no_cut_after_what_ends_no_sentence(last):
    text = "Davor steht ein Satz. Dann " + last + "Weiter geht es noch."
    after = text.index("Weiter")
    cut = best_break(text, after)
    assert text[:cut] == "Davor steht ein Satz. "


@pytest.mark.parametrize(
    "end",
    ["kam an. ", "„Geh!“ ", "Und dann… ", "Was nun? ", "(So war es.) ", "im Jahr 2014. ", "Ort.\n"],
)
def test_sentences_end_at_these(end):
    text = "Anfang hier. " + end + "Weiter geht es"
    assert text[: best_break(text, len(text) - 3)].endswith(end)


def test_a_heading_stays_with_what_it_stands_over():
    filler = block(BlockKind.PARAGRAPH, "Wort " * 760 + "Ende.")
    group = (
        block(BlockKind.TITLE, bold("Wem gefolgt wird")),
        block(BlockKind.HEADING, bold("Überschrift")),
        block(BlockKind.NOTE, "gestern · dpa"),
    )
    for text in ("Ein Satz, der nicht mehr passt. " * 5, "Ein langer Absatz. " * 300):
        made = check((filler, *group, block(BlockKind.PARAGRAPH, text)))
        assert made[0].text.endswith("Ende.")
        assert made[1].text.startswith("Wem gefolgt wird\n\nÜberschrift\ngestern · dpa\nEin")


def test_headings_without_end_are_not_cut():
    made = check(tuple(block(BlockKind.HEADING, bold(f"Titel {n} " * 9)) for n in range(100)))
    lines = [line for part in made for line in part.text.split("\n") if line]
    assert lines == [(f"Titel {n} " * 9).strip() for n in range(100)]


@settings(max_examples=50, deadline=None)
@given(TEXT, st.integers(10, 1024))
def test_a_caption_fits(text, room):
    made = clipped(text, room)
    assert units(made) <= room
    assert made == made.strip()
    assert settle(made, allow_empty=True).text == made
    if units(mended(text).strip()) <= room:
        assert made == mended(text).strip()
    else:
        assert made.endswith("…")


def test_styles_become_entities_over_the_right_words():
    (part,) = parts(
        (
            block(BlockKind.TITLE, bold("Sergej 😀 Lawrow")),
            block(BlockKind.PARAGRAPH, "sagte ", italic("etwas "), link("dpa", "https://dpa.de")),
        )
    )
    words = [
        part.text.encode("utf-16-le")[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le")
        for e in part.entities
    ]
    assert words == ["Sergej 😀 Lawrow", "etwas", "dpa"]
    assert [e.type for e in part.entities] == ["bold", "italic", "text_link"]
    assert part.entities[2].url == "https://dpa.de"


def test_long_paragraphs_are_cut_between_sentences():
    sentence = "Dies ist ein ganzer Satz über die Lage. "
    made = parts((block(BlockKind.PARAGRAPH, sentence * 300),))
    assert len(made) > 2
    for part in made:
        assert part.text.rstrip().endswith("Lage.")
        assert part.text.startswith("Dies")


def test_a_block_that_fits_is_never_cut():
    blocks = tuple(
        block(BlockKind.PARAGRAPH, f"{number:03d} " + "Wort " * 150 + "Ende.")
        for number in range(20)
    )
    for part in parts(blocks):
        for line in part.text.split("\n"):
            assert line[:3].isdigit()
            assert line.endswith("Ende.")


def test_many_styled_words_are_spread_over_parts():
    made = parts(tuple(block(BlockKind.ITEM, bold(f"Name {n}")) for n in range(400)))
    assert sum(len(part.entities) for part in made) == 400
    assert all(len(part.entities) <= ENTITIES for part in made)


def test_buttons_stand_under_the_last_part_only():
    row = ((Button("Mehr", "/story 1"),),)
    made = parts((block(BlockKind.PARAGRAPH, "Satz. " * 2000),), row)
    assert [part.buttons for part in made] == [()] * (len(made) - 1) + [row]


def test_labels_are_laid_out_to_be_seen_whole():
    def shape(*labels, width=3):
        made = rows([Button(label, f"/topic {label}") for label in labels], width)
        return [[one.text for one in row] for row in made]

    assert shape("A", "B", "C", "D") == [["A", "B", "C"], ["D"]]
    assert shape("Energie", "Cyberangriffe und Digitales", "Handel") == [
        ["Energie"],
        ["Cyberangriffe und Digitales"],
        ["Handel"],
    ]
    assert shape("Sergej Lawrow", "Wladimir Putin") == [["Sergej Lawrow", "Wladimir Putin"]]
    assert rows([Button("x", "/" + "x" * 64), Button("y", "/y")]) == ((Button("y", "/y"),),)


def test_notes_are_set_off_but_not_rows_of_bars():
    note = block(BlockKind.NOTE, "gestern · ", italic("fast "), link("dpa", URL))
    (part,) = check((block(BlockKind.HEADING, bold("Titel")), note))
    assert covered(part) == [
        ("bold", "Titel"),
        ("italic", "gestern · fast dpa"),
        ("text_link", "dpa"),
    ]
    assert [covered(part) for part in check((block(BlockKind.NOTE, "▁▂▃"),))] == [[]]


def test_long_items_stand_apart():
    short, long = (block(BlockKind.ITEM, "wort " * n) for n in (5, 50))
    (part,) = check((short, short, long, long))
    assert [line[:1] for line in part.text.split("\n")] == ["•", "•", "", "•", "", "•"]


def test_nothing_makes_no_message():
    assert parts(()) == ()
    assert parts((block(BlockKind.PARAGRAPH, " \n "),)) == ()


def test_a_payload_comes_back_as_it_went():
    for part in parts((block(BlockKind.TITLE, bold("A"), link("b", "https://b.de")),)):
        assert Part.from_payload(part.payload()) == part


@pytest.mark.parametrize("url", ["javascript:alert(1)", "tg://user?id=1", "", None])
def test_only_web_addresses_become_links(url):
    assert link("Name", url) == Run("Name")


def test_plain_text_keeps_the_shape():
    text = plain_text(
        (
            block(BlockKind.TITLE, bold("Titel")),
            block(BlockKind.ITEM, "eins"),
            block(BlockKind.ITEM, "zwei"),
            block(BlockKind.PARAGRAPH, "Absatz"),
        )
    )
    assert text == "Titel\n\n• eins\n• zwei\n\nAbsatz"
