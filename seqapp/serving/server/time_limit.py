"""Run a coroutine with a time limit."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from seqapp.serving.server.refusal import Refusal

Result = TypeVar("Result")


async def within(timeout_s: float, work: Awaitable[Result]) -> Result:
    """Await a coroutine; cancel it, and what it waits for, where that takes too long.

    Args:
        timeout_s: Seconds.
        work: Coroutine.

    Returns:
        Result of the coroutine.

    Raises:
        Refusal: DEADLINE_EXCEEDED.
    """
    try:
        return await asyncio.wait_for(work, timeout_s)
    except TimeoutError:
        raise Refusal("DEADLINE_EXCEEDED", f"Not answered within {timeout_s:g} s. Send less at once.") from None
