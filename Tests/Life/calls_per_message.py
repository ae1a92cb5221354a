"""What a handled message costs at Genesys, from the post to the agent's finish."""

import json
import re
from collections import Counter
from typing import Any

#: What stands for a message: the first that fits. All of it but the last two is the bridge's.
_KINDS = [
    ("create", "POST", r"/conversations/emails$"),
    ("join", "POST", r"/inboundmessages$"),
    ("tag", "PUT", r"/tags$"),
    ("end", "POST", r"/disconnect$"),
    ("end", "PATCH", r"/conversations/emails/[^/]+$"),
    ("attributes", "PATCH", r"/attributes$"),
    ("token", "POST", r"/oauth/token$"),
    ("look-up", "POST", r"/details/query$|/attributes/search$"),
    ("channel", "", r"/notifications/"),
    ("look-up", "GET", r""),
]


class Calls:
    """The calls of a journal by their kinds."""

    BAR = 3.0
    #: Look-ups, and what is for all messages together, are left out.
    COUNTED = ("create", "join", "tag", "end", "attributes", "finish")

    def __init__(self, journal: list[dict[str, Any]], messages: int):
        self.counts = Counter(self.kind(call) for call in journal)
        self.messages = messages

    @property
    def per_message(self) -> float:
        return sum(self.counts[kind] for kind in self.COUNTED) / max(1, self.messages)

    @property
    def within_bar(self) -> bool:
        return self.per_message <= self.BAR

    def __str__(self) -> str:
        counted = ", ".join(f"{self.counts[kind]} {kind}" for kind in self.COUNTED if self.counts[kind])
        others = ", ".join(
            f"{count} {kind}" for kind, count in sorted(self.counts.items()) if kind not in self.COUNTED)
        return (
            f"{self.per_message:.2f} Genesys calls a message, at most {self.BAR:.0f}: {counted}; "
            f"left out: {others or 'nothing'}")

    @classmethod
    def kind(cls, call: dict[str, Any]) -> str:
        path = call["path"].partition("?")[0]
        if not (call.get("token") or "demo#").startswith("demo#"):
            # Finishing is one call of the widget; what else agents do, they do in Genesys' own programs.
            return "finish" if cls.body(call).get("state") == "disconnected" else "agents' own"
        for name, method, pattern in _KINDS:
            if call["method"].startswith(method) and re.search(pattern, path):
                return name
        return f"{call['method']} {path}"

    @staticmethod
    def body(call: dict[str, Any]) -> dict[str, Any]:
        try:
            body = json.loads(call.get("requestBody") or "{}")
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}
