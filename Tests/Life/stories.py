"""What can happen to a conversation after its creation; each thread plays one of these."""

import random
import time
from collections.abc import Callable

from agents import BILLING, Agents, Hold, NotToBeHad
from book import Book, Thread
from customers import Customers
from receiver import Receiver


class Play:
    """One thread's part: a customer, and the agents who come to see to them."""

    #: How often a customer writes again at a moment.
    RESTLESS = 0.12
    #: Seconds that people take at the most before their next step.
    LEISURE = 1.5

    def __init__(
        self, thread: Thread, chance: random.Random, book: Book, customers: Customers, agents: Agents,
        receiver: Receiver, patience: float
    ):
        self.thread, self.chance, self.book = thread, chance, book
        self.customers, self.agents, self.receiver = customers, agents, receiver
        #: Seconds after which what does not come is left to the supervisor.
        self.patience = patience
        self._messages = self._answers = self._notes = 0

    # The customer

    def write(self, count: int = 1) -> None:
        numbers = range(self._messages + 1, self._messages + count + 1)
        self._messages += count
        if count == 1:
            self.customers.write(self.thread, numbers[0])
        else:
            self.customers.write_at_once(self.thread, numbers)

    def moment(self, name: str) -> None:
        """People take their time here, and the customer may write again."""
        time.sleep(self.chance.uniform(0, self.LEISURE))
        if self.chance.random() < self.RESTLESS:
            self.write_again(name)

    def write_again(self, moment: str) -> None:
        self.write()
        self.book.count(f"follow-ups {moment}")

    def alerted(self) -> Hold:
        return self.agents.alerted(self.thread, self.chance, self.patience)

    def begin(self) -> None:
        """One message, or several at once."""
        self.write(self.chance.choice([1, 1, 1, 2, 3]))
        self.moment("before creation")

    # The agents

    def waits(self) -> None:
        self.until("its conversation waits", lambda: self.agents.floor.live(self.thread.key) is not None)
        self.moment("while it waits")

    def until(self, what: str, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + self.patience
        while not holds():
            if time.monotonic() > end:
                raise NotToBeHad(what)
            time.sleep(0.2)

    def take(self) -> Hold:
        hold = self.agents.take(self.thread, self.chance, self.patience)
        self.moment("with an agent")
        return hold

    def answer(self, hold: Hold | None, seen: str | None = None, repeats: bool = False) -> None:
        time.sleep(self.chance.uniform(0, self.LEISURE))
        self._answers += 1
        self.agents.answer(self.thread, hold, self._answers, seen, repeats)

    def note(self, hold: Hold) -> None:
        self._notes += 1
        self.agents.note(self.thread, hold, self._notes)

    def serve(self, repeats: bool = False) -> None:
        """An agent takes it, answers and finishes."""
        hold = self.take()
        self.answer(hold, repeats=repeats)
        self.moment("after the answer")
        hold.finish()
        self.moment("after the end")

    def has_answer(self) -> bool:
        return self.thread.key in self.receiver.answered


def answered(play: Play) -> None:
    play.begin()
    play.waits()
    play.serve()


def answered_twice(play: Play) -> None:
    """The agent's client sends its answer again, with the same key."""
    play.begin()
    play.serve(repeats=True)


def interrupted(play: Play) -> None:
    """The customer writes while the agent does: the agent reads again, then answers."""
    play.begin()
    hold = play.take()
    seen = play.agents.reads(play.thread)
    play.write_again("while an answer is written")
    play.answer(hold, seen)
    hold.finish()


def rang_out(play: Play) -> None:
    play.begin()
    hold = play.alerted()
    play.moment("while it rings")
    play.agents.let_ring(hold)
    play.serve()


def declined(play: Play) -> None:
    play.begin()
    hold = play.alerted()
    play.moment("while it rings")
    hold.decline()
    play.serve()


def parked(play: Play) -> None:
    play.begin()
    hold = play.take()
    hold.park()
    play.write_again("while it is parked")
    time.sleep(play.chance.uniform(0, play.LEISURE))
    hold.resume()
    play.answer(hold)
    hold.finish()


def to_queue(play: Play) -> None:
    """To one that no route of the bridge names."""
    play.begin()
    hold = play.take()
    hold.to_queue(BILLING)
    play.moment("in another queue")
    play.serve()


def to_agent(play: Play) -> None:
    play.begin()
    hold = play.take()
    other = hold.to_agent(play.chance.choice([one for one in play.agents.ids if one != hold.agent]))
    play.moment("while it rings")
    other.accept()
    play.answer(other)
    other.finish()


def noted(play: Play) -> None:
    play.begin()
    hold = play.take()
    play.note(hold)
    play.answer(hold)
    play.note(hold)
    hold.finish()


def goes_on(play: Play) -> None:
    """Answered and ended; then the customer writes again, and is answered again."""
    play.begin()
    play.serve()
    if play.chance.random() < 0.5:
        play.until("the shop has the answer", play.has_answer)
    play.write_again("after the end")
    play.serve()


def asks_on(play: Play) -> None:
    """The customer writes after the answer, in a conversation that still lasts."""
    play.begin()
    hold = play.take()
    play.answer(hold)
    play.until("the shop has the answer", play.has_answer)
    play.write_again("after the answer")
    play.answer(hold)
    hold.finish()


def unanswered(play: Play) -> None:
    """An agent finishes it with a wrap-up, and no answer."""
    play.begin()
    play.take().finish()


def left(play: Play) -> None:
    """An agent ends it, without an answer and without a wrap-up."""
    play.begin()
    play.take().finish(wrapup=False)
    play.moment("after the end")


def dismissed(play: Play) -> None:
    play.begin()
    hold = play.take()
    play.agents.dismiss(play.thread, "it is spam")
    hold.finish()


def ended_while_waiting(play: Play) -> None:
    """The system ends it before any agent took it; it comes again, and is answered."""
    play.begin()
    play.waits()
    first = play.agents.floor.live(play.thread.key)
    if first:
        play.agents.end_by_system(first["id"])
        play.book.count("ended by the system while they waited")
    play.moment("after the end")
    play.serve()


def ended_while_ringing(play: Play) -> None:
    play.begin()
    hold = play.alerted()
    play.agents.end_by_system(hold.id)
    play.book.count("ended by the system while they rang")
    play.serve()


def ended_with_agent(play: Play) -> None:
    play.begin()
    hold = play.take()
    play.agents.end_by_system(hold.id)
    play.book.count("ended by the system while an agent had them")


def taken_by_nobody(play: Play) -> None:
    """Ends by itself after `endsAfterSeconds`, each time it comes again."""
    play.begin()


def closed_early(play: Play) -> None:
    """The shop closes it, maybe before there is a conversation."""
    play.begin()
    time.sleep(play.chance.choice([0, 0, 0.05, 0.5]))
    play.customers.close(play.thread)


def closed_late(play: Play) -> None:
    """The shop closes it while an agent has it."""
    play.begin()
    play.take()
    play.customers.close(play.thread)
    if play.chance.random() < 0.5:
        play.write_again("after the shop closed it")


def refused(play: Play) -> None:
    """The shop refuses the answer for good."""
    play.receiver.refusing.add(play.thread.key)
    play.begin()
    play.serve()


def kept_waiting(play: Play) -> None:
    """Stays with an agent who has parked it: somebody has it, and the customer waits."""
    play.begin()
    play.take().park()


STORIES: list[Callable[[Play], None]] = [
    answered, answered_twice, interrupted, rang_out, declined, parked, to_queue, to_agent, noted, goes_on, asks_on,
    unanswered, left, dismissed, ended_while_waiting, ended_while_ringing, ended_with_agent, taken_by_nobody,
    closed_early, closed_late, refused, kept_waiting]
