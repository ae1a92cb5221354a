"""The look-up itself has trouble, with or without the call that it is about."""

from collections.abc import Callable

from answers import AGAIN, TIMES
from kind import UNDECIDABLE, Kind
from sandbox import Fault
from scene import Scene

HELD = "undecidable: held; a person looks and decides"
BEFORE = 8
FORBIDDEN = {"do": "status", "status": 403, "times": 0}
SOON = {"retry.lookAt": ["300ms", "1s", "2s"]}


def lost(prepare: Callable[[Scene], None]) -> Callable[[Scene], None]:
    """Loses some answers of each batch, one half of them of calls that were carried out."""

    def strike(scene: Scene) -> None:
        prepare(scene)
        scene.bridge.start()
        # The search concludes nothing without a conversation from before the attempt.
        scene.shop.post(BEFORE)
        scene.settle()
        for number, count in enumerate(scene.batches(40, rest=BEFORE)):
            planned = min(TIMES, count)
            resets: list[Fault] = [
                {"on": "create", "do": "reset", "applied": (number + n) % 2 == 0} for n in range(planned)]
            scene.sandbox.plan(*resets)
            scene.shop.post(count)
            scene.until_struck(planned, on="create")

    return strike


def late(**lags: int) -> Callable[[Scene], None]:
    return lost(lambda scene: scene.sandbox.set(**lags))


def forbidden(*kinds: str) -> Callable[[Scene], None]:
    return lost(lambda scene: scene.sandbox.plan(*[{"on": kind, **FORBIDDEN} for kind in kinds]))


KINDS = [
    Kind("index-late", "answers lost, and both indexes an hour late", HELD,
         late(analyticsLag=3600, searchLag=3600), ends=UNDECIDABLE, settings=SOON),
    Kind("analytics-late", "answers lost, and the analytics index an hour late", AGAIN,
         late(analyticsLag=3600)),
    Kind("analytics-forbidden", "answers lost, and no permission for analytics", AGAIN, forbidden("lookUp")),
    Kind("search-forbidden", "answers lost, and no permission for the search", AGAIN, forbidden("search")),
    Kind("look-up-forbidden", "answers lost, and no permission for either", HELD,
         forbidden("lookUp", "search"), ends=UNDECIDABLE, settings=SOON),
    Kind("resend", "the same, with retry.inDoubt: resend", "all delivered; a second one bears a mark",
         forbidden("lookUp", "search"), may_mark=True, settings={**SOON, "retry.inDoubt": "resend"}),
]
