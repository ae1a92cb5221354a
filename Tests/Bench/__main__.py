"""Measures the groups one after the other, and prints what came of them. See `scripts/bench --help`."""

import argparse
import glob
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import delivery
import host
import idle
import ingest
import latency
import pruning
import quota
import scale
import showing
from bars import Row, judge
from bench import Bench
from figures import Figures
from table import markdown, plain

#: In the order of the table; what each measures goes to the list of its name.
GROUPS: dict[str, list[Callable[[Bench], Iterator[Any]]]] = {
    "ingest": [ingest.measure], "delivery": [delivery.measure], "latency": [latency.measure],
    "scale": [scale.measure, pruning.measure], "quota": [quota.measure], "idle": [idle.measure],
    "tab": [showing.measure]}


def main() -> int:
    arguments = _arguments()
    names = _chosen(arguments.only)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    bench = Bench(arguments.release, arguments.folder, arguments.quick)
    machine = host.describe(bench.folder)
    started = time.monotonic()
    figures = Figures(not_run=bench.not_run)
    try:
        failed = _measure(bench, figures, names, 1 if arguments.quick else arguments.runs)
    finally:
        if not arguments.keep:
            for path in bench.filled:
                for file in glob.glob(f"{path}*"):
                    os.remove(file)
    rows = judge(figures)
    _write(arguments.json, {"machine": machine, "quick": arguments.quick, **figures.as_json()})
    print("".join(f"{name}: {value}\n" for name, value in machine.items()))
    print(markdown(rows) if arguments.markdown else plain(rows, sys.stdout.isatty()))
    print(f"\n{_total(rows, failed)}{' A quick run judges nothing.' if arguments.quick else ''} "
          f"{time.monotonic() - started:.0f} s.")
    missed = arguments.strict and not arguments.quick and any(row.is_met is False for row in rows)
    return 1 if failed or missed else 0


def _end(number: int, _: object) -> None:
    # What was started is ended on the way out, and a second one must not cut that short.
    for other in (signal.SIGINT, signal.SIGTERM):
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", add_help=False)
    parser.add_argument("--release", required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", default=".build/bench/figures.json")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--folder", default=".build/bench")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--strict", action="store_true")
    return parser.parse_args()


def _chosen(names: str) -> list[str]:
    chosen = names.split(",") if names else list(GROUPS)
    if unknown := [name for name in chosen if name not in GROUPS]:
        print(f"there is no group {', '.join(unknown)}: {', '.join(GROUPS)}", file=sys.stderr)
        sys.exit(64)
    return chosen


def _measure(bench: Bench, figures: Figures, names: list[str], runs: int) -> list[str]:
    """Fills the figures; returns what could not be measured."""
    failed = []
    for name in names:
        for bench.run in range(1, runs + 1):
            print(f"{name}, run {bench.run} of {runs}", file=sys.stderr, flush=True)
            for measure in GROUPS[name]:
                try:
                    for figure in measure(bench):
                        getattr(figures, type(figure).__name__.lower()).append(figure)
                except Exception as error:
                    traceback.print_exc()
                    failed.append(f"{name}, run {bench.run}: {error}")
    return failed


def _total(rows: list[Row], failed: list[str]) -> str:
    judged = [row.is_met for row in rows if row.is_met is not None]
    return "".join(f"FAILED: {one}\n" for one in failed) + f"{sum(judged)} of {len(judged)} bars met."


def _write(path: str, figures: dict[str, Any]) -> None:
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "w") as file:
        json.dump(figures, file, indent=2)


if __name__ == "__main__":
    sys.exit(main())
