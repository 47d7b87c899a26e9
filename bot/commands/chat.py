"""Commands about Depesche itself: /help, /about."""

from __future__ import annotations

from bot.commands.table import Ask, Command
from bot.reply import Block, BlockKind, Reply, block, bold
from bot.texts import Texts


def about(ask: Ask) -> Reply:
    """/about: what is kept, how answers are made."""
    t = ask.texts
    place = t(
        "Depesche runs on its operator's own machine and sends nothing anywhere but"
        " here. It shows sentences of reports, never words of its own about them."
    )
    if (model := ask.desk.drafts.author) is not None:
        place = t(
            "Depesche runs on its operator's own machine and shows sentences of reports. Those of"
            " a digest go to the language model {model}, which retells them; what it writes is"
            " shown only if they bear it out, and says so. Nothing else is sent but here.",
            model=model,
        )
    return Reply(
        (
            block(BlockKind.TITLE, bold("Depesche")),
            block(BlockKind.PARAGRAPH, place),
            block(
                BlockKind.PARAGRAPH,
                t(
                    "Kept about this chat: its number, settings, what it follows, and what was"
                    " sent to it. /export shows all of it, /deleteme deletes it."
                ),
            ),
            block(
                BlockKind.PARAGRAPH,
                t("Recognising names and speakers is done by a program, and it errs at times."),
            ),
        )
    )


def help_reply(commands: tuple[Command, ...], t: Texts) -> Reply:
    """All commands, one a line."""
    blocks: list[Block] = [block(BlockKind.TITLE, bold(t("Commands")))]
    blocks += [
        block(BlockKind.ITEM, command.form(t), f" — {t(command.summary)}") for command in commands
    ]
    blocks.append(block(BlockKind.NOTE, t("A name alone is answered as /actor does.")))
    return Reply(tuple(blocks))
