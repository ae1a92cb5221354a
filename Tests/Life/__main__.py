"""Plays many threads at once to their end, and compares the books. See `scripts/life --help`."""

import argparse
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import textwrap
import time
import traceback

from audit import Audit
from quota import quota
from receiver import VERIFIER
from scene import Scene

FULL, QUICK, CARELESS = 1000, 150, 66
_RED, _GREEN, _PLAIN = "\033[31m", "\033[32m", "\033[0m"

_scenes: list[Scene] = []


def main() -> int:
    arguments = _arguments()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    folder = tempfile.mkdtemp(prefix="life-")
    if arguments.quota is not None:
        status = quota(arguments.release, folder, arguments.quota, _tell)
        return _leave(folder, status)
    care = not arguments.without_care
    threads = arguments.threads or (QUICK if arguments.quick else FULL if care else CARELESS)
    print(f"{threads} threads, seed {arguments.seed}; callbacks are verified by {VERIFIER}", flush=True)
    scene = Scene(arguments.release, folder, arguments.seed, threads, 24 if threads < 500 else 64, care, _tell)
    _scenes.append(scene)
    try:
        found = scene.play()
    except Exception as error:
        traceback.print_exc()
        print(_paint(False, f"FAILED: {error!r}"))
        return _leave(folder, 1)
    print(_report(scene, found))
    seconds = f"{time.monotonic() - _started:.0f} s, seed {arguments.seed}"
    if not care:
        alone = found.fates["nobody has them"]
        ok = found.forgotten > 0 and found.forgotten == alone
        print(_paint(ok, f"{found.forgotten} forgotten by the daemon's count, {alone} by the books, {seconds}"))
        return _leave(folder, 0 if ok else 1)
    for problem in found.problems:
        print(_paint(False, f"FAILED: {problem}"))
    print(_paint(not found.problems, f"{len(found.problems)} problems, {seconds}"))
    return _leave(folder, 1 if found.problems else 0)


def _report(scene: Scene, found: Audit) -> str:
    left = [thread for thread in scene.book.threads.values() if thread.interrupted]
    stories = ", ".join(sorted({thread.story for thread in left}))
    kept = sum(one.kept for one in scene.receiver.callbacks)
    return "\n".join([
        textwrap.fill("what happened: " + _listed(scene.book.happened), 110, subsequent_indent="  "),
        f"{found.messages} messages, {found.answers} answers, {len(scene.receiver.callbacks)} callbacks, {kept} kept",
        "customers: " + _listed(found.fates),
        f"{len(left)} stories were cut short, for the supervisor to go on with" + (f": {stories}" if left else ""),
        str(found.calls),
        f"{found.forgotten} forgotten, by the daemon's own census"])


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))


def _paint(good: bool, text: str) -> str:
    return f"{_GREEN if good else _RED}{text}{_PLAIN}" if sys.stdout.isatty() else text


_started = time.monotonic()


def _tell(text: str) -> None:
    print(f"  {time.monotonic() - _started:4.0f} s  {text}", file=sys.stderr, flush=True)


def _leave(folder: str, status: int) -> int:
    """Keeps the logs of a run that failed."""
    if status:
        print(f"its logs: {folder}")
    else:
        shutil.rmtree(folder)
    return status


def _end(number: int, _: object) -> None:
    for scene in list(_scenes):
        with contextlib.suppress(Exception):
            scene.end()
    os._exit(128 + number)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/life", add_help=False)
    parser.add_argument("--release", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--without-care", action="store_true")
    parser.add_argument("--quota", type=int, nargs="?", const=330)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
