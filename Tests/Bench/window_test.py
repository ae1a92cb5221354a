"""The share of a quota, counted by hand."""

import unittest

from window import use


class WindowTest(unittest.TestCase):
    def test_windows_that_are_full(self) -> None:
        calls = [float(second) for second in range(21)]
        self.assertEqual(use(calls, 0, 20, allowed=5, seconds=5), (4, 1.0, 1.0))

    def test_half_of_the_calls(self) -> None:
        calls = [float(second) for second in range(0, 41, 2)]
        self.assertEqual(use(calls, 0, 40, allowed=10, seconds=10), (4, 0.5, 0.5))

    def test_a_wait_after_a_window_is_a_part_of_the_time_only(self) -> None:
        calls = [0, 1, 2, 3, 4, 10, 11, 12, 13, 14, 20]
        self.assertEqual(use([*map(float, calls)], 0, 20, allowed=5, seconds=5), (2, 1.0, 0.5))

    def test_a_window_that_began_before_the_first_create_does_not_count(self) -> None:
        calls = [0.0, *(float(second) for second in range(4, 31))]
        self.assertEqual(use(calls, 4, 30, allowed=5, seconds=5), (5, 1.0, 1.0))

    def test_too_short_for_a_window(self) -> None:
        with self.assertRaises(ValueError):
            use([0.0, 1.0], 0, 1, allowed=5, seconds=5)


if __name__ == "__main__":
    unittest.main()
