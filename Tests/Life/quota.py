"""What following many live conversations costs while nothing goes wrong."""

import re
import time
from collections import Counter
from collections.abc import Callable

from book import Book
from bridge import Bridge
from customers import Customers
from machine import until
from sandbox import Sandbox

#: Calls a minute that Genesys allows a token, and the share of them that following may cost.
ALLOWED, BAR = 300, 0.10
LIVE = 1500


def quota(release: str, folder: str, seconds: int, tell: Callable[[str], None]) -> int:
    """The status of the run: 1 if it costs more than the bar."""
    sandbox = Sandbox(release, folder)
    settings = {"genesys.requestsPerMinute": 60_000, "conversation.followUps": "join"}
    bridge = Bridge(release, folder, f"{folder}/outbox.sqlite", sandbox, settings)
    book = Book()
    customers = Customers(bridge, book)
    try:
        sandbox.start()
        sandbox.limit(0)
        bridge.start()
        for start in range(0, LIVE, 100):
            for number in range(start, start + 100):
                customers.write(book.open(f"thread-{number}"), 1)
        until("all are delivered", lambda: sandbox.count() == LIVE, seconds=120)
        tell(f"{LIVE} conversations live, {seconds} s follow")
        # Tokens and tags of the creates come behind them.
        time.sleep(10)
        before = sandbox.calls()
        for _ in range(0, seconds, 30):
            time.sleep(min(30, seconds))
            tell(f"{sandbox.calls() - before} calls")
        calls = sandbox.calls() - before
        kinds = Counter(
            f"{call['method']} {re.sub(r'[0-9a-f-]{36}', '{id}', call['path'].partition('?')[0])}"
            for call in sandbox.journal()[-calls:]) if calls else Counter()
    finally:
        customers.end()
        bridge.end()
        sandbox.end()
    share = calls / seconds * 60 / ALLOWED
    print(f"{calls} calls in {seconds} s for {LIVE} live conversations: {share:.1%} of {ALLOWED} a minute, at most "
          f"{BAR:.0%}")
    for kind, count in kinds.most_common():
        print(f"  {count} {kind}")
    if before < LIVE:
        print(f"there were {before} calls before, fewer than conversations: nothing was measured")
        return 1
    return 0 if share <= BAR else 1
