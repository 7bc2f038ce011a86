"""A clock that waits for nothing, and remembers what it was asked to wait for."""

from datetime import UTC, datetime, timedelta

from bothends.runtime import Clock


class FakeClock(Clock):
    def __init__(self, jitter=1.0):
        self.time = 100.0
        self.jitter = jitter
        self.slept = []

    def monotonic(self):
        return self.time

    def now(self):
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) + timedelta(seconds=self.time - 100)

    def random(self):
        return self.jitter

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds

    async def sleep_async(self, seconds):
        self.sleep(seconds)
