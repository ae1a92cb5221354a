"""The disk, the store's file, and the room for what waits."""

import os
import time
from collections.abc import Callable, Iterator

from answers import FOUND, start_cut_off
from calls import Refused
from crashes import EITHER
from kind import Kind
from machine import lacks_mount, lacks_trace, until
from scene import Scene
from strike import EIO, SYNC, WRITE, Strike

POSTED_AGAIN = "all delivered: the shop is told 503, and posts again"


def full(scene: Scene) -> None:
    """No room for a commit; what is under way then cannot be settled either."""
    _lacks_room(scene, leave=400_000)


def low(scene: Scene) -> None:
    _lacks_room(scene, leave=16 << 20)
    scene.expect(scene.shop.told_when > 0, "no 503 said when to come again")


def _lacks_room(scene: Scene, leave: int) -> None:
    assert scene.disk
    scene.bridge.start()
    for count in scene.rounds(8):
        before = scene.shop.failures[503]
        scene.disk.fill(leave)
        posting = scene.shop.start(count)
        until("a post is answered 503", lambda: posting.done() or scene.shop.failures[503] > before)
        scene.hit(scene.shop.failures[503] > before)
        scene.disk.empty()
        posting.result()
        scene.settle()


def too_many_pending(scene: Scene) -> None:
    for count in scene.rounds(4):
        start_cut_off(scene, seconds=2)
        before = scene.shop.failures[503]
        posting = scene.shop.start(count)
        until("a post is answered 503", lambda: posting.done() or scene.shop.failures[503] > before)
        scene.hit(scene.shop.failures[503] > before)
        posting.result()
        scene.settle()
        scene.bridge.kill()
    scene.bridge.start()
    scene.expect(scene.shop.told_when > 0, "no 503 said when to come again")


def _fails_at(syscall: str) -> Callable[[Scene], None]:
    """One I/O error under the log; the daemon ends 74, since SQLite would commit on over the hole."""

    def strike(scene: Scene) -> None:
        scene.bridge.start()
        for count in scene.rounds(12):
            scene.shop.post(count // 2)
            tracer = Strike(scene.bridge, syscall, EIO, scene.bridge.wal, scene.chance.randint(1, 3))
            posting = scene.shop.start(count - count // 2)
            code = tracer.wait()
            scene.expect(code == 74, f"the daemon ended {code}, not 74")
            scene.hit()
            scene.bridge.start()
            posting.result()

    return strike


def second_daemon(scene: Scene) -> None:
    scene.bridge.start()
    for count in scene.rounds(8):
        posting = scene.shop.start(count)
        other = scene.another_bridge().launch()
        code = other.wait()
        scene.expect(code == 75, f"the second daemon ended {code}, not 75")
        scene.hit()
        posting.result()


def copied_while_sending(scene: Scene) -> None:
    """The copy says of some entries that they are being sent; by the time it is used they were."""
    scene.bridge.start()
    for count in scene.rounds(6):
        scene.settle()
        scene.sandbox.plan({"on": "create", "do": "hold", "applied": True, "times": 4})
        scene.shop.post(count)
        until("four calls are held", lambda: scene.sandbox.held() == 4)
        until("the others are delivered", lambda: scene.bridge.status()["in_flight"] == 4)
        _copy(scene)
        scene.bridge.kill()
        scene.sandbox.release()
        _restore(scene)
        scene.hit(4)
        scene.bridge.start()
        scene.settle()


def copied_earlier(scene: Scene) -> None:
    """The copy says of some entries that they wait; they were sent since, and the lock file tells it.

    What the shop would have posted after the copy is not in it, whatever one does: it is silent here.
    """
    for count in _with_a_copy(scene):
        _restore(scene)
        scene.hit(count)
        scene.bridge.start()
        scene.settle()
        scene.bridge.kill()
    scene.bridge.start()


def copied_elsewhere(scene: Scene) -> None:
    """The same without the lock file, as on another machine: nothing tells that they were sent.

    So a person takes its credentials away, starts it, and discards what is there already.
    """
    for _ in _with_a_copy(scene):
        _restore(scene)
        os.remove(f"{scene.bridge.store}.lock")
        there = {one["toAddress"] for one in scene.sandbox.conversations()}
        scene.sandbox.plan({"on": "any", "do": "status", "status": 401, "times": 0})
        scene.bridge.start()
        until("the gate closes", scene.bridge.is_closed)
        for entry in scene.bridge.entries():
            if entry["id"] in there and entry["state"] in ("pending", "sending"):
                _discard(scene, entry["id"])
                scene.hit()
        scene.sandbox.clear()
        scene.settle()
        scene.bridge.kill()
    scene.bridge.start()


def _discard(scene: Scene, entry: str) -> None:
    """Also one that the gate's probe is trying just now."""
    while True:
        try:
            return scene.bridge.discard(entry)
        except Refused as refusal:
            if refusal.status != 409:
                raise
            time.sleep(0.1)


def _with_a_copy(scene: Scene) -> Iterator[int]:
    """Copies the store while so many entries wait, and ends the daemon when they are delivered."""
    for count in scene.rounds(4):
        start_cut_off(scene, seconds=3)
        scene.shop.post(count)
        until("the gate closes", scene.bridge.is_closed)
        _copy(scene)
        scene.settle(silent=True)
        scene.bridge.kill()
        yield count


def _copy(scene: Scene) -> None:
    copy = f"{scene.folder}/copy.sqlite"
    if os.path.exists(copy):
        os.remove(copy)
    scene.bridge.copy_store(copy)


def _restore(scene: Scene) -> None:
    for name in (scene.bridge.wal, f"{scene.bridge.store}-shm"):
        if os.path.exists(name):
            os.remove(name)
    os.replace(f"{scene.folder}/copy.sqlite", scene.bridge.store)


KINDS = [
    Kind("disk-full", "no room on the disk", POSTED_AGAIN, full, on_disk=True, lacks=lacks_mount,
         settings={"store.minFree": "0"}, most=800),
    Kind("disk-low", "less room than store.minFree", POSTED_AGAIN, low, on_disk=True, lacks=lacks_mount,
         settings={"store.minFree": "32MiB"}),
    Kind("too-many-pending", "more pending than intake.maxPending", POSTED_AGAIN, too_many_pending,
         settings={"intake.maxPending": 10}, most=400),
    Kind("eio-sync", "an I/O error as a commit is synced", EITHER, _fails_at(SYNC), lacks=lacks_trace),
    Kind("eio-write", "an I/O error as a commit is written", EITHER, _fails_at(WRITE), lacks=lacks_trace),
    Kind("second-daemon", "a second daemon on the same store", "it ends 75; all delivered", second_daemon),
    Kind("copy-while-sending", "a copy of the store, made during calls, is restored", FOUND,
         copied_while_sending),
    Kind("copy-earlier", "a copy of the store is restored after its entries were sent", FOUND,
         copied_earlier),
    Kind("copy-elsewhere", "the same, on a machine that does not know they were sent",
         "undecidable: a person discards what is there already", copied_elsewhere,
         ends=frozenset({"delivered", "discarded"})),
]
