"""The socket behind a watch: beats out, messages in, and the page that has it last has it.

What they mean is `watching`'s.
"""

import asyncio
from contextlib import suppress

from starlette.websockets import WebSocket, WebSocketDisconnect

from lockrig.web.diagnosis import Diagnosis
from lockrig.web.watching import NonsenseError, Watching

BEAT_S = 0.1
# Often enough that a training unit's blink of 0.3 s is drawn as one.
TRAINING_BEAT_S = 0.04
# A page that is silent this long is gone, whatever its socket says.
SILENT_MS = 5_000
# What the page is told by the way in which it is hung up on.
OVER = 4000
TAKEN_OVER = 4001
NONSENSE = 4002
GONE = 4003


async def watch(socket: WebSocket, diagnosis: Diagnosis) -> None:
    """Serve the page behind `socket` until the watch is over, or the page gone."""
    await socket.accept()
    watching = diagnosis.taken_over()
    listening = asyncio.create_task(_listen(socket, diagnosis, watching))
    try:
        code = await _beat(socket, diagnosis, watching, listening)
        with suppress(RuntimeError, OSError, WebSocketDisconnect):
            await socket.close(code)
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await listening
        diagnosis.left(watching)


async def _listen(socket: WebSocket, diagnosis: Diagnosis, watching: Watching) -> None:
    while diagnosis.watching is watching:
        said = await socket.receive_text()
        diagnosis.heard(watching, said)


async def _beat(
    socket: WebSocket, diagnosis: Diagnosis, watching: Watching, listening: "asyncio.Task[None]"
) -> int:
    """Until there is a reason to hang up: its code."""
    since_ms = diagnosis.clock.ms()
    beat_s = TRAINING_BEAT_S if diagnosis.training else BEAT_S
    while True:
        if diagnosis.watching is not watching:
            return TAKEN_OVER
        if listening.done():
            failed = listening.exception()
            return NONSENSE if isinstance(failed, (NonsenseError, KeyError)) else GONE
        now_ms = diagnosis.clock.ms()
        if now_ms - (watching.answered_ms or since_ms) > SILENT_MS:
            return GONE
        try:
            await socket.send_json(watching.beat(now_ms))
        except (RuntimeError, OSError, WebSocketDisconnect):
            return GONE
        if not watching.live:
            return OVER
        await asyncio.sleep(beat_s)
