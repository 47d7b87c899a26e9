"""Messages of the Bot API as an HTML page that looks about as a phone shows them. Pure.

Entities nest as https://core.telegram.org/bots/api#formatting-options has it;
offsets are UTF-16 units. Colours and sizes are near those of Telegram's own apps.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from html import escape
from typing import Any, Final

Json = Mapping[str, Any]

_TAGS: Final = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
_NEW_LINE: Final = "\n".encode("utf-16-le")
_LINKS: Final = ("url", "bot_command", "mention", "hashtag", "email", "text_mention")


@dataclass(frozen=True, slots=True)
class Phone:
    """A chat on a phone: its name, the messages in order, and the theme, ``light`` or ``dark``.

    ``height`` in CSS pixels cuts the chat off below, None shows all of it.
    """

    name: str
    messages: Sequence[Json]
    theme: str = "light"
    height: int | None = None
    about: str = "Bot"


def page(
    phones: Iterable[Phone],
    content: Callable[[str], bytes],
    zone: tzinfo = UTC,
    *,
    width: int = 412,
) -> str:
    """A page with phones beside each other; ``content`` gives the bytes of a file by its id."""
    shown = "".join(_phone(one, content, zone) for one in phones)
    style = _STYLE.replace("WIDTH", str(width))
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style><main>{shown}</main>'


def _phone(one: Phone, content: Callable[[str], bytes], zone: tzinfo) -> str:
    messages = "".join(_message(message, content, zone) for message in one.messages)
    height = f' style="height:{one.height}px"' if one.height else ""
    return (
        f'<section class="{one.theme}"{height}><header><span class="back">‹</span>'
        f'<span class="face">{escape(one.name[:1])}</span>'
        f"<div><b>{escape(one.name)}</b><small>{escape(one.about)}</small></div></header>"
        f'<div class="chat">{messages}</div></section>'
    )


def _message(message: Json, content: Callable[[str], bytes], zone: tzinfo) -> str:
    side = "in" if message.get("from", {}).get("is_bot", "sender_chat" in message) else "out"
    inside = ""
    if "photo" in message:
        data = base64.b64encode(content(message["photo"][-1]["file_id"])).decode()
        inside += f'<img src="data:image/png;base64,{data}" alt="">'
    if "document" in message:
        inside += f'<p class="file">📄 {escape(message["document"]["file_name"])}</p>'
    if "location" in message:
        inside += '<p class="file">📍</p>'
    for name, entities in (("text", "entities"), ("caption", "caption_entities")):
        if name in message:
            shown = formatted(message[name], message.get(entities, ()))
            inside += f'<div class="text">{shown}</div>'
    sent = datetime.fromtimestamp(message["date"], zone).strftime("%H:%M")
    edited = "bearbeitet " if "edit_date" in message and side == "in" else ""
    kind = " photo" if "photo" in message else ""
    return (
        f'<article class="{side}"><div class="bubble{kind}">{inside}'
        f"<time>{edited}{sent}</time></div>"
        f"{_keyboard(message)}</article>"
    )


def _keyboard(message: Json) -> str:
    markup = message.get("reply_markup", {})
    rows = markup.get("inline_keyboard", ())
    return "".join(
        '<div class="row">' + "".join(f"<span>{_label(one)}</span>" for one in row) + "</div>"
        for row in rows
    )


def _label(button: Json) -> str:
    mark = "<sup>↗</sup>" if "url" in button else ""
    return escape(button["text"]) + mark


def formatted(text: str, entities: Sequence[Json]) -> str:
    """A text with its entities as HTML. Entities must nest, as those of a sent message do."""
    data = text.encode("utf-16-le")
    order = sorted(entities, key=lambda one: (one["offset"], -one["length"], _rank(one)))
    made: list[str] = []
    open_: list[tuple[int, str]] = []
    at = 0

    def upto(offset: int) -> None:
        nonlocal at
        while open_ and open_[-1][0] <= offset:
            end, closing = open_.pop()
            made.append(escape(data[2 * at : 2 * end].decode("utf-16-le"), quote=False) + closing)
            at = end
            if closing == "</blockquote>" and data[2 * at : 2 * at + 2] == _NEW_LINE:
                at += 1  # a quote is a block: the line after it begins by itself
        made.append(escape(data[2 * at : 2 * offset].decode("utf-16-le"), quote=False))
        at = offset

    for one in order:
        upto(one["offset"])
        opening, closing = _marks(one)
        made.append(opening)
        open_.append((one["offset"] + one["length"], closing))
    upto(len(data) // 2)
    return "".join(made)


def _rank(entity: Json) -> int:
    """Quotes stand around links, and those around the rest, where they begin together."""
    kind = entity["type"]
    return 0 if "quote" in kind else 1 if kind == "text_link" else 2


def _marks(entity: Json) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a title="{escape(entity["url"])}">', "</a>"
    if kind in _LINKS:
        return "<a>", "</a>"
    if kind == "spoiler":
        return '<span class="spoiler">', "</span>"
    tag = _TAGS.get(kind, "span")
    folded = ' class="folded"' if kind == "expandable_blockquote" else ""
    return f"<{tag}{folded}>", f"</{tag}>"


_STYLE: Final = """
* { box-sizing: border-box; margin: 0 }
body { background: #dfe3e8; font: 16px/1.32 Roboto, "Segoe UI", "Noto Sans", sans-serif }
main { display: inline-flex; gap: 24px; padding: 24px; align-items: flex-start }
section { --ground: #d5e3c8; --in: #fff; --out: #e3fed3; --ink: #000; --dim: #8a949c;
  --link: #2678b6; --bar: #517da2; --quote: #eaf3fb; --key: rgba(60, 90, 50, .42);
  --outdim: #5fb15a;
  width: WIDTHpx; border-radius: 26px; overflow: hidden; display: flex; flex-direction: column;
  background: var(--ground); color: var(--ink); box-shadow: 0 6px 24px rgba(0, 0, 0, .22) }
section.dark { --ground: #0e1621; --in: #182533; --out: #2b5278; --ink: #f5f5f5; --dim: #6d7f8f;
  --link: #6ab2f2; --bar: #17212b; --quote: #1e3247; --key: rgba(60, 86, 112, .62);
  --outdim: #7da8d3 }
header { background: var(--bar); color: #fff; display: flex; gap: 12px; align-items: center;
  padding: 12px 14px }
header small { display: block; opacity: .75; font-size: 13px }
.back { font-size: 30px; line-height: 20px }
.face { width: 40px; height: 40px; border-radius: 50%; background: #e17076; display: grid;
  place-items: center; font-weight: 500; font-size: 19px }
.chat { padding: 8px 8px 14px; overflow: hidden; display: flex; flex-direction: column; gap: 6px }
article { max-width: 88%; align-self: flex-start }
article.out { align-self: flex-end }
.bubble { background: var(--in); border-radius: 4px 14px 14px 14px; padding: 6px 10px 6px;
  box-shadow: 0 1px 1px rgba(0, 0, 0, .12); position: relative }
.bubble::after { content: ""; display: block; clear: both }
.out .bubble { background: var(--out); border-radius: 14px 4px 14px 14px }
.photo { padding: 3px } .photo .text { padding: 4px 7px 0 } .photo time { padding-right: 7px }
img { width: 100%; border-radius: 4px 11px 8px 8px; display: block }
.text { white-space: pre-wrap; overflow-wrap: anywhere }
time { float: right; font-size: 12px; color: var(--dim); margin: 2px 0 -1px 10px }
.out time { color: var(--outdim) }
a { color: var(--link) }
b { font-weight: 600 }
code, pre { font-family: "Roboto Mono", "DejaVu Sans Mono", monospace; font-size: 14px;
  color: var(--link) }
blockquote { background: var(--quote); border-left: 3px solid var(--link); border-radius: 4px;
  padding: 3px 8px; margin: 2px 0; position: relative }
blockquote.folded { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3;
  overflow: hidden; padding-right: 22px }
blockquote.folded::after { content: "⌄"; position: absolute; right: 7px; bottom: 4px;
  color: var(--link) }
.spoiler { background: var(--dim); color: transparent }
.row { display: flex; gap: 4px; margin-top: 4px }
.row span { flex: 1 1 0; min-width: 0; background: var(--key); color: #fff; text-align: center;
  font-size: 14.5px; padding: 9px 4px; border-radius: 8px; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; position: relative }
sup { position: absolute; right: 5px; top: 1px; font-size: 10px }
"""
