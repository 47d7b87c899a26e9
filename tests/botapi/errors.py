"""Refusals as the Bot API words them.

A refusal is either *malformed* (the call could never be right: it breaks
api.json or a documented limit, so it is also a violation) or a matter of
*state* (chat gone, message unchanged, ...), which a correct bot can meet.

The wordings are those of Telegram's open Bot API server (Client.cpp and
td/telegram/MessageEntity.cpp of TDLib) and of its answers as quoted in public
issue trackers. Where no wording is known, ours says what is wrong in plain words.
"""

from __future__ import annotations

from typing import Any

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
OTHER_POLLER = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


class ApiError(Exception):
    """An answer with ``ok: false``."""

    def __init__(
        self,
        code: int,
        description: str,
        parameters: dict[str, Any] | None = None,
        *,
        malformed: bool = False,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters
        self.malformed = malformed

    def body(self) -> dict[str, Any]:
        """The JSON object Telegram sends."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def _sentence(prefix: str, text: str) -> str:
    """Telegram lowers the first letter after the prefix, but leaves CODES_LIKE_THIS alone."""
    if len(text) > 1 and (text[1] == "_" or "A" <= text[1] <= "Z"):
        return f"{prefix}: {text}"
    return f"{prefix}: {text[:1].lower()}{text[1:]}"


def bad_request(text: str, **parameters: Any) -> ApiError:
    """400 for a matter of state."""
    return ApiError(400, _sentence("Bad Request", text), parameters or None)


def malformed(text: str) -> ApiError:
    """400 for a call that breaks api.json or a documented limit."""
    return ApiError(400, _sentence("Bad Request", text), malformed=True)


def forbidden(text: str) -> ApiError:
    """403: the bot may not do this in that chat."""
    return ApiError(403, _sentence("Forbidden", text))


def too_many_requests(retry_after: int) -> ApiError:
    """429 with the seconds to wait."""
    return ApiError(
        429,
        f"Too Many Requests: retry after {retry_after}",
        {"retry_after": retry_after},
    )


def migrated(new_id: int) -> ApiError:
    """400 of a group that has become a supergroup."""
    return bad_request(
        "group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=new_id,
    )


def not_found() -> ApiError:
    """404 of an unknown method or a malformed token."""
    return ApiError(404, "Not Found")


def unauthorized() -> ApiError:
    """401 of a token that is nobody's."""
    return ApiError(401, "Unauthorized")
