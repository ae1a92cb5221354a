"""What one would build or take instead, which takes in messages of the same size."""

import contextlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator

from bench import SECRET, Bench
from fastapi_peer import FastAPIPeer, write_schema
from figures import Ingest
from loaded import loaded
from postfix_peer import PostfixPeer, lacks_postfix

BYTES = 1024
CONNECTIONS = [64, 256]


def measure(bench: Bench) -> Iterator[Ingest]:
    count = bench.count(10_000, 1000)
    for connections in CONNECTIONS:
        with bench.telling(f"FastAPI, 1 KiB over {connections} connections"):
            figures = through_fastapi(bench, connections, count)
        yield figures
    folder = _reachable(bench.folder)
    if lacks := lacks_postfix() or (None if folder else f"its user cannot reach {bench.folder}"):
        bench.not_run["postfix"] = lacks
        return
    for connections in CONNECTIONS:
        with bench.telling(f"Postfix, 1 KiB over {connections} connections"):
            figures = through_postfix(bench, folder, connections, count)
        yield figures


def through_fastapi(bench: Bench, connections: int, count: int) -> Ingest:
    with bench.store() as store:
        bench.tool("fill", store=store, count=0)
        write_schema(store, f"{store}.sql")
        peer = FastAPIPeer(os.path.dirname(store), f"{store}.sql", SECRET)
        with contextlib.ExitStack() as ends:
            ends.callback(peer.end)
            peer.start()
            return loaded(
                bench, "fastapi", peer.pids, BYTES, connections, count,
                lambda: bench.load(peer.port, count, connections, bytes=BYTES))


def through_postfix(bench: Bench, above: str, connections: int, count: int) -> Ingest:
    folder = tempfile.mkdtemp(prefix="bench-postfix-", dir=above)
    os.chmod(folder, 0o711)
    peer = PostfixPeer(folder)
    try:
        peer.start()
        try:
            # The first load starts the processes.
            peer.load(connections, BYTES, 4 * connections)
            figures = loaded(
                bench, "postfix", peer.pids, BYTES, connections, count,
                lambda: {"seconds": peer.load(connections, BYTES, count)})
            if (held := peer.held()) != 4 * connections + count:
                raise RuntimeError(f"Postfix has {held} messages, not {4 * connections + count}")
            return figures
        finally:
            peer.stop()
    finally:
        shutil.rmtree(folder)


def _reachable(folder: str) -> str:
    """A folder on the same disk that any user can get to; empty where there is none."""
    for one in folder, "/var/tmp":
        if os.stat(one).st_dev == os.stat(folder).st_dev and _is_open(one):
            return one
    return ""


def _is_open(folder: str) -> bool:
    above = os.path.dirname(folder)
    return bool(os.stat(folder).st_mode & stat.S_IXOTH) and (above == folder or _is_open(above))
