"""The table of a run, for the screen and for the README."""

import dataclasses

from books import Audit
from kind import Kind

_FIGURES = ["struck", "messages", "conversations", "delivered", "looked up", "resent", "held", "dead", "lost",
            "duplicates"]
_RED, _GREEN, _DIM, _PLAIN = "\033[31m", "\033[32m", "\033[2m", "\033[0m"


@dataclasses.dataclass
class Row:
    kind: Kind
    struck: int = 0
    seconds: float = 0
    audit: Audit | None = None
    #: Why it was not run on this machine.
    lacks: str | None = None
    #: Where its logs are kept, if it failed.
    folder: str = ""

    @property
    def problems(self) -> list[str]:
        return self.audit.problems if self.audit else []

    @property
    def result(self) -> str:
        if self.lacks:
            return f"not run: {self.lacks}"
        return "FAILED" if self.problems else "passed"

    @property
    def figures(self) -> list[str]:
        if self.audit is None:
            return [""] * len(_FIGURES)
        a = self.audit
        numbers = [self.struck, a.messages, a.conversations, a.delivered, a.looked_up, a.resent, a.held, a.dead,
                   a.lost]
        return [str(n) for n in numbers] + [f"{a.duplicates}" + (f" (+{a.marked} marked)" if a.marked else "")]


def total(rows: list[Row]) -> str:
    run = [row for row in rows if row.audit]
    failed = sum(bool(row.problems) for row in run)
    audits = [row.audit for row in run if row.audit]
    return (
        f"{len(run)} kinds of fault, {sum(row.struck for row in run)} strikes, "
        f"{sum(a.messages for a in audits)} messages: {sum(a.lost for a in audits)} lost, "
        f"{sum(a.duplicates for a in audits)} unmarked duplicates; "
        f"{failed} failed, {len(rows) - len(run)} not run")


def line(row: Row, colour: bool) -> str:
    """What is told of a kind as soon as it has ended."""
    paint = _DIM if row.lacks else _RED if row.problems else _GREEN
    result = f"{paint}{row.result}{_PLAIN}" if colour else row.result
    told = f"{row.kind.name:22} {result}"
    if row.audit:
        told += f"  {row.audit.messages} messages, struck {row.struck} times, {row.seconds:.0f} s"
    if row.problems:
        told += "".join(f"\n    {problem}" for problem in row.problems) + f"\n    its logs: {row.folder}"
    return told


def plain(rows: list[Row]) -> str:
    cells = [["kind", *_FIGURES, "result"]] + [[row.kind.name, *row.figures, row.result] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    last = len(widths) - 1
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in (0, last) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths))).rstrip()
        for row in cells)


def markdown(rows: list[Row]) -> str:
    head = ["fault", *_FIGURES, "expected end", "result"]
    lines = [f"| {' | '.join(head)} |", "|---|" + "--:|" * len(_FIGURES) + "---|---|"]
    for row in rows:
        cells = [row.kind.what, *row.figures, row.kind.expected, row.result]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
