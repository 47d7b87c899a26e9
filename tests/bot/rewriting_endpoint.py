"""An OpenAI-compatible endpoint on loopback that answers as it is told, truthfully or not."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

KEY = "sk-very-secret-0123456789"


LINE = re.compile(r"^\[(\d+)\] (.*) \([^()]*\)$", re.MULTILINE)


def first_of_each(question):
    """The first sentence of each story that a prompt holds, cited: what an honest model may say."""
    found = [LINE.search(story) for story in question.split("Story: ")[1:]]
    return " ".join(f"{one[2]} [{one[1]}]" for one in found if one)


@dataclass
class Asked:
    """A request that came in."""

    head: str
    body: dict


def completion(text, **choice):
    """A well-formed answer with a text, as bytes of HTTP."""
    message = {"role": "assistant", "content": text}
    return http(json.dumps({"choices": [{"index": 0, "message": message, **choice}]}))


def http(body, status="200 OK", kind="application/json", **headers):
    """An answer as bytes of HTTP."""
    content = body.encode() if isinstance(body, str) else body
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
    return f"{head}{more}Connection: close\r\n\r\n".encode() + content


@dataclass
class Endpoint:
    """What it answers, by the question, at once or bit by bit; and what it was asked."""

    answer: Callable[[str], bytes | AsyncIterator[bytes]] = lambda _question: completion("")
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    tasks: list[asyncio.Task] = field(default_factory=list)

    async def serve(self, reader, writer):
        self.tasks.append(asyncio.current_task())
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = next(
                int(line.partition(":")[2])
                for line in head.splitlines()
                if line.lower().startswith("content-length:")
            )
            body = json.loads(await reader.readexactly(length))
            self.asked.append(Asked(head, body))
            answer = self.answer(body["messages"][-1]["content"])
            if isinstance(answer, bytes):
                writer.write(answer)
            else:
                async for some in answer:
                    writer.write(some)
                    await writer.drain()
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


@asynccontextmanager
async def endpoint(answer=None):
    """A running endpoint."""
    one = Endpoint() if answer is None else Endpoint(answer)
    server = await asyncio.start_server(one.serve, "127.0.0.1", 0)
    one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield one
    finally:
        server.close()
        for task in one.tasks:
            task.cancel()
        await asyncio.gather(*one.tasks, return_exceptions=True)
