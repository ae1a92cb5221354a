"""What the sandbox says of the creates that came to it."""

import datetime
import json
from typing import Any

from sandbox import Sandbox

CREATES = "/api/v2/conversations/emails"


def moment(call: dict[str, Any]) -> float:
    """When it came, in seconds since 1970."""
    return datetime.datetime.fromisoformat(call["time"]).timestamp()


def creates(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Those that were carried out, oldest first."""
    return [
        call for call in sandbox.journal(CREATES)
        if call["method"] == "POST" and call["path"] == CREATES and call["applied"]]


def per_second(calls: list[dict[str, Any]]) -> float:
    """How many came a second, from the first to the last."""
    times = [moment(call) for call in calls]
    return (len(times) - 1) / (max(times) - min(times))


def number(create: dict[str, Any]) -> int:
    """Which of the load's messages it was made for."""
    return int(json.loads(create["requestBody"])["attributes"]["order.number"].removeprefix("#"))
