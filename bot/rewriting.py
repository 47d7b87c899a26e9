"""Digests in a language model's words: asks an OpenAI-compatible endpoint, and trusts it nothing.

What it answers goes out only where :mod:`digests.rewriting` finds every sentence
borne out by what it cites; else, and whenever the endpoint fails, stalls or is
not there, the digest goes out as it was composed, two minutes late at most.
Nothing is held while it is asked: a draft lies in the outbox, and whoever dies
leaves it there.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import httpx
from pydantic import BaseModel, SecretStr, ValidationError

from bot.commands import show
from bot.render import parts
from bot.reply import Block, BlockKind, Button, Run, block, bold, italic, link, rows
from bot.settings import Settings
from bot.texts import Texts
from digests.desk.alerts import Render
from digests.desk.drafts import Drafts
from digests.rewriting import MARKS, MOST_SENTENCES, Cited, Refused, Told, check, prompt, retold
from digests.store.drafts import Draft, with_draft
from digests.types import Chat, CitedSentence, Digest

log = logging.getLogger(__name__)

PATIENCE: Final = timedelta(minutes=2)
"""After which a digest goes out as it is."""

_AT_ONCE: Final = 4
_FAILURES: Final = 3
_REST_SECONDS: Final = 3600.0
_MOST_BYTES: Final = 256 * 1024
_THINKING: Final = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_MARKED: Final = re.compile(f"{MARKS[0]}([0-9]+){MARKS[1]}")

Messages = Sequence[dict[str, str]]


class UnansweredError(Exception):
    """The endpoint gave no text: it failed, stalled, or what it sent is no answer."""


@dataclass(frozen=True, slots=True)
class Model:
    """A language model behind an endpoint: ``url`` is what '/chat/completions' is appended to."""

    url: str
    name: str
    key: SecretStr | None = None
    timeout: float = 60.0

    @classmethod
    def of(cls, settings: Settings) -> Model | None:
        """The model that the settings name; None where there is to be none."""
        if settings.rewrite_url is None or not settings.rewrite_model:
            return None
        return cls(
            str(settings.rewrite_url).rstrip("/"),
            settings.rewrite_model,
            settings.rewrite_key,
            settings.rewrite_timeout,
        )

    async def ask(self, messages: Messages, within: float) -> str:
        """What the model says, in ``within`` seconds at most. Raises UnansweredError."""
        try:
            async with asyncio.timeout(min(self.timeout, within)):
                return _said(await self._post(messages))
        except TimeoutError:
            raise UnansweredError("no answer in time") from None
        except httpx.HTTPError as error:
            raise UnansweredError(type(error).__name__) from None

    async def _post(self, messages: Messages) -> bytes:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self.key is not None:
            headers["Authorization"] = f"Bearer {self.key.get_secret_value()}"
        body = {"model": self.name, "messages": list(messages), "temperature": 0, "stream": False}
        async with (
            httpx.AsyncClient(timeout=self.timeout, follow_redirects=False) as client,
            client.stream(
                "POST", f"{self.url}/chat/completions", json=body, headers=headers
            ) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise UnansweredError(f"status {answer.status_code}")
            content = bytearray()
            async for chunk in answer.aiter_raw():
                content += chunk
                if len(content) > _MOST_BYTES:
                    raise UnansweredError("too large")
            return bytes(content)


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice]


def _said(content: bytes) -> str:
    try:
        choices = _Completion.model_validate_json(content).choices
    except ValidationError:
        raise UnansweredError("no chat completion") from None
    if not choices or choices[0].finish_reason == "length":
        raise UnansweredError("cut short" if choices else "no choice")
    return _THINKING.sub("", choices[0].message.content)


class Rewriting:
    """Works through the drafts: few at once, each in a task of its own."""

    def __init__(
        self,
        drafts: Drafts,
        model: Model | None,
        clock: Callable[[], datetime],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Without a ``model`` drafts that are there, from a time with one, go out as they are."""
        self._drafts = drafts
        self._model = model
        self._clock = clock
        self._ticks = ticks
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._failures = 0
        self._resting_until = float("-inf")
        self._stopping = False

    async def begin(self) -> None:
        """Let go what waits too long; begin with what waits, as far as there is room for it.

        Raises what a task raised: StoreError where the database fails.
        """
        self._raise_failed()
        for draft in await asyncio.to_thread(self._drafts.waiting):
            model = self._model
            left = self._left(draft)
            if model is None or left <= 0 or draft.digest is None or self._rests():
                await asyncio.to_thread(self._drafts.release, draft.batch)
            elif (
                draft.batch not in self._tasks
                and len(self._tasks) < _AT_ONCE
                and not self._stopping
            ):
                self._tasks[draft.batch] = asyncio.create_task(
                    self._rewrite(draft, draft.digest, model, left)
                )

    async def finish(self) -> None:
        """Work until no draft is left."""
        while await asyncio.to_thread(self._drafts.waiting):
            await self.begin()
            if self._tasks:
                await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
        self._raise_failed()

    async def stop(self) -> None:
        """Ask no more, and leave off what is being asked: those digests stay drafts."""
        self._stopping = True
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()

    def _raise_failed(self) -> None:
        for batch, task in [(name, one) for name, one in self._tasks.items() if one.done()]:
            del self._tasks[batch]
            task.result()

    def _left(self, draft: Draft) -> float:
        """Seconds that a draft may still wait; none where clocks were set back behind it."""
        waited = self._clock() - draft.made_at
        return (PATIENCE - waited).total_seconds() if waited >= -PATIENCE else 0.0

    def _rests(self) -> bool:
        return self._ticks() < self._resting_until

    async def _rewrite(self, draft: Draft, digest: Digest, model: Model, left: float) -> None:
        payloads = await self._payloads(draft, digest, model, left)
        if payloads:
            await asyncio.to_thread(self._drafts.replace, draft.batch, payloads)
        else:
            await asyncio.to_thread(self._drafts.release, draft.batch)

    async def _payloads(
        self, draft: Draft, digest: Digest, model: Model, left: float
    ) -> Sequence[dict[str, Any]]:
        """The digest in the model's words; empty where it is to go out as it is."""
        shown = shown_sentences(digest, draft.chat)
        cited = await asyncio.to_thread(self._drafts.citable, digest, shown)
        if not 0 < len(cited) <= MOST_SENTENCES:
            return ()
        try:
            answer = await model.ask(prompt(digest, cited), left)
        except UnansweredError as error:
            self._failed(error)
            return ()
        self._failures = 0
        told = await asyncio.to_thread(check, answer, cited)
        if isinstance(told, Refused):
            log.info("rewriting refused: %s (%s)", told.reason, told.words[:80])
            return ()
        return render(draft, digest, told, cited, model.name)

    def _failed(self, error: UnansweredError) -> None:
        self._failures += 1
        log.warning("rewriting: %s", error)
        if self._failures >= _FAILURES:
            self._failures = 0
            self._resting_until = self._ticks() + _REST_SECONDS
            log.warning("rewriting rests for an hour: the endpoint failed again and again")


_Sources = dict[int, tuple[int, CitedSentence]]
"""A citation's number -> the number that a reader is shown, and the sentence."""


def drafting(digest_payloads: Render, model: Model | None) -> Render:
    """A way to render digests so that they are enqueued as drafts, where there is a model."""
    if model is None:
        return digest_payloads

    def rendered(digest: Digest, chat: Chat) -> Sequence[dict[str, Any]]:
        payloads = digest_payloads(digest, chat)
        fitting = 0 < len(shown_sentences(digest, chat)) <= MOST_SENTENCES
        return with_draft(payloads, digest) if fitting else payloads

    return rendered


# --- How it reads --------------------------------------------------------------------------


def shown_sentences(digest: Digest, chat: Chat) -> tuple[CitedSentence, ...]:
    """The sentences of a digest that a chat is shown: some stories are told in a line."""
    words = "\n".join(one.text for one in show.digest(digest, _texts(chat)))
    return tuple(
        sentence
        for view in show.stories_of(digest)
        for sentence in view.sentences
        if sentence.text in words
    )


def render(
    draft: Draft, digest: Digest, told: Sequence[Told], cited: Sequence[Cited], model: str
) -> Sequence[dict[str, Any]]:
    """The payloads of a digest in a model's words: that it is so, and its sources, are told."""
    texts = _texts(draft.chat)
    said = retold(digest, told, cited)
    title, *rest = show.digest(said, texts)
    author = texts("Summed up by {model} from the sentences cited", model=model)
    used = sorted({number for one in told for number in one.cites})
    # The reader counts what is cited, not what might have been.
    sources = {
        one.number: (place, one.sentence)
        for place, one in enumerate((one for one in cited if one.number in used), 1)
    }
    blocks = [
        title,
        block(BlockKind.NOTE, italic(author)),
        *(_linked(one, sources) for one in rest),
        block(BlockKind.HEADING, bold(texts("Sources"))),
        *(_source(*sources[number], texts) for number in used),
    ]
    button = Button(texts("In the reports' words"), f"/digest original {draft.id}")
    buttons = (*show.digest_buttons(said, texts), *rows([button]))
    chat = draft.chat
    made = (
        replace(one, muted=chat.muted, previews=chat.previews) for one in parts(blocks, buttons)
    )
    return [one.payload() | {"language": chat.language} for one in made]


def _texts(chat: Chat) -> Texts:
    return Texts(chat.language, ZoneInfo(chat.zone))


def _source(number: int, sentence: CitedSentence, texts: Texts) -> Block:
    date = texts.published(sentence.published)
    return block(BlockKind.NOTE, f"[{number}] ", link(sentence.source, sentence.url), f", {date}")


def _linked(one: Block, sources: _Sources) -> Block:
    """A block whose citations are links; what stands behind them in a line (a source) goes."""
    runs: list[Run] = []
    cited = False
    for run in one.runs:
        if _MARKED.search(run.text):
            runs += _cut(run, sources)
            cited = True
        elif run.text == "\n" or not cited:
            runs.append(run)
            cited = False
    return replace(one, runs=tuple(runs))


def _cut(run: Run, sources: _Sources) -> Iterator[Run]:
    at = 0
    for found in _MARKED.finditer(run.text):
        if found.start() > at:
            yield replace(run, text=run.text[at : found.start()])
        place, sentence = sources[int(found.group(1))]
        yield link(f"[{place}]", sentence.url)
        at = found.end()
