"""The rank of a figure among others."""

import math


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so many per cent of all do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * share / 100) - 1)]
