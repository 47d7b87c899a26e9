"""The conversation in the documents is word for word what the bot says."""

import pytest

from docs.chat.conversation import DOCUMENT, played
from docs.chat.page import Phone, page


async def test_the_documented_conversation_is_what_the_bot_says():
    document = DOCUMENT.read_text("utf-8")
    text, scenes, api = await played(document)
    assert text == document, "write it anew: python -m docs.chat record"
    assert len(scenes) > 5
    for scene in scenes:
        assert scene.messages
        shown = page([Phone("Depesche", scene.messages)], lambda file: api.files[file].data)
        assert shown.count("<article") == len(scene.messages)


async def test_a_button_that_is_not_there_is_no_conversation():
    with pytest.raises(LookupError, match="no button"):
        await played("```text\n» /help\n» [Gibt es nicht]\n```\n")
