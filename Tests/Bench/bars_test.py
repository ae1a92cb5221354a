"""Each bar is met by figures that just meet it, and missed by those that do not."""

import unittest

from bars import Row, judge
from figures import Delivery, Figures, Idle, Ingest, Latency, Quota, Scale


def ingest(side: str, per_second: float, cpu: float = 0, run: int = 1, p99: float = 30) -> Ingest:
    return Ingest(run, side, 1024, 64, 1, per_second, p50=10, p99=p99, p999=40, cpu=cpu, written=0)


def scale(pending: int, start: float = 100, ingest: float = 60, resident: float = 128) -> Scale:
    return Scale(
        run=1, pending=pending, settled=0, pruned=0, start=start, ingest=ingest, bare=100, delivery=50,
        transport=100, resident=resident, page=1, search=1, wal=1)


def verdicts(figures: Figures) -> dict[str, bool | None]:
    """What was judged, each by what it is and what it is against."""
    return {f"{row.what} | {row.against}".strip(" |"): row.is_met for row in rows(figures)}


def rows(figures: Figures) -> list[Row]:
    return [row for row in judge(figures) if row.is_met is not None or row.not_run]


class BarsTest(unittest.TestCase):
    def ingest(self, bridge: Ingest, *, bare: float = 100, fastapi: float = 12) -> list[bool | None]:
        sides = [bridge, ingest("null", 200, cpu=50), ingest("bare", bare, cpu=20), ingest("fastapi", fastapi)]
        return [row.is_met for row in rows(Figures(ingest=sides))]

    def test_an_ingest_that_just_meets_each_bar(self) -> None:
        self.assertEqual(self.ingest(ingest("bridge", 60, cpu=100)), [True, True, True, True])

    def test_an_ingest_that_misses_one(self) -> None:
        self.assertEqual(self.ingest(ingest("bridge", 60, cpu=100), bare=101)[0], False)
        self.assertEqual(self.ingest(ingest("bridge", 60, cpu=101))[1], False)
        self.assertEqual(self.ingest(ingest("bridge", 60, cpu=100, p99=31))[2], False)
        self.assertEqual(self.ingest(ingest("bridge", 60, cpu=100), fastapi=13)[3], False)

    def test_the_median_of_the_ratios_within_each_run_counts(self) -> None:
        pairs = [(60, 100), (30, 50), (10, 1000)]
        sides = [
            ingest(side, rate, cpu=10, run=run)
            for run, (bridge, bare) in enumerate(pairs)
            for side, rate in (("bridge", bridge), ("null", 200), ("bare", bare))]
        found = next(row for row in judge(Figures(ingest=sides)) if row.bar)
        self.assertEqual((found.ratio, found.is_met), ("0.60", True))

    def test_sixteen_connections_and_large_bodies_have_no_bar(self) -> None:
        sides = [ingest(side, 1, cpu=1) for side in ("bridge", "null", "bare")]
        for one in sides:
            one.connections = 16
        self.assertEqual(rows(Figures(ingest=sides)), [])

    def test_a_peer_that_was_not_run(self) -> None:
        sides = [ingest(side, 1, cpu=1) for side in ("bridge", "null", "bare")]
        found = rows(Figures(ingest=sides, not_run={"postfix": "needs root"}))
        self.assertEqual(found[-1].not_run, "needs root")

    def test_delivery(self) -> None:
        for rate, is_met in (50, True), (49, False):
            figures = Figures(delivery=[Delivery(1, 10, rate, 100)])
            self.assertEqual(list(verdicts(figures).values()), [is_met])

    def test_latency_is_judged_idle_only(self) -> None:
        for p50, is_met in (40, True), (41, False):
            latencies = [Latency(1, False, 10, p50, 900, 10), Latency(1, True, 10, 900, 900)]
            self.assertEqual(list(verdicts(Figures(latency=latencies)).values()), [is_met])

    def test_quota(self) -> None:
        for share, is_met in (0.97, True), (0.969, False):
            figures = Figures(quota=[Quota(1, 10, 4, share, share)])
            self.assertEqual(list(verdicts(figures).values()), [is_met])

    def test_scale_is_judged_at_the_largest_size_only(self) -> None:
        sizes = [scale(0), scale(10, start=900), scale(1000, start=200, ingest=54)]
        found = verdicts(Figures(scale=sizes))
        self.assertEqual(list(found.values()), [True] * 4)
        self.assertTrue(all("1000 pending" in what for what in found))

    def test_a_scale_that_misses(self) -> None:
        large = [
            (0, scale(1000, ingest=53)), (2, scale(1000, start=201)), (3, scale(1000, resident=129))]
        for bar, one in large:
            found = list(verdicts(Figures(scale=[scale(0), one])).values())
            self.assertEqual([number for number, is_met in enumerate(found) if not is_met], [bar])

    def test_a_slower_delivery_from_a_large_file(self) -> None:
        large = scale(1000)
        large.delivery = 44
        self.assertEqual(list(verdicts(Figures(scale=[scale(0), large])).values())[1], False)

    def test_idle(self) -> None:
        for cpu, switches, expected in (0.0099, 1000, [True, True]), (0.01, 1001, [False, False]):
            figures = Figures(idle=[Idle(1, cpu, switches, 40, 100, 150, 80)])
            self.assertEqual(list(verdicts(figures).values()), expected)


if __name__ == "__main__":
    unittest.main()
