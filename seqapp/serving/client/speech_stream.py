"""Client of live speech that outlives its connection: a stream goes on at another process or server, and loses nothing.

with SpeechStream("http://127.0.0.1:8501", "an4_streaming", sample_rate_hz=16_000) as stream:
    for chunk in chunks:  # int16 [N]
        for answer in stream.push(chunk):
            print(answer)
    print(stream.finish()[-1]["text"])
"""

import contextlib
import json
import time
import urllib.parse

import numpy as np
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import connect

BYTES = 2  # of a sample
FIRST_WAIT_S, LONGEST_WAIT_S = 0.25, 4.0
CLOSING_S = 2.0  # that a server has to agree
ROUNDING_S = 1e-3  # of what answers say of seconds
ELSEWHERE = (1012, 1013)  # codes of a server that ends, and of one without room
OURS = (401, 403, 404)  # statuses that another try would get again


class SpeechStream:
    """Speaks to a model on a server. Whatever the server has not made final is kept here, 22 s at most.

    Args:
        url: Of the server.
        model: Name of a model that streams.
        sample_rate_hz: Of the audio, a whole number.
        config: More keys of the stream's config, such as phrase_list.
        api_key: Key that the server asks for, if it does.
        timeout_s: Seconds to wait for an answer.
        num_tries: Of each message.

    Raises:
        ValueError: The server's reasons.
        OSError: There is no server.

    Attributes:
        num_connections: That it took so far.
    """

    def __init__(
        self, url: str, model: str, sample_rate_hz: int, config: dict | None = None, api_key: str | None = None,
        timeout_s: float = 60.0, num_tries: int = 8,
    ):  # fmt: skip
        address = urllib.parse.urlsplit(url)
        if address.scheme not in ("http", "https"):
            raise ValueError(f"Expected a URL such as http://127.0.0.1:8501. Received: {url}.")
        scheme = address.scheme.replace("http", "ws")
        self._address = address._replace(scheme=scheme, path=f"/live/{urllib.parse.quote(model)}").geturl()
        self._headers = {"X-API-Key": api_key} if api_key else {}
        self._config = {**(config or {}), "sample_rate": int(sample_rate_hz), "resumable": 1, "encoding": "pcm16"}
        self._rate_hz, self._timeout_s, self._num_tries = int(sample_rate_hz), timeout_s, num_tries
        self._socket = None
        self._opened = contextlib.ExitStack()  # what closes the connection
        self._kept = bytearray()  # audio that may have to be sent again
        self._first = 0  # number of its first sample
        self._num_sent = 0  # bytes of these that this connection has
        self._point = None  # from which the next one goes on
        self._next_segment, self._told_s = 0, -1.0
        self.num_connections = 0

    def __enter__(self) -> "SpeechStream":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        """Leave, without an answer to what was said last."""
        self._socket = None
        self._opened.close()

    def push(self, samples: np.ndarray) -> list[dict]:
        """Say more.

        Args:
            samples: Int16 `[N]`, one channel; N may be 0.

        Returns:
            Answers of the server that know all that was said; the last is partial or final.
        """
        if np.ndim(samples) != 1 or np.asarray(samples).dtype != np.int16:
            received = f"{np.asarray(samples).dtype} {list(np.shape(samples))}"
            raise ValueError(f"Expected samples of one channel, int16 [N]. Received: {received}.")
        if not len(samples):
            return []
        self._kept += np.asarray(samples, "<i2").tobytes()
        return self._exchange()

    def finish(self) -> list[dict]:
        """End the stream; what was said last is answered too.

        Returns:
            Answers, the last of them final.
        """
        answers = self._exchange('{"eof": 1}')
        self.close()
        return answers

    def _exchange(self, end=None):
        """Send what the connection has not, and receive until all is answered; over as many connections as it takes."""
        answers = []
        for number in range(1, self._num_tries + 1):
            try:
                self._send(end)
                while True:
                    answer = self._receive()
                    if answer["type"] not in ("partial", "final"):
                        continue
                    is_end = answer["type"] == "final" and answer["resume"]["segment"] <= answer["segment"]
                    has_all = answer["heard_s"] >= self._end_s - ROUNDING_S
                    if is_end and not (end and has_all):  # of a server that ends: another one hears it to its own end
                        continue
                    if self._is_news(answer):
                        answers.append(answer)
                    if has_all and is_end == bool(end):
                        return answers
            except (WebSocketException, OSError, EOFError) as error:
                status = error.response.status_code if isinstance(error, InvalidStatus) else None
                if status in OURS:
                    raise ValueError(f"{self._address}: {status}: {error}") from error
                self._lose()
                if number == self._num_tries:
                    raise OSError(f"{self._address}: no answer: {error}.") from error
                time.sleep(min(FIRST_WAIT_S * 2 ** (number - 1), LONGEST_WAIT_S))
        raise AssertionError("unreachable")

    def _send(self, end):
        if self._socket is None:
            options = {"additional_headers": self._headers, "open_timeout": self._timeout_s, "close_timeout": CLOSING_S}
            self._socket = self._opened.enter_context(connect(self._address, **options))
            self.num_connections += 1
            message = {"config": self._config} | ({"resume": self._point} if self._point else {})
            self._socket.send(json.dumps(message))
            self._num_sent = 0
        message_bytes = self._rate_hz * BYTES  # a second: less than any server's limit of a message
        for start in range(self._num_sent, len(self._kept), message_bytes):
            self._socket.send(bytes(self._kept[start : start + message_bytes]))
        self._num_sent = len(self._kept)
        if end:
            self._socket.send(end)

    def _receive(self):
        answer = json.loads(self._socket.recv(self._timeout_s))
        if answer["type"] == "error" and answer.get("code") not in ELSEWHERE:
            raise ValueError(f"{self._address}: {answer['error']}")
        return answer

    @property
    def _end_s(self):
        return (self._first + len(self._kept) // BYTES) / self._rate_hz

    def _is_news(self, answer):
        """Tell whether an answer was not told before; let go of the audio before its resume point."""
        self._forget(answer["resume"])
        if answer["type"] == "final":
            is_news = answer["segment"] >= self._next_segment
            self._next_segment = max(self._next_segment, answer["resume"]["segment"], answer["segment"] + 1)
        else:
            is_news = answer["heard_s"] > self._told_s - ROUNDING_S
        self._told_s = max(self._told_s, answer["heard_s"])
        return is_news

    def _forget(self, point):
        self._point = point
        count = BYTES * (point["sample"] - self._first)
        del self._kept[:count]
        self._first = point["sample"]
        self._num_sent -= count

    def _lose(self):
        with contextlib.suppress(WebSocketException, OSError, EOFError):
            self.close()
