"""The page that shows how messages look: entities as they nest, nothing taken for markup."""

import pytest

from docs.chat.page import Phone, formatted, page


def entity(kind, offset, length, **more):
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("text", "entities", "shown"),
    [
        ("a < b & c", [], "a &lt; b &amp; c"),
        ("😀 fett", [entity("bold", 3, 4)], "😀 <b>fett</b>"),
        (
            "ab cd",
            [entity("italic", 0, 5), entity("bold", 3, 2)],
            "<i>ab <b>cd</b></i>",
        ),
        (
            "dpa",
            [entity("bold", 0, 3), entity("text_link", 0, 3, url='https://a.de/"')],
            '<a title="https://a.de/&quot;"><b>dpa</b></a>',
        ),
        (
            "lang",
            [entity("bold", 0, 2), entity("expandable_blockquote", 0, 4)],
            '<blockquote class="folded"><b>la</b>ng</blockquote>',
        ),
    ],
)
def test_entities_become_elements(text, entities, shown):
    assert formatted(text, entities) == shown


def test_a_page_has_messages_buttons_and_pictures():
    messages = [
        {"from": {"is_bot": False}, "text": "/start", "date": 0},
        {
            "from": {"is_bot": True},
            "photo": [{"file_id": "f"}],
            "caption": "<Bild>",
            "date": 60,
            "reply_markup": {"inline_keyboard": [[{"text": "A & B", "callback_data": "x"}]]},
        },
    ]
    shown = page([Phone("Depesche", messages, "dark")], {"f": b"png"}.__getitem__)
    assert '<article class="out">' in shown
    assert "&lt;Bild&gt;" in shown
    assert "<span>A &amp; B</span>" in shown
    assert "data:image/png;base64,cG5n" in shown
    assert "00:01" in shown
