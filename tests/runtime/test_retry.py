"""What is tried again, after which pause, and until when."""

import anyio
import httpx2
import pytest

from bothends.runtime import NoAnswer, NoAnswerInTime, Retries, Timeout, UndocumentedStatus

from .harbour.client import AsyncHarbourClient, HarbourClient
from .harbour.errors import BookBerthTooManyRequests
from .harbour.models import NewTide
from .waiting import FakeClock

TIDE = b'{"id":"12345678-1234-5678-1234-567812345678","level":"low"}'
JSON = {"content-type": "application/json"}
GOOD = (200, TIDE, JSON)
SLOW_DOWN = (429, b'{"title":"slower"}', JSON)


class Script(httpx2.MockTransport):
    """Answers each request by the next step: a fault, or the parts of a response. The last step lasts."""

    def __init__(self, *steps, clock=None, takes=0):
        self.requests = []
        self.clock = clock or FakeClock()

        def answer(request):
            self.requests.append(request)
            self.clock.time += takes
            step = steps[min(len(self.requests), len(steps)) - 1]
            if isinstance(step, Exception):
                raise step

            status, content, headers = step
            return httpx2.Response(status, content=content, headers=headers)

        super().__init__(answer)

    def client(self, **options):
        return HarbourClient(transport=self, clock=self.clock, bearer_auth="t0ken", **options)


def failing(status, **headers):
    return (status, b"", {name.replace("_", "-"): value for name, value in headers.items()})


class TestWhatIsTriedAgain:
    @pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
    def test_passing_statuses(self, status):
        script = Script(failing(status), GOOD)
        assert script.client().latest_tide().level == "low"
        assert len(script.requests) == 2

    @pytest.mark.parametrize("status", [400, 404, 409, 425, 500, 501, 505])
    def test_other_statuses_are_answers(self, status):
        script = Script(failing(status), GOOD)
        with pytest.raises(UndocumentedStatus):
            script.client().latest_tide()
        assert len(script.requests) == 1

    @pytest.mark.parametrize(
        "fault",
        [
            httpx2.ConnectError,
            httpx2.ConnectTimeout,
            httpx2.ReadError,
            httpx2.ReadTimeout,
            httpx2.RemoteProtocolError,
        ],
    )
    def test_faults_of_the_connection(self, fault):
        script = Script(fault("x"), fault("x"), GOOD)
        assert script.client().latest_tide().level == "low"

    def test_a_fault_of_our_own_stays(self):
        script = Script(httpx2.LocalProtocolError("x"), GOOD)
        with pytest.raises(NoAnswer):
            script.client().latest_tide()
        assert len(script.requests) == 1

    def test_not_without_a_key_what_changes_something(self):
        tide = NewTide(at="2026-01-02T03:04:05Z", level="low")
        for step, error in (
            (failing(503), UndocumentedStatus),
            (httpx2.ConnectError("x"), NoAnswer),
        ):
            script = Script(step, GOOD)
            with pytest.raises(error):
                script.client().add_tide("h1", tide)
            assert len(script.requests) == 1

    def test_with_a_key_and_always_the_same(self):
        script = Script(httpx2.ReadError("x"), failing(503), (201, b'"A1"', JSON))
        assert script.client().book_berth("Ida") == "A1"
        keys = [request.headers["berth-key"] for request in script.requests]
        assert len(keys) == 3
        assert len(set(keys)) == 1
        assert {request.content for request in script.requests} == {b'"Ida"'}

    def test_not_where_the_declared_key_is_left_out(self):
        script = Script(failing(503), (201, b'"A1"', JSON))
        with pytest.raises(UndocumentedStatus):
            script.client().book_buoy("Ida")
        assert len(script.requests) == 1

    def test_delete(self):
        script = Script(failing(503), failing(204))
        script.client().sink()
        assert len(script.requests) == 2


class TestHowOften:
    @pytest.mark.parametrize(
        ("retries", "sent"), [(0, 1), (1, 2), (4, 5), (Retries(attempts=3), 3)]
    )
    def test_attempts(self, retries, sent):
        script = Script(SLOW_DOWN)
        with pytest.raises(BookBerthTooManyRequests) as caught:
            script.client(retries=retries).book_berth("Ida")
        assert len(script.requests) == sent
        assert caught.value.body.title == "slower"

    def test_the_default(self):
        script = Script(failing(503))
        with pytest.raises(UndocumentedStatus):
            script.client().latest_tide()
        assert len(script.requests) == 3

    @pytest.mark.parametrize("wrong", [{"attempts": 0}, {"base": -1}, {"cap": -1}])
    def test_nonsense(self, wrong):
        with pytest.raises(ValueError, match="retries"):
            Retries(**wrong)


class TestPauses:
    def pauses(self, *steps, clock=None, **options):
        script = Script(*steps, clock=clock)
        with pytest.raises((UndocumentedStatus, NoAnswer)):
            script.client(**options).latest_tide()
        return script.clock.slept

    def test_they_double_up_to_the_cap(self):
        assert self.pauses(failing(503), retries=Retries(6, base=1, cap=5)) == [1, 2, 4, 5, 5]

    def test_jitter_is_full(self):
        assert self.pauses(
            failing(503), clock=FakeClock(jitter=0.25), retries=Retries(4, base=1, cap=60)
        ) == [
            0.25,
            0.5,
            1,
        ]

    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize(
        "text", ["7", "Fri, 02 Jan 2026 03:04:12 GMT", "Friday, 02-Jan-26 03:04:12 GMT"]
    )
    def test_retry_after(self, status, text):
        assert self.pauses(failing(status, retry_after=text), retries=1) == [7]

    @pytest.mark.parametrize(
        "text", ["", "soon", "-3", "1.5", "²", "Fri, 02 Jan 2026 03:04:04 GMT", "Fri, 99 Jan 2026"]
    )
    def test_retry_after_that_says_nothing(self, text):
        script = Script((503, b"", {"retry-after": text.encode()}), GOOD)
        script.client(retries=Retries(2, base=2)).latest_tide()
        assert script.clock.slept == [2]

    @pytest.mark.parametrize("text", ["61", "9" * 5000, "Fri, 02 Jan 2026 03:05:06 GMT"])
    def test_a_pause_beyond_the_deadline_is_not_begun(self, text):
        assert self.pauses(failing(429, retry_after=text), timeout=60) == []


class TestDeadline:
    def test_it_is_over_all_attempts_and_pauses(self):
        clock = FakeClock()
        script = Script(failing(503), clock=clock, takes=4)
        with pytest.raises(UndocumentedStatus):
            script.client(timeout=10, retries=Retries(100, base=3, cap=3)).latest_tide()
        assert clock.time <= 111
        assert len(script.requests) == 2

    def test_each_wait_is_shortened_to_what_is_left(self):
        script = Script(failing(503), takes=4)
        with pytest.raises(UndocumentedStatus):
            script.client(
                timeout=Timeout(connect=8, read=5, total=12), retries=Retries(2, base=1)
            ).latest_tide()
        limits = [request.extensions["timeout"] for request in script.requests]
        assert [(one["connect"], one["read"]) for one in limits] == [(8, 5), (7, 5)]

    def test_none_is_no_limit(self):
        script = Script(failing(503, retry_after="86400"), GOOD)
        script.client(timeout=Timeout(total=None)).latest_tide()
        assert script.clock.slept == [86400]

    @pytest.mark.parametrize("wrong", [0, -1, float("nan")])
    def test_nonsense(self, wrong):
        with pytest.raises(ValueError, match="timeout: total"):
            HarbourClient(timeout=wrong)

    def test_no_time_for_another_attempt(self):
        clock = FakeClock()

        def token():
            clock.time += 20
            return "late"

        script = Script(GOOD, clock=clock)
        with pytest.raises(NoAnswerInTime):
            HarbourClient(transport=script, clock=clock, timeout=10, bearer_auth=token).list_tides(
                "h1"
            )

        assert script.requests == []


class TestWithOptions:
    def test_a_copy_is_changed_and_the_client_is_not(self):
        script = Script(failing(503))
        client = script.client(headers={"X-One": "1"})
        once = client.with_options(retries=0, timeout=3, headers={"X-Two": "2"})
        assert type(once) is HarbourClient
        with pytest.raises(UndocumentedStatus):
            once.latest_tide()

        assert len(script.requests) == 1
        first = script.requests[0]
        assert (
            first.headers["x-one"],
            first.headers["x-two"],
            first.extensions["timeout"]["read"],
        ) == ("1", "2", 3)
        with pytest.raises(UndocumentedStatus):
            client.latest_tide()

        assert len(script.requests) == 4
        assert "x-two" not in script.requests[-1].headers

    def test_responses(self):
        script = Script((200, b'{"id":1,"level":"low"}', JSON))
        from bothends.runtime import UnexpectedAnswer

        with pytest.raises(UnexpectedAnswer):
            script.client().with_options(responses="strict").latest_tide()
        assert script.client(responses="strict").with_options(responses="off").latest_tide().id == 1

    def test_connections_and_credentials_are_shared(self):
        asked = []
        script = Script((200, b'{"tides":[]}', JSON | {"x-total": "0"}))
        with HarbourClient(transport=script, bearer_auth=lambda: asked.append(1) or "t") as client:
            client.list_tides("h1")
            with client.with_options(timeout=1) as copy:
                copy.list_tides("h1")
            client.list_tides("h1")

        assert asked == [1]


def test_async():
    script = Script(httpx2.ConnectError("x"), failing(503, retry_after="7"), GOOD)

    async def main():
        async with AsyncHarbourClient(transport=script, clock=script.clock) as client:
            return await client.with_options(retries=5).latest_tide()

    assert anyio.run(main).level == "low"
    assert script.clock.slept == [0.5, 7]


def test_async_deadline_cancels():
    async def never(_):
        await anyio.sleep_forever()

    async def main():
        async with AsyncHarbourClient(
            transport=httpx2.MockTransport(never), timeout=0.05
        ) as client:
            with pytest.raises(NoAnswerInTime) as caught:
                await client.latest_tide()
        assert caught.value.request.method == "GET"

    anyio.run(main)


def test_an_app_in_process_has_a_deadline_too():
    async def app(scope, receive, send):
        await anyio.sleep_forever()

    with HarbourClient(app=app, timeout=0.05) as client, pytest.raises(NoAnswerInTime):
        client.latest_tide()
