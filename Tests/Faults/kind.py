"""What a kind of fault is, and how all of them are run."""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scene import Scene

DELIVERED = frozenset({"delivered"})
#: The look-up cannot decide: a person has to, by the README.
UNDECIDABLE = frozenset({"delivered", "held"})


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    #: What is done.
    what: str
    #: The end, as it has to be.
    expected: str
    strike: "Callable[[Scene], None]"
    #: The states that are allowed at the end; `held` until a person has looked.
    ends: frozenset[str] = DELIVERED
    #: Whether a message may be sent again with a visible mark.
    may_mark: bool = False
    #: Settings of the bridge that differ from those of all kinds.
    settings: dict[str, Any] = dataclasses.field(default_factory=dict)
    #: The most messages that a full run posts, where it would take too long otherwise.
    most: int | None = None
    #: Seconds in which it has to have settled.
    patience: int = 90
    #: Whether the store is on a disk of its own, of limited size.
    on_disk: bool = False
    #: Why it cannot be run on this machine.
    lacks: Callable[[], str | None] = lambda: None


@dataclasses.dataclass(frozen=True)
class Options:
    #: The folder of the programs.
    release: str
    seed: int
    messages: int
    quick: bool
    look_up: bool
