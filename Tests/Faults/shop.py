"""The shop: posts messages until each is answered 2xx, and remembers the id it got."""

import collections
import http.client
import json
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from bridge import TOKEN


class Shop:
    PATIENCE = 180

    def __init__(self, port: int, threads: int):
        self._port, self._threads = port, threads
        self._numbers = 0
        self._strangers: set[int] = set()
        self._lock = threading.Lock()
        self._local = threading.local()
        self._workers = ThreadPoolExecutor(8)
        self._batches = ThreadPoolExecutor(1)
        #: The id by the number of the message.
        self.accepted: dict[int, str] = {}
        #: The numbers that were posted; the others were in the store already.
        self.posted: set[int] = set()
        #: Posts that got no 2xx, by status; 0 is no answer at all.
        self.failures: collections.Counter[int] = collections.Counter()
        #: Answers 503 and 429 that say when to come again.
        self.told_when = 0
        #: Messages whose first 2xx said that they were there already.
        self.found_already = 0

    def adopt(self, ids: list[str]) -> None:
        """Takes over what the store has had before the first post."""
        self.accepted = dict(enumerate(ids))
        self._numbers = len(ids)

    def post(self, count: int) -> None:
        self.start(count).result()

    def post_from_stranger(self) -> None:
        """One message in a thread of its own."""
        with self._lock:
            number = self._numbers
            self._numbers += 1
            self._strangers.add(number)
        self._batches.submit(self._post_all, [number]).result()

    def start(self, count: int) -> "Future[None]":
        """Posts in the background, in the order of each thread, behind what was started before."""
        with self._lock:
            numbers = range(self._numbers, self._numbers + count)
            self._numbers += count
        return self._batches.submit(self._post_all, numbers)

    def _post_all(self, numbers: Iterable[int]) -> None:
        threads: dict[str, list[int]] = {}
        for number in numbers:
            threads.setdefault(self._thread(number), []).append(number)
        jobs = [self._workers.submit(self._post_thread, numbers) for numbers in threads.values()]
        for job in jobs:
            job.result()

    def _thread(self, number: int) -> str:
        return f"stranger-{number}" if number in self._strangers else f"thread-{number % self._threads}"

    def _post_thread(self, numbers: list[int]) -> None:
        for number in numbers:
            end = time.monotonic() + self.PATIENCE
            while not self._accepts(number):
                if time.monotonic() > end:
                    raise TimeoutError(f"message {number} was not accepted: {dict(self.failures)}")
                time.sleep(0.1)

    def _accepts(self, number: int) -> bool:
        status, answer = self._send(number)
        with self._lock:
            if 200 <= status < 300:
                self.accepted[number] = answer["id"]
                self.posted.add(number)
                self.found_already += answer["status"] == "duplicate"
                return True
            self.failures[status] += 1
            self.told_when += "retry-after" in answer
        if 400 <= status < 500 and status != 429:
            raise AssertionError(f"message {number} was answered {status}: {answer}")
        return False

    def repeat(self, number: int) -> str | None:
        """What is wrong with the answer to a message that is posted once more."""
        status, answer = self._send(number)
        if status == 200 and answer["id"] == self.accepted[number]:
            return None
        return f"message {number} is {self.accepted[number]}; posted again, it was answered {status} {answer}"

    def _send(self, number: int) -> tuple[int, dict[str, str]]:
        thread = self._thread(number)
        body = {
            "message": {"subject": "Where is it?", "body": f"This is message {number}."},
            "customer": {"id": thread, "email": "customer@example.com"},
            "conversation": {"key": thread}, "attributes": {"number": str(number)}}
        headers = {
            "Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json",
            "Idempotency-Key": f"message-{number}"}
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=15)
            self._local.connection = connection
        try:
            connection.request("POST", "/v1/messages", json.dumps(body), headers)
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            return 0, {}
        if after := response.headers.get("Retry-After"):
            answer["retry-after"] = after
        return response.status, answer

    def close(self) -> None:
        self._batches.shutdown(wait=False, cancel_futures=True)
        self._workers.shutdown(wait=False, cancel_futures=True)
