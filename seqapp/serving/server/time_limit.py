"""Work for a client that waits no longer than so long."""

import asyncio

from seqapp.serving.server.refusal import Refusal


async def within(timeout_s, work):
    """What a coroutine gives; it is cancelled, and what it waits for, where that takes too long.

    Args:
        timeout_s: Seconds.
        work: Coroutine.

    Raises:
        Refusal: DEADLINE_EXCEEDED.
    """
    try:
        return await asyncio.wait_for(work, timeout_s)
    except TimeoutError:
        raise Refusal("DEADLINE_EXCEEDED", f"Not answered within {timeout_s:g} s. Send less at once.") from None
