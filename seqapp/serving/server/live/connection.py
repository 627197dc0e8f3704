"""WebSocket of one conversation: messages are taken while the model works, and it always works on the newest.

Codes with which a stream is closed: 1000 after the answer to eof; 1008 a limit was passed, or too many messages could
not be used; 1009 a message was too long; 1011 the model failed; 1012 the server ends, and has answered to all that was
sent; 1013 there are too many streams or requests, try again later; 4408 nothing came, or could be sent, for too long: a
client opens another one when it has something to say.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from starlette.websockets import WebSocket, WebSocketDisconnect

from seqapp.serving.server.live.limits import LiveLimits
from seqapp.serving.server.live.message import BadMessage, LimitPassed
from seqapp.serving.server.refusal import Refusal

log = logging.getLogger(__name__)

DONE, POLICY, TOO_LONG, FAILED, RESTART, TRY_LATER, IDLE = 1000, 1008, 1009, 1011, 1012, 1013, 4408
END = '{"eof": 1}'


class Connection:
    """Serves an accepted WebSocket to its end.

    Args:
        socket: Starlette's `WebSocket`.
        conversation: `InkConversation` or `AudioConversation`.
        limits: `LiveLimits`.
        run: Coroutine function that runs a function in a thread and gives its result.
    """

    def __init__(self, socket: WebSocket, conversation, limits: LiveLimits, run: Callable[[Callable], Awaitable]):
        self._socket = socket
        self._conversation = conversation
        self._limits = limits
        self._run = run
        self._news = asyncio.Event()  # a message was taken
        self._room = asyncio.Event()  # work has made room for more
        self._sending = asyncio.Lock()
        self._listening = None
        self._code = DONE

    def end(self) -> None:
        """End the stream, when what the client has sent is answered, with the code of a server that ends."""
        self._code = RESTART
        if self._listening and not self._listening.done() and not self._conversation.is_ending:
            self._listening.cancel()
            self._conversation.take(END)
            self._news.set()

    async def serve(self) -> None:
        """Serve until the client leaves or ends the stream, or a limit is passed."""
        self._listening = asyncio.create_task(self._listen())
        tasks = [self._listening, asyncio.create_task(self._answer())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in tasks:
                if task.done() and not task.cancelled():
                    task.result()
            await close(self._socket, self._code)
        except WebSocketDisconnect:
            pass
        except TimeoutError:
            await close(self._socket, IDLE, f"Nothing came or could be sent for {self._limits.idle_s:g} s.")
        except _Ended as ended:
            await close(self._socket, ended.code, str(ended))
        except Refusal as refusal:
            if not refusal.retry_after_s:
                log.error("a live stream failed: %s", refusal.message)
            await close(self._socket, TRY_LATER if refusal.retry_after_s else FAILED, refusal.message)
        except Exception:  # whatever it is, the client shall know, and the server shall live
            log.exception("a live stream failed")
            await close(self._socket, FAILED, "The model failed. The server's log says why.")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _listen(self):
        """Take messages until the client says that none follows."""
        num_mistakes = 0
        while not self._conversation.is_ending:
            message = await asyncio.wait_for(self._receive(), self._limits.idle_s)
            try:
                self._conversation.take(message)
            except BadMessage as mistake:
                num_mistakes += 1
                if num_mistakes >= self._limits.max_mistakes:
                    raise _Ended(POLICY, f"{num_mistakes} messages could not be used. The last: {mistake}") from None
                await self._send({"type": "error", "error": str(mistake)})
            except LimitPassed as limit:
                raise _Ended(POLICY, str(limit)) from None
            self._news.set()
            while self._conversation.is_full:  # nothing is read from the socket: the client has to wait
                self._room.clear()
                await self._room.wait()

    async def _receive(self):
        received = await self._socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", DONE))
        message = received.get("text") if received.get("text") is not None else received["bytes"]
        if len(message) > self._limits.max_message_bytes:
            raise _Ended(TOO_LONG, f"Expected messages of at most {self._limits.max_message_bytes} bytes.")
        return message

    async def _answer(self):
        """Work until the conversation is over."""
        while not self._conversation.is_over:
            self._news.clear()
            if (work := self._conversation.work()) is None:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), self._conversation.wait_s)
                continue
            self._room.set()
            for answer in await self._run(work):
                await self._send(answer)

    async def _send(self, answer):
        async with self._sending:  # mistakes are answered beside the work
            await asyncio.wait_for(self._socket.send_json(answer), self._limits.idle_s)


class _Ended(Exception):
    """The stream is to be closed with a code."""

    def __init__(self, code, reason):
        super().__init__(reason)
        self.code = code


async def close(socket: WebSocket, code: int, reason: str = "") -> None:
    """Send the reason as a message, since browsers show nobody that of a code; then close. The client may be gone."""
    with contextlib.suppress(RuntimeError, WebSocketDisconnect, OSError, TimeoutError):
        if reason:
            await asyncio.wait_for(socket.send_json({"type": "error", "error": reason, "code": code}), 1.0)
        await asyncio.wait_for(socket.close(code, reason[:100]), 1.0)
