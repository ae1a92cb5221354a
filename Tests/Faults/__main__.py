"""Runs the kinds of fault, several at once, and prints what came of them. See `scripts/faults --help`."""

import argparse
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import answers
import crashes
import lookups
import storage
import surroundings
from books import Audit
from kind import Kind, Options
from scene import SETTINGS, Scene
from table import Row, line, markdown, plain, total

# The longest ones first, so that none is waited for alone.
KINDS = answers.KINDS + crashes.KINDS + surroundings.KINDS + lookups.KINDS + storage.KINDS

QUICK = 40


def main() -> int:
    arguments = _arguments()
    kinds = _chosen(arguments.kinds)
    if arguments.list:
        for kind in kinds:
            print(f"{kind.name:22} {kind.what}\n{'':22} → {kind.expected}")
            if kind.settings:
                print(f"{'':22} with {_written(kind.settings)}")
        return 0
    options = Options(
        release=arguments.release, seed=arguments.seed, messages=arguments.messages, quick=arguments.quick,
        look_up=not arguments.without_look_up)
    if not options.look_up:
        # Those that may end held anyway would prove nothing.
        kinds = [kind for kind in kinds if "held" not in kind.ends]
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    started = time.monotonic()
    rows = _run(kinds, options, arguments.at_once)
    print("\n" + (markdown(rows) if arguments.markdown else plain(rows)))
    print(f"\n{total(rows)}. {_settings(options)} {time.monotonic() - started:.0f} s.")
    return 1 if any(row.problems for row in rows) else 0


_scenes: list[Scene] = []


def _end(number: int, _: object) -> None:
    for scene in list(_scenes):
        with contextlib.suppress(Exception):
            scene.end()
    os._exit(128 + number)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/faults", add_help=False)
    parser.add_argument("--release", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--kinds", default="")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--without-look-up", action="store_true")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--list", action="store_true")
    return parser.parse_args()


def _chosen(names: str) -> list[Kind]:
    if not names:
        return KINDS
    known = {kind.name: kind for kind in KINDS}
    unknown = [name for name in names.split(",") if name not in known]
    if unknown:
        print(f"there is no kind {', '.join(unknown)}: scripts/faults --list names them", file=sys.stderr)
        sys.exit(64)
    return [known[name] for name in names.split(",")]


def _settings(options: Options) -> str:
    settings = SETTINGS | ({} if options.look_up else {"retry.lookUp": []})
    return f"Settings: {_written(settings)}; seed {options.seed}."


def _written(settings: dict[str, Any]) -> str:
    return ", ".join(f"{key}: {value}".replace("'", "") for key, value in settings.items())


def _run(kinds: list[Kind], options: Options, at_once: int) -> list[Row]:
    counts = _share(kinds, options)
    rows: dict[str, Row] = {}
    colour = sys.stderr.isatty()
    with ThreadPoolExecutor(at_once) as pool:
        jobs = [pool.submit(_play, kind, options, counts[kind.name]) for kind in kinds]
        for job in as_completed(jobs):
            row = job.result()
            rows[row.kind.name] = row
            print(f"[{len(rows)}/{len(kinds)}] {line(row, colour)}", file=sys.stderr, flush=True)
    return [rows[kind.name] for kind in kinds]


def _share(kinds: list[Kind], options: Options) -> dict[str, int]:
    """How many messages each kind posts: what some may not have, the others get."""
    if options.quick:
        return {kind.name: QUICK for kind in kinds}
    runnable = [kind for kind in kinds if not kind.lacks()]
    capped = sum(kind.most for kind in runnable if kind.most)
    others = sum(kind.most is None for kind in runnable)
    each = -(-max(0, options.messages - capped) // max(1, others))
    return {kind.name: min(kind.most or each, max(QUICK, each)) for kind in kinds}


def _play(kind: Kind, options: Options, messages: int) -> Row:
    row = Row(kind)
    row.lacks = kind.lacks()
    if row.lacks:
        return row
    started = time.monotonic()
    row.folder = tempfile.mkdtemp(prefix=f"faults-{kind.name}-")
    scene = Scene(kind, options, row.folder, messages)
    _scenes.append(scene)
    try:
        row.audit = scene.play()
    except Exception as error:
        with open(f"{row.folder}/failure.log", "w") as file:
            traceback.print_exc(file=file)
        row.audit = Audit(messages=len(scene.shop.accepted), problems=[*scene.failed, f"{error!r}"])
    finally:
        _scenes.remove(scene)
    row.struck = scene.struck
    row.seconds = time.monotonic() - started
    if not row.problems:
        shutil.rmtree(row.folder)
    return row


if __name__ == "__main__":
    sys.exit(main())
