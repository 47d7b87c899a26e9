"""A digest in a model's words, from the scheduler to the chat; the bot killed while it asks."""

import json
import signal
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlmodel import select

from digests.store import open_store
from digests.tables import DeliveryRow, SubscriptionRow
from tests.bot.rewriting_endpoint import KEY, first_of_each

REPORT = """Lawrow reist nach Genf

Der russische Außenminister Sergej Lawrow ist nach Genf gereist. Lawrow sagte, Russland
sei zu Gesprächen mit den Vereinigten Staaten über die Sicherheit in Europa bereit.
"""


class Model(ThreadingHTTPServer):
    """Retells what it is asked, once it may."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.may_answer, self.was_asked = threading.Event(), threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.was_asked.set()
        self.server.may_answer.wait(60)
        text = first_of_each(asked["messages"][-1]["content"])
        answer = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


@pytest.fixture
def model():
    server = Model()
    yield server
    server.may_answer.set()
    server.shutdown()
    server.server_close()


def test_a_digest_in_a_models_words_is_sent_once_whoever_dies(bot, model):
    bot.extra |= {"REWRITE_URL": model.url, "REWRITE_MODEL": "klein", "REWRITE_KEY": KEY}
    bot.start()
    chat = bot.api.private(bot.api.user(language_code="de"))
    bot.ask(chat, "/subscribe Lawrow digest")
    (bot.seeds / "a.txt").write_text(REPORT, "utf-8")
    bot.wait_logged("taken in")
    store = open_store(f"sqlite:///{bot.home / 'data' / 'depesche.db'}")
    with store.writing() as session:
        session.exec(select(SubscriptionRow)).one().next_due_at = datetime.now(UTC)

    def digests():
        return [one for one in bot.api.sent(chat) if "Zusammengefasst von klein" in one["text"]]

    assert model.was_asked.wait(60)
    assert bot.stop() == 0  # without waiting for the model
    with store.reading() as session:
        assert session.exec(select(DeliveryRow)).one().state == "draft"
    model.was_asked.clear()
    bot.start()
    assert model.was_asked.wait(60)
    bot.stop(signal.SIGKILL)
    model.may_answer.set()
    bot.start()
    bot.api.wait_until(digests, timeout=90, what="the digest")
    with store.reading() as session:
        row = session.exec(select(DeliveryRow)).one()
    original = bot.ask(chat, f"/digest original {row.id}")
    store.close()
    assert "Lawrow sagte, Russland" in original["text"]
    assert bot.stop() == 0
    assert len(digests()) == 1
    assert "[1]" in digests()[0]["text"]
    assert KEY not in bot.log()
    assert "Traceback" not in bot.log()
