"""The oracle: compares what the shop was promised, what the outbox says, and what Genesys has."""

import dataclasses
from collections import defaultdict
from typing import Any

from bridge import Bridge
from sandbox import Sandbox
from shop import Shop

Conversation = dict[str, Any]


@dataclasses.dataclass
class Audit:
    """What came of the messages of one kind, and everything that is wrong with it."""

    messages: int = 0
    conversations: int = 0
    delivered: int = 0
    looked_up: int = 0
    resent: int = 0
    held: int = 0
    dead: int = 0
    lost: int = 0
    duplicates: int = 0
    marked: int = 0
    problems: list[str] = dataclasses.field(default_factory=list)

    def blame(self, what: str, which: list[str]) -> None:
        if which:
            self.problems.append(f"{len(which)} {what}: {', '.join(sorted(which)[:3])}")


def audit(shop: Shop, bridge: Bridge, sandbox: Sandbox, ends: frozenset[str], may_mark: bool) -> Audit:
    """- `ends`: the states in which an entry may be now, `held` if it may have been so in between."""
    entries = {entry["id"]: entry for entry in bridge.entries()}
    conversations = sandbox.conversations()
    promised = set(shop.accepted.values())
    found = defaultdict(list)
    for conversation in conversations:
        found[conversation.get("toAddress") or ""].append(conversation)

    result = Audit(messages=len(shop.accepted), conversations=len(conversations))
    states: dict[str, list[str]] = {state: [] for state in ("delivered", "dead", "discarded")}
    for id, entry in entries.items():
        states.setdefault(entry["state"], []).append(id)
    result.delivered, result.dead = len(states["delivered"]), len(states["dead"])
    for state, ids in states.items():
        if ids and state not in ends - {"held"}:
            result.blame(f"are {state} ({entries[ids[0]]['reason']})", ids)

    absent = [id for id in states["delivered"] + states["discarded"] if id not in found]
    result.blame("have no conversation, but are delivered or discarded", absent)
    missing = sorted(promised - entries.keys())
    result.blame("were accepted, but have no entry", missing)
    result.lost = len(absent) + len(missing)
    result.blame("have an entry that no shop was told of", sorted(entries.keys() - promised))
    result.blame("have a conversation, but no entry", sorted(found.keys() - entries.keys()))
    result.blame("name a conversation of another", [
        id for id in states["delivered"]
        if id in found and entries[id]["reference"] not in [one["id"] for one in found[id]]])

    _count_doubles(result, conversations, found, may_mark)
    result.blame("are out of their thread's order", _disordered(conversations))
    _follow(result, bridge.changes(), "held" in ends)
    return result


def _count_doubles(
    result: Audit, conversations: list[Conversation], found: dict[str, list[Conversation]], may_mark: bool
) -> None:
    further = [one for same in found.values() for one in same[1:]]
    marked = [one for one in further if is_marked(one)]
    unmarked = [one for one in further if not is_marked(one)]
    result.marked, result.duplicates = len(marked), len(unmarked)
    result.blame("were sent twice without a mark", [one["toAddress"] for one in unmarked])
    if not may_mark:
        result.blame("were sent twice, with a mark", [one["toAddress"] for one in marked])
    numbers: dict[str, str] = {}
    result.blame("are the same message under another id", [
        one["toAddress"] for one in conversations
        if numbers.setdefault(_number(one), one["toAddress"]) != one["toAddress"]])


def is_marked(conversation: Conversation) -> bool:
    return (
        conversation["attributes"].get("bridge.possible_duplicate") == "true"
        and (conversation.get("subject") or "").startswith("[possible duplicate]"))


def _number(conversation: Conversation) -> str:
    return str(conversation["attributes"].get("number", ""))


def _disordered(conversations: list[Conversation]) -> list[str]:
    """The conversations that came behind a later message of their thread, repetitions left out."""
    wrong: list[str] = []
    seen: set[str] = set()
    last: dict[str, int] = defaultdict(lambda: -1)
    for one in conversations:
        if one["toAddress"] in seen:
            continue
        seen.add(one["toAddress"])
        thread, number = one["attributes"].get("bridge.thread", ""), int(_number(one))
        if number < last[thread]:
            wrong.append(one["toAddress"])
        last[thread] = max(last[thread], number)
    return wrong


def _follow(result: Audit, changes: list[dict[str, Any]], may_hold: bool) -> None:
    """Counts how the entries came out of doubt, by themselves and not by a person."""
    before: dict[str, str] = {}
    held: dict[str, str] = {}
    for change in changes:
        was, entry, now = before.get(change["entry"]), change["entry"], change["state"]
        if was == "in_doubt" and change["actor"] is None:
            result.looked_up += now == "delivered"
            result.resent += now == "pending"
        if now == "held":
            held[entry] = change["reason"] or ""
        before[entry] = now
    result.held = len(held)
    if not may_hold:
        result.blame(f"were held ({next(iter(held.values()), '')})", list(held))
