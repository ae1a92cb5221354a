"""The pretend Genesys Cloud, from outside."""

from typing import Any

from calls import call
from machine import free_port, until
from program import Program

Fault = dict[str, Any]


class Sandbox:
    def __init__(self, release: str, folder: str):
        self.port = free_port()
        #: More of its command line.
        self.options: list[str] = []
        self._command = [f"{release}/genesys-sandbox", "serve", "--quiet", "--listen", f"127.0.0.1:{self.port}"]
        self._log = f"{folder}/sandbox.log"
        self._program: Program | None = None

    def start(self) -> None:
        self._program = Program(self._command + self.options, self._log)
        self.until_answers()

    def end(self) -> None:
        if self._program:
            self._program.kill()

    def until_answers(self) -> None:
        until("the sandbox answers", self._answers)

    def _answers(self) -> bool:
        try:
            call(self.port, "GET", "/sandbox/faults")
            return True
        except OSError:
            return False

    def limit(self, requests: int, seconds: int = 60) -> None:
        """Calls allowed in a window; 0 is no limit."""
        call(self.port, "POST", "/sandbox/limits", {"requests": requests, "seconds": seconds})

    def set(self, **settings: Any) -> None:
        call(self.port, "POST", "/sandbox/settings", settings)

    def settings(self) -> dict[str, Any]:
        return dict(call(self.port, "GET", "/sandbox/settings"))

    def plan(self, *faults: Fault) -> None:
        call(self.port, "POST", "/sandbox/faults", list(faults))

    def clear(self) -> None:
        call(self.port, "DELETE", "/sandbox/faults")

    def release(self) -> None:
        call(self.port, "POST", "/sandbox/faults/release")

    def planned(self, on: str = "") -> int:
        """How often the faults still strike, those that strike until they are deleted left out."""
        faults = call(self.port, "GET", "/sandbox/faults")["faults"]
        return sum(fault["times"] for fault in faults if on in ("", fault["on"]))

    def held(self) -> int:
        return int(call(self.port, "GET", "/sandbox/faults")["held"])

    def count(self) -> int:
        return int(call(self.port, "GET", "/sandbox/conversations?last=0")["count"])

    def calls(self) -> int:
        """How many there were, our own left out."""
        return int(call(self.port, "GET", "/sandbox/journal?last=0")["count"])

    def conversations(self) -> list[dict[str, Any]]:
        """Oldest first, without the one that the probe has made."""
        found = call(self.port, "GET", "/sandbox/conversations")["conversations"]
        return [one for one in found if not (one.get("toAddress") or "").startswith("probe-")]

    def journal(self, path: str = "") -> list[dict[str, Any]]:
        return list(call(self.port, "GET", f"/sandbox/journal?path={path}", timeout=120)["journal"])

    # In the place of routing, and of the agents' own programs

    def offer(self, conversation: str, agent: str) -> dict[str, Any]:
        """Alerts an agent, and returns how the conversation stands then."""
        return dict(call(self.port, "POST", f"/sandbox/conversations/{conversation}/offer", {"agent": agent}))

    def let_ring(self, conversation: str) -> None:
        call(self.port, "POST", f"/sandbox/conversations/{conversation}/no-answer")

    def end_conversation(self, conversation: str, how: str = "system") -> None:
        call(self.port, "POST", f"/sandbox/conversations/{conversation}/end", {"disconnectType": how})

    def log_in(self, agent: str) -> str:
        """A token of that agent."""
        return str(call(self.port, "POST", f"/sandbox/agents/{agent}/token")["access_token"])

    def take(self, conversation: str, agent: str) -> None:
        """Alerts an agent, who takes it."""
        self.offer(conversation, agent)
        self.act(conversation, agent, {"state": "connected"})

    def act(self, conversation: str, agent: str, change: dict[str, Any]) -> None:
        """Changes the agent's own newest part, as their program does."""
        self._do(conversation, agent, "PATCH", "", change)

    def transfer(self, conversation: str, agent: str, to: str) -> None:
        """Hands the conversation to another agent, who takes it."""
        self._do(conversation, agent, "POST", "/replace", {"userId": to})
        self.act(conversation, to, {"state": "connected"})

    def _do(self, conversation: str, agent: str, method: str, path: str, body: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {self.log_in(agent)}"}
        there = f"/api/v2/conversations/emails/{conversation}"
        parts = call(self.port, "GET", there, headers=headers)["participants"]
        own = [part["id"] for part in parts if (part.get("user") or {}).get("id") == agent]
        call(self.port, method, f"{there}/participants/{own[-1]}{path}", body, headers=headers)

    def agents(self) -> list[str]:
        return [agent["id"] for agent in self.settings()["agents"]]

    def agent(self, agent: str) -> dict[str, Any]:
        """Its settings: name, division, permissions."""
        return next(dict(one) for one in self.settings()["agents"] if one["id"] == agent)

    def change(self, agent: str, **settings: Any) -> None:
        """Changes what that agent is, from its next call on."""
        agents = self.settings()["agents"]
        self.set(agents=[one | settings if one["id"] == agent else one for one in agents])

    def feed(self, **change: Any) -> dict[str, Any]:
        """Changes what is wrong with the feed, and returns how it is."""
        return dict(call(self.port, "POST", "/sandbox/feed", change))
