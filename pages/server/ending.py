"""When the server begins to end: an answer that goes on and on, as a stream of events does, must then come to its end.

The server waits for its answers before it ends anything else.
"""

import signal
import threading
from types import FrameType

begun = threading.Event()


def notice() -> None:
    """Notice the signals that end the server, beside whoever handles them now. Python allows it in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        _notice(number)


def _notice(number: signal.Signals) -> None:
    former = signal.getsignal(number)

    def handle(received: int, frame: FrameType | None) -> None:
        begun.set()
        if callable(former):
            former(received, frame)

    signal.signal(number, handle)
