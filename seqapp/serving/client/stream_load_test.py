"""Load test of live streams: many write or speak at once, at the pace of people; latency of each partial result.

A partial result is late by the time from the moment at which the newest ink or audio that it knows was sent.
"""

import asyncio
import contextlib
import json
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from seqapp.datasets.ink.ink_files import read_ink
from seqapp.datasets.skipped import Skipped
from seqapp.datasets.speech.audio import SAMPLE_RATE_HZ
from seqapp.datasets.speech.audio_source import file_chunks
from seqapp.serving.client.load_test import key_header, page_of

CHUNK_MS = 160  # of audio in a message
POINTS_PER_S = 100  # of ink without times
POINTS = 4  # of ink in a message: a browser has about as many for each frame of its screen
PATIENCE_S = 30.0  # for the last answer
ANSWERED = "answered"


class Message(NamedTuple):
    """A message to send.

    Attributes:
        due_s: Seconds from the begin of the stream.
        content: Text or bytes.
        mark: By which an answer tells that it knows the message.
    """

    due_s: float
    content: str | bytes
    mark: float


class LiveLoad:
    """A number of streams of the same file, each beginning a little later than the one before.

    Args:
        url: Of the server.
        model: Name of a model that can be written or spoken to.
        file: Ink or audio, sent again and again.

    Raises:
        ValueError: The server has no such model.
    """

    def __init__(self, url: str, model: str, file: Path):
        descriptions = json.loads(page_of(f"{url}/live"))["models"]
        senses = {description["name"]: description["sense"] for description in descriptions if description["live"]}
        if model not in senses:
            raise ValueError(
                f"Expected a model that answers while one speaks or writes: {sorted(senses)}. Received: {model}."
            )
        address = urllib.parse.urlsplit(url)
        self._address = address._replace(scheme=address.scheme.replace("http", "ws"), path=f"/live/{model}").geturl()
        self._messages = list({"speech": _spoken, "ink": _written}[senses[model]](file))
        self._waits: list[float] = []
        self._ends: list[str] = []

    def run(self, num_streams: int, seconds: float) -> tuple[list[float], list[str]]:
        """Speak or write for a time.

        Args:
            num_streams: At once.
            seconds: The time.

        Returns:
            Seconds that partial results were late, and how each stream ended: "answered" to its last word, or why not.
        """
        asyncio.run(self._run(num_streams, seconds))
        return self._waits, self._ends

    async def _run(self, num_streams, seconds):
        delay_s = self._messages[-1].due_s / num_streams  # people do not begin at the same moment
        await asyncio.gather(*(self._stream(number * delay_s, seconds) for number in range(num_streams)))

    async def _stream(self, delay_s, seconds):
        await asyncio.sleep(delay_s)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            try:
                self._ends.append(await self._send_once())
            except (OSError, WebSocketException, TimeoutError) as error:
                self._ends.append(type(error).__name__)
            if self._ends[-1] != ANSWERED:
                return  # whoever is refused does not insist

    async def _send_once(self):
        """Send the file from begin to end, and await the answer to its end."""
        sent = {}
        async with connect(self._address, open_timeout=PATIENCE_S, additional_headers=key_header()) as socket:
            listening = asyncio.create_task(self._listen(socket, sent))
            start = time.perf_counter()
            with contextlib.suppress(ConnectionClosed):  # why, is heard
                for message in self._messages:
                    await asyncio.sleep(max(start + message.due_s - time.perf_counter(), 0.0))
                    sent[message.mark] = time.perf_counter()
                    await socket.send(message.content)
                await socket.send('{"eof": 1}')
            return await asyncio.wait_for(listening, PATIENCE_S)

    async def _listen(self, socket, sent):
        kind = None
        async for received in socket:
            answer = json.loads(received)
            kind = answer["type"]
            mark = answer.get("stamp", answer.get("heard_s"))
            if kind == "error":
                return answer["error"]
            if kind == "partial" and mark is not None:  # it is None where only time has passed
                newest = max((m for m in sent if m <= mark + 1e-3), default=None)
                self._waits += [time.perf_counter() - sent[newest]] if newest is not None else []
        return ANSWERED if kind == "final" else f"closed after {kind}"


def _spoken(file: Path) -> Iterator[Message]:
    yield Message(0.0, json.dumps({"config": {"sample_rate": SAMPLE_RATE_HZ}}), -1.0)
    seconds = 0.0
    for chunk in file_chunks(file, CHUNK_MS):
        seconds += len(chunk) / SAMPLE_RATE_HZ
        yield Message(seconds, np.asarray(chunk, "<i2").tobytes(), seconds)


def _written(file: Path) -> Iterator[Message]:
    skipped = Skipped()
    if (ink := next(iter(read_ink(file, skipped)), None)) is None:
        raise ValueError(f"Expected ink in {file}. Received: {[reason for _, reason in skipped.items] or 'nothing'}.")
    points = ink.points.astype(float)
    if not points[:, 2].any():
        points[:, 2] = np.arange(len(points)) / POINTS_PER_S
    for stroke in np.split(points, np.flatnonzero(points[:-1, 3]) + 1):
        for start in range(0, len(stroke), POINTS):
            part = stroke[start : start + POINTS]
            message = {"points": part[:, :3].tolist(), "stamp": float(part[-1, 2])}
            if start + POINTS >= len(stroke):
                message["pen_up"] = 1
            yield Message(float(part[-1, 2]), json.dumps(message), float(part[-1, 2]))
