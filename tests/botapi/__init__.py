"""A stand-in for the Telegram Bot API, for tests: real HTTP on loopback.

:class:`BotApi` is the server and the people who use it; the faults it can be told
to show are in :mod:`tests.botapi.faults`; what it knows of Telegram's rules is in
api.json (Bot API 10.1), schema.py, checks.py and entities.py.

What it leaves out: webhooks are recorded but not delivered, rich messages, polls
and payments are not simulated (their calls are checked all the same), and
``parse_mode`` is HTML only.
"""

from tests.botapi.entities import Formatted, entity_text, utf16_length
from tests.botapi.errors import ApiError
from tests.botapi.faults import Gate, RateLimits
from tests.botapi.server import BotApi, Call
from tests.botapi.world import Chat, User, keyboard

__all__ = [
    "ApiError",
    "BotApi",
    "Call",
    "Chat",
    "Formatted",
    "Gate",
    "RateLimits",
    "User",
    "entity_text",
    "keyboard",
    "utf16_length",
]
