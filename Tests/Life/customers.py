"""The customers: they write through the shop, which posts until each message is answered 2xx."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from book import Book, Said, Thread, now
from bridge import TOKEN, Bridge
from calls import Refused, call

PATIENCE = 120


class Customers:
    def __init__(self, bridge: Bridge, book: Book):
        self._bridge, self._book = bridge, book
        self._pool = ThreadPoolExecutor(16)

    def write(self, thread: Thread, number: int) -> Said:
        """The thread's message of that number; posted again with the same key until it is taken."""
        key, text = f"{thread.key}-m{number}", f"Question {number} of {thread.key}: where is my parcel?"
        body = {
            "message": {"id": key, "subject": "Where is it?", "body": text},
            "customer": {"id": f"c-{thread.key}", "name": "Customer", "email": f"{thread.key}@example.com"},
            "conversation": {"key": thread.key}}
        began = now()
        answer = self._until_taken("POST", "/v1/messages", body, {"Idempotency-Key": key})
        said = Said("customer", answer["id"], key, text, began, now())
        self._book.note(thread, said)
        return said

    def write_at_once(self, thread: Thread, numbers: range) -> None:
        """Several posts side by side."""
        for job in [self._pool.submit(self.write, thread, number) for number in numbers]:
            job.result()

    def close(self, thread: Thread) -> None:
        """The shop ends the matter."""
        self._until_taken("POST", f"/v1/threads/{thread.key}/close", {}, {})
        self._book.give_reason(thread, "closed by the shop")

    def transcript(self, thread: Thread) -> dict[str, Any]:
        return dict(self._until_taken("GET", f"/v1/threads/{thread.key}", None, {}))

    def _until_taken(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        end = now() + PATIENCE
        while True:
            try:
                return call(
                    self._bridge.public, method, path, body, headers={"Authorization": f"Bearer {TOKEN}"} | headers)
            except OSError as error:
                last: Exception = error
            except Refused as refusal:
                if refusal.status != 429 and refusal.status < 500:
                    raise
                last = refusal
            if now() > end:
                raise TimeoutError(f"{method} {path}: not taken within {PATIENCE} s: {last}")
            self._book.count("posts sent again")
            time.sleep(0.2)

    def end(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
