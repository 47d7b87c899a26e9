"""What is said in groups and of channels when the bot comes or goes."""

from __future__ import annotations

from bot.reply import BlockKind, Button, Reply, block, plain, rows
from bot.texts import Texts


def greeting(t: Texts) -> Reply:
    """What is said in a group that the bot was added to."""
    return plain(
        t(
            "Hello! I follow people, organisations and topics in the news, and quote what"
            " they did and said."
        ),
        t(
            "Admins choose what this group follows: /subscribe NAME. Everybody may ask:"
            " /actor NAME. What is subscribed in a forum topic comes there. Admins can let all"
            " members choose: /settings who all"
        ),
    )


def in_channel(t: Texts, number: int, title: str) -> Reply:
    """To who made the bot an admin of a channel."""
    text = t("I may post in “{title}” now. What shall go there?", title=title)
    button = Button(t("Choose"), f"/channel {number}")
    return Reply((block(BlockKind.PARAGRAPH, text),), rows([button]))


def out_of_channel(t: Texts, title: str) -> Reply:
    """To who decides what a channel is sent: it takes no more."""
    return plain(
        t(
            "I may not post in “{title}” any more. What comes meanwhile is in the next digest"
            " once I may again.",
            title=title,
        )
    )
