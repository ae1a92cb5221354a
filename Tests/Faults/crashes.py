"""The daemon is killed, at each named step of a message's way and at any other."""

from collections.abc import Callable
from concurrent.futures import Future
import time

from answers import AGAIN, FOUND
from kind import Kind
from machine import lacks_trace, until
from old_store import make_old_store
from scene import Scene
from strike import KILL, SEND, SYNC, WRITE, Strike, tracing

EITHER = "all delivered: found, or sent again"
ROUNDS = 12


def at_one(scene: Scene, strikes: Callable[[], int]) -> None:
    """Posts one message alone, has the daemon killed on its way, and starts it again."""
    posting = scene.shop.start(1)
    _dies(scene, strikes(), posting)


def _dies(scene: Scene, code: int, posting: "Future[None]") -> None:
    if code == -9:
        scene.hit()
    scene.expect(code == -9, f"the daemon ended {code}, where it should have been killed")
    scene.bridge.start()
    posting.result()


def _each_round(scene: Scene, step: Callable[[int], None]) -> int:
    scene.bridge.start()
    rounds = scene.rounds(ROUNDS)
    for number, count in enumerate(rounds):
        scene.shop.post(count)
        scene.settle()
        scene.until_quiet()
        step(number)
    return len(rounds)


def before_commit(scene: Scene) -> None:
    """With the first page of the transaction; what was written of it is no commit."""

    def step(_: int) -> None:
        strike = Strike(scene.bridge, WRITE, KILL, scene.bridge.wal)
        at_one(scene, strike.wait)

    _each_round(scene, step)
    scene.expect(scene.shop.found_already == 0, "a message was there that was not committed")


def before_answer(scene: Scene) -> None:
    """The commit is in the kernel's hands, and the shop has no answer."""

    def step(_: int) -> None:
        strike = Strike(scene.bridge, SYNC, KILL, scene.bridge.wal)
        at_one(scene, strike.wait)

    rounds = _each_round(scene, step)
    scene.expect(scene.shop.found_already == rounds, "a message was not there that was committed")


def after_intent(scene: Scene) -> None:
    """With the first byte to Genesys, before it is sent."""

    def step(_: int) -> None:
        before = scene.sandbox.count()
        strike = Strike(scene.bridge, SEND, KILL)
        at_one(scene, strike.wait)
        scene.expect(scene.sandbox.count() == before, "the call had been sent")

    _each_round(scene, step)
    scene.expect(scene.was_in_doubt(), "nothing was in doubt")


def after_send(scene: Scene) -> None:
    """Genesys has the call and has not answered; of two calls it has carried out one."""

    def step(number: int) -> None:
        scene.sandbox.plan({"on": "create", "do": "hold", "applied": number % 2 == 0})

        def strikes() -> int:
            until("the call is held", lambda: scene.sandbox.held() == 1)
            scene.bridge.kill()
            scene.sandbox.release()
            return scene.bridge.program.wait()

        at_one(scene, strikes)

    _each_round(scene, step)


def before_settle(scene: Scene) -> None:
    """With the first page of the settlement."""

    def step(_: int) -> None:
        scene.sandbox.plan({"on": "create", "do": "hold", "applied": True})

        def strikes() -> int:
            until("the call is held", lambda: scene.sandbox.held() == 1)
            strike = Strike(scene.bridge, WRITE, KILL, scene.bridge.wal)
            scene.sandbox.release()
            return strike.wait()

        at_one(scene, strikes)

    _each_round(scene, step)
    scene.expect(scene.was_in_doubt(), "nothing was in doubt")


def checkpoint(scene: Scene) -> None:
    """At a page of the store, at its sync or as the log is cut: while it runs, else as it stops."""
    scene.bridge.start()
    for number, count in enumerate(scene.rounds(ROUNDS)):
        bridge = scene.bridge
        syscall, file, nth = [
            (WRITE, bridge.store, scene.chance.randint(1, 12)), (SYNC, bridge.store, 1),
            (WRITE, bridge.store, 1), ("ftruncate", bridge.wal, 1)][number % 4]
        strike = Strike(bridge, syscall, KILL, file, nth)
        posting = scene.shop.start(count)
        until("it is killed, or all is posted", lambda: posting.done() or bridge.program.exit_code is not None)
        bridge.program.terminate()
        _dies(scene, strike.wait(), posting)


def migration(scene: Scene) -> None:
    """At one write after the other, from the first on that the daemon makes to an old store."""
    scene.shop.adopt(make_old_store(scene.bridge.store, scene.messages))
    _kill_starts(scene)


def first_start(scene: Scene) -> None:
    _kill_starts(scene)
    scene.shop.post(scene.messages)


def _kill_starts(scene: Scene) -> None:
    for nth in (1, 2, 5, 12) if scene.options.quick else range(1, 31):
        files = (scene.bridge.store, scene.bridge.wal)
        program = scene.bridge.launch("strace", "-D", "-f", *tracing(WRITE, KILL, *files, nth=nth))
        until("it is killed or ready", lambda: program.exit_code is not None or scene.bridge.is_ready())
        if program.exit_code == -9:
            scene.hit()
        scene.bridge.end()
    scene.bridge.start()


def under_load(scene: Scene) -> None:
    scene.bridge.start()
    for count in scene.rounds(2 * ROUNDS):
        before = scene.sandbox.count()
        posting = scene.shop.start(count)
        until("messages arrive", lambda: posting.done() or scene.sandbox.count() > before)
        time.sleep(scene.chance.uniform(0, 0.1))
        scene.bridge.restart()
        scene.hit()
        posting.result()


def _kill(name: str, what: str, expected: str, strike: Callable[[Scene], None], traced: bool = True) -> Kind:
    return Kind(
        f"kill-{name}", f"kill -9 {what}", expected, strike, lacks=lacks_trace if traced else lambda: None)


KINDS = [
    _kill("before-commit", "before the commit", "all delivered: the shop posts again", before_commit),
    _kill("before-answer", "after the commit, before the shop's answer",
          "all delivered: the shop posts again, and is told the same id", before_answer),
    _kill("after-intent", "after the intent", AGAIN, after_intent),
    _kill("after-send", "after the call is sent", EITHER, after_send, traced=False),
    _kill("before-settle", "after the answer, before it is settled", FOUND, before_settle),
    _kill("checkpoint", "during a checkpoint", EITHER, checkpoint),
    _kill("migration", "during the migration of a store of the first release", EITHER, migration),
    _kill("first-start", "while the store is made", "all delivered", first_start),
    _kill("under-load", "at any time under load", EITHER, under_load, traced=False),
]
