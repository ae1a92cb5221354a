"""The shop's receiver of callbacks: verifies each, answers as it is told to, and keeps a book of its own."""

import base64
import dataclasses
import hashlib
import hmac
import json
import os
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

try:
    from standardwebhooks import Webhook
except ImportError:
    Webhook = None  # type: ignore[assignment, misc]

#: By whom signatures are verified.
VERIFIER = "our own reading of Standard Webhooks" if Webhook is None else "the package standardwebhooks"


def new_secret() -> str:
    return "whsec_" + base64.b64encode(os.urandom(32)).decode()


def verify(secret: str, body: bytes, headers: dict[str, str]) -> None:
    """Raises `ValueError` unless the secret has signed the body within five minutes of now."""
    if Webhook is not None:
        try:
            Webhook(secret).verify(body, headers)
        except Exception as error:
            raise ValueError(str(error)) from error
        return
    id, time_of = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{id}.{time_of}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    signatures = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(expected, one) for one in signatures):
        raise ValueError("no signature of this secret")
    if not time_of.isdigit() or abs(time.time() - int(time_of)) > 300:
        raise ValueError("not of now")


@dataclasses.dataclass(frozen=True)
class Callback:
    """One attempt that came."""

    id: str
    type: str
    thread: str
    event: dict[str, Any]
    #: What it was answered; 0 where the answer was lost.
    status: int
    #: Whether the shop keeps it.
    kept: bool


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class Receiver:
    PROBLEM = {"title": "Not this one", "detail": "the order was merged into another"}

    def __init__(self) -> None:
        self.secret = new_secret()
        self.callbacks: list[Callback] = []
        #: What could not be verified or read.
        self.problems: list[str] = []
        #: Threads whose answers are refused for good, until a person has seen to it.
        self.refusing: set[str] = set()
        #: `fine`, `down`, `slow`, `losing` (keeps, and the answer is lost) or `gone`.
        self.mode = "fine"
        #: Threads that have an answer.
        self.answered: set[str] = set()
        self._kept: set[str] = set()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self._receive))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/answers"

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _receive(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """The status, 0 for none, and the body of the answer."""
        try:
            verify(self.secret, body, headers)
            event = json.loads(body)
            id, kind, thread = headers["webhook-id"], event["type"], event["data"]["conversation"]["key"]
        except (ValueError, KeyError) as error:
            with self._lock:
                self.problems.append(f"{headers.get('webhook-id')}: {error}")
            return 401, b""
        mode = self.mode
        if mode == "slow":
            time.sleep(0.3)
        with self._lock:
            status, kept = self._status(mode, id, kind, thread)
            self.callbacks.append(Callback(id, kind, thread, event, status, kept))
            if kept:
                self._kept.add(id)
                if kind == "agent.reply":
                    self.answered.add(thread)
        return status, json.dumps(self.PROBLEM).encode() if status == 422 else b""

    def _status(self, mode: str, id: str, kind: str, thread: str) -> tuple[int, bool]:
        match mode:
            case "down": return 503, False
            case "gone": return 410, False
            case "losing": return 0, True
        if kind == "agent.reply" and thread in self.refusing:
            return 422, False
        # A repeat, which a shop may answer either way.
        return (409 if id in self._kept and ord(id[-1]) % 2 else 200), True


def _handler(receive: Callable[[bytes, dict[str, str]], tuple[int, bytes]]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer = receive(body, {name.lower(): value for name, value in self.headers.items()})
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            if status == 422:
                self.send_header("Content-Type", "application/problem+json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    return Handler
