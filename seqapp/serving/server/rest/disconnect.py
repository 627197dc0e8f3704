"""Cancel a coroutine when its client disconnects."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

Result = TypeVar("Result")


async def while_connected(request: Request, work: Awaitable[Result]) -> Result:
    """Await a coroutine; cancel it, and what it waits for, where nobody waits for it any more.

    Args:
        request: Whose body has been received.
        work: Coroutine.

    Returns:
        Result of the coroutine.

    Raises:
        starlette.requests.ClientDisconnect: The client has gone.
    """
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait([task, gone], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        gone.cancel()
        task.cancel()


async def _disconnected(request):
    while (await request.receive())["type"] != "http.disconnect":
        pass
