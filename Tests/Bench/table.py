"""The table of a run, for the screen and for the README."""

from bars import Row

_RED, _GREEN, _DIM, _PLAIN = "\033[31m", "\033[32m", "\033[2m", "\033[0m"
HEAD = ["what", "figure", "limit or peer", "ratio", "bar", "result"]


def cells(row: Row) -> list[str]:
    result = {None: "", True: "met", False: "MISSED"}[row.is_met]
    if row.not_run:
        result = f"not run: {row.not_run}"
    return [row.what, row.figure, row.against, row.ratio, row.bar, result]


def plain(rows: list[Row], colour: bool) -> str:
    table = [HEAD, *map(cells, rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in table]
    if colour:
        lines[1:] = [_painted(line, row) for line, row in zip(lines[1:], rows)]
    return "\n".join(lines)


def _painted(line: str, row: Row) -> str:
    if row.not_run:
        return f"{_DIM}{line}{_PLAIN}"
    if row.is_met is None:
        return line
    result = cells(row)[-1]
    return line.removesuffix(result) + (_GREEN if row.is_met else _RED) + result + _PLAIN


def markdown(rows: list[Row]) -> str:
    lines = [f"| {' | '.join(HEAD)} |", "|---|---|---|--:|---|---|"]
    lines += [f"| {' | '.join(cells(row))} |" for row in rows]
    return "\n".join(lines)
