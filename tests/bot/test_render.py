import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render import ENTITIES, LIMIT, Part, parts, plain_text, units
from bot.reply import Block, BlockKind, Button, Run, Style, block, bold, italic, link

ODD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("😀👨‍👩‍👧‍👦🇩🇪é\u0301\u200b\u202e\n\t .!?»“"),
    ),
    max_size=300,
)
LONG = st.builds(lambda text, times: text * times, ODD, st.integers(1, 60))
RUNS = st.builds(
    lambda text, style: Run(text, style, "https://example.org/" if style is Style.LINK else None),
    LONG,
    st.sampled_from(Style),
)
BLOCKS = st.builds(
    lambda kind, runs: Block(kind, tuple(runs)),
    st.sampled_from(BlockKind),
    st.lists(RUNS, max_size=4),
)


def visible(text: str) -> str:
    return "".join(text.replace("•", "").split())


@settings(max_examples=150, deadline=None)
@given(st.lists(BLOCKS, max_size=8))
def test_no_text_however_odd_breaks_a_limit_or_is_lost(blocks):
    made = parts(tuple(blocks))
    for part in made:
        assert 1 <= units(part.text) <= LIMIT
        assert part.text.strip()
        assert part.text == part.text.lstrip()
        assert len(part.entities) <= 100
        encoded = part.text.encode("utf-16-le")
        for entity in part.entities:
            assert entity.length > 0
            assert entity.offset >= 0
            assert entity.offset + entity.length <= units(part.text)
            piece = encoded[2 * entity.offset : 2 * (entity.offset + entity.length)]
            assert piece.decode("utf-16-le").strip()  # never half a surrogate pair
    shown = visible("".join(part.text for part in made))
    given_ = "".join("".join(run.text for run in one.runs) for one in blocks if one.text.strip())
    mended = "".join("\ufffd" if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in given_)
    assert shown == visible(mended)


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
