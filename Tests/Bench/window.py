"""The windows in which the sandbox counts calls."""

from typing import NamedTuple


class Use(NamedTuple):
    #: How many whole ones there were.
    windows: int
    #: Of the calls that they allowed, those that were made.
    share: float
    #: Of those that would have been allowed had each begun when the one before ended.
    share_of_time: float


def use(calls: list[float], first: float, last: float, allowed: int, seconds: float) -> Use:
    """How much of a quota was used between two moments.

    As the sandbox has it, a window begins with the first call after the end of the one before.
    """
    starts: list[float] = []
    for time in sorted(calls):
        if not starts or time >= starts[-1] + seconds:
            starts.append(time)
    whole = [start for start in starts if first <= start <= last]
    if len(whole) < 2:
        raise ValueError(f"no whole window of {seconds} s lies between the first create and the last")
    begin, end = whole[0], whole[-1]
    made, windows = sum(begin <= time < end for time in calls), len(whole) - 1
    return Use(windows, made / (allowed * windows), made / (allowed * (end - begin) / seconds))
