"""Refusals that cost much are made up for by waiting; small mistakes, and whoever makes none, do not wait."""

import asyncio
import contextlib
import time

import pytest

from seqapp.serving.server.rest.slow_refusals import LARGE_BYTES, MOST_S, SlowRefusals

SMALL, LARGE = [(b"content-length", b"20")], [(b"content-length", b"%d" % (LARGE_BYTES + 1))]


class Application:
    """Works for a while, then answers."""

    def __init__(self):
        self.status, self.work_s, self.num_inside, self.num_calls = 400, 0.0, 0, 0

    async def __call__(self, scope, receive, send):
        self.num_calls += 1
        self.num_inside += 1
        while (await receive()).get("more_body"):
            pass
        gone = asyncio.ensure_future(receive())  # as `while_connected` does
        await asyncio.sleep(self.work_s)
        gone.cancel()
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})
        self.num_inside -= 1


@pytest.fixture
def behind():
    return Application()


def ask(middleware, headers=SMALL, arrival_s=0.0):
    """A request as a coroutine: its status and the seconds it took."""
    parts = [{"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.request", "body": b""}]
    sent = []

    async def receive():
        await asyncio.sleep(arrival_s / 2 if parts else 60)
        return parts.pop(0)

    async def send(message):
        sent.append(message)

    async def run():
        start = time.monotonic()
        await middleware({"type": "http", "headers": headers}, receive, send)
        assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
        return sent[0]["status"], time.monotonic() - start

    return run()


async def together(*requests):
    return await asyncio.gather(*requests)


def test_work_for_a_refusal_is_a_share_of_the_time(behind):
    behind.work_s = 0.05
    status, took_s = asyncio.run(ask(SlowRefusals(behind, share=0.25)))
    assert status == 400 and took_s >= 4 * 0.05


def test_many_at_once_share_it(behind):
    behind.work_s = 0.03
    middleware = SlowRefusals(behind, share=0.25)
    answers = asyncio.run(together(*(ask(middleware) for _ in range(4))))
    assert max(took_s for _, took_s in answers) >= 4 * 3 * 0.03


@pytest.mark.parametrize(("status", "work_s"), [(200, 0.05), (503, 0.05), (400, 0.0)])
def test_answers_and_cheap_refusals_do_not_wait(behind, status, work_s):
    behind.status, behind.work_s = status, work_s
    middleware = SlowRefusals(behind, share=0.01)
    assert asyncio.run(ask(middleware))[0] == status
    assert middleware._free_at == 0.0


def test_the_way_here_is_no_work(behind):
    middleware = SlowRefusals(behind, share=0.01)
    status, took_s = asyncio.run(ask(middleware, arrival_s=0.2))
    assert status == 400 and took_s >= 0.2 and middleware._free_at == 0.0


def test_a_body_that_never_arrives_is_no_work_either():
    """The body's time limit ends the wait for it: the answer is 408, and nobody has to make up for it."""

    async def application(scope, receive, send):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(receive(), 0.1)
        await send({"type": "http.response.start", "status": 408, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    middleware = SlowRefusals(application, share=0.01)
    status, took_s = asyncio.run(ask(middleware, arrival_s=60.0))
    assert status == 408 and took_s < 5.0 and middleware._free_at == 0.0


def test_nobody_takes_a_place_of_the_application_while_waiting(behind):
    behind.work_s = 0.02

    async def look():
        task = asyncio.ensure_future(ask(SlowRefusals(behind, share=0.05)))
        await asyncio.sleep(0.15)
        assert behind.num_inside == 0 and not task.done()
        return await task

    assert asyncio.run(look())[0] == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (LARGE, 429),
        ([(b"content-encoding", b"gzip"), *SMALL], 429),
        ([(b"transfer-encoding", b"chunked")], 429),
        (SMALL, 200),
        ([], 200),
    ],
)
def test_with_too_much_to_make_up_for_large_requests_are_refused_unread(behind, headers, status):
    behind.status = 200
    middleware = SlowRefusals(behind)
    middleware._free_at = time.monotonic() + MOST_S + 5
    assert asyncio.run(ask(middleware, headers))[0] == status
    assert behind.num_calls == (0 if status == 429 else 1)


def test_what_is_no_http_passes(behind):
    seen = []

    async def application(scope, receive, send):
        seen.append(scope)

    asyncio.run(SlowRefusals(application)({"type": "lifespan"}, None, None))
    assert seen == [{"type": "lifespan"}]
