"""The windows in which the sandbox counts calls."""

from typing import NamedTuple


class Use(NamedTuple):
    windows: int
    share: float


def use(calls: list[float], first: float, last: float, allowed: int, seconds: float) -> Use:
    """The share of the calls allowed that were made in the whole windows between two moments.

    As the sandbox has it, a window begins with the first call after the end of the one before. What
    lies between the two is time in which calls were allowed as well.
    """
    starts: list[float] = []
    for time in sorted(calls):
        if not starts or time >= starts[-1] + seconds:
            starts.append(time)
    whole = [start for start in starts if first <= start <= last]
    if len(whole) < 2:
        raise ValueError(f"no whole window of {seconds} s lies between the first create and the last")
    begin, end = whole[0], whole[-1]
    made = sum(begin <= time < end for time in calls)
    return Use(len(whole) - 1, made / (allowed * (end - begin) / seconds))
