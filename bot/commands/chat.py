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
            *_kept(ask),
            block(
                BlockKind.PARAGRAPH,
                t("Recognising names and speakers is done by a program, and it errs at times."),
            ),
        )
    )


def _kept(ask: Ask) -> list[Block]:
    """What is kept about a chat, for how long, and how to see it and be rid of it."""
    t, periods = ask.texts, ask.desk.operation.periods
    lines = [
        t("the chat's number in Telegram, since when it is known, and its settings"),
        t("what it follows, in which forum topic, its own topics, and feeds it added"),
        t.plural(
            "what was sent to it, for {n} day; which reports those were, for good",
            "what was sent to it, for {n} days; which reports those were, for good",
            periods.sent,
        ),
        t("which stories it wants no more of, and long questions behind buttons"),
    ]
    if ask.private:
        lines.append(t("the channels whose digests you decide about, by number and title"))
    after = t(
        "Not kept: names of people, what they write, and who of a group asked. /export shows"
        " everything, /deleteme deletes it at once: all that stays is that one more chat was"
        " deleted. Backups that the operator made before hold it until they are replaced."
    )
    blocks = [
        block(BlockKind.HEADING, bold(t("Kept about this chat"))),
        *(block(BlockKind.ITEM, line) for line in lines),
        block(BlockKind.PARAGRAPH, after),
    ]
    if periods.texts:
        texts = t.plural(
            "Texts of reports are removed after {n} day; titles and links stay.",
            "Texts of reports are removed after {n} days; titles and links stay.",
            periods.texts,
        )
        blocks.append(block(BlockKind.PARAGRAPH, texts))
    return blocks


def help_reply(commands: tuple[Command, ...], t: Texts) -> Reply:
    """All commands, one a line."""
    blocks: list[Block] = [block(BlockKind.TITLE, bold(t("Commands")))]
    blocks += [
        block(BlockKind.ITEM, command.form(t), f" — {t(command.summary)}") for command in commands
    ]
    blocks.append(block(BlockKind.NOTE, t("A name alone is answered as /actor does.")))
    return Reply(tuple(blocks))
