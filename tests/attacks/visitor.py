"""A visitor without a browser, who speaks Streamlit's own messages over its web socket: many fit into one process."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from mnist_core.training.config import TrainingConfig
from mnist_core.training.query import to_query

_LARGEST_MESSAGE = 100_000_000
_TIMEOUT_S = 60.0
Answer = TypeVar("Answer")


def in_a_loop(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run it in a thread of its own: once a test has opened a browser, the main thread has a loop that is running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


_SHOWN = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class Visitor:
    """One window: what its page shows, and the pressing of its buttons.

    Attributes
    ----------
    cookie
        What the browser sends: who the visitor is.
    page
        Path of the page that is shown; the start page's is "".
    timers
        What the page wants to be asked again, fragment -> seconds.
    problems
        What the server said of faults on any page so far.
    """

    def __init__(self, socket: ClientConnection, url: str, cookie: str) -> None:
        self._socket = socket
        self._url = url
        self.cookie = cookie
        self._query = self._hash = ""
        self._parts: dict[tuple[int, ...], tuple[Element, str]] = {}
        self.page = ""
        self.timers: dict[str, float] = {}
        self.problems: list[str] = []

    async def open(self, page: str = "", query: str = "") -> float:
        """Open a page; return the seconds until it was shown."""
        self.page, self._query, self._hash = page, query, ""
        return await self._rerun()

    async def start(self, config: TrainingConfig) -> None:
        """Start a run of this recipe on the Training page."""
        await self.open("training", urlencode(to_query(config)))
        await self.press("Start training")

    async def press(self, label: str) -> float:
        """Press the button of this label; return the seconds until its page was shown."""
        for element, fragment in self._parts.values():
            if element.WhichOneof("type") == "button" and element.button.label == label:
                return await self._rerun(fragment, WidgetState(id=element.button.id, trigger_value=True))
        raise LookupError(f"Expected a button {label!r} on page {self.page!r}, found {sorted(self.buttons())}.")

    def positions(self, label: str) -> list[str]:
        """Return what the slider of this label can be set to, in its order."""
        return next([*one.slider.options] for one in self.elements("slider") if one.slider.label == label)

    async def slide(self, label: str, position: str) -> float:
        """Move the slider of this label to one of its positions; return the seconds until its page was shown."""
        for element, fragment in self._parts.values():
            if element.WhichOneof("type") == "slider" and element.slider.label == label:
                moved = WidgetState(id=element.slider.id)
                moved.string_array_value.data.append(position)
                return await self._rerun(fragment, moved)
        raise LookupError(f"Expected a slider {label!r} on page {self.page!r}.")

    async def claim(self, *states: WidgetState) -> float:
        """Say that widgets are in these states, whether the page shows them or not; return the seconds."""
        return await self._rerun("", *states)

    async def set_state(self, component: str, state: dict[str, object]) -> float:
        """Let a component of ours hold this, as its script in the browser would; return the seconds until shown."""
        for element, fragment in self._parts.values():
            if element.WhichOneof("type") == "bidi_component" and component in element.bidi_component.component_name:
                new = WidgetState(id=element.bidi_component.id, json_value=json.dumps(state))
                return await self._rerun(fragment, new)
        names = sorted({element.bidi_component.component_name for element in self.elements("bidi_component")})
        raise LookupError(f"Expected a component {component!r} on page {self.page!r}, found {names}.")

    async def refresh(self) -> float:
        """Ask for everything that shows itself anew from time to time, as the browser does; return the seconds."""
        took = 0.0
        for fragment in [*self.timers]:
            if fragment in self.timers:  # one of them may have had the page shown anew
                took += await self._rerun(fragment, is_auto_rerun=True)
        return took

    async def press_once_there(self, label: str, timeout_s: float = _TIMEOUT_S) -> None:
        """Refresh until a button that can be pressed has this label, then press it."""
        await self.until(lambda: label in self.buttons(), f"a button {label!r}", timeout_s)
        await self.press(label)

    async def until(self, is_so, what: str, timeout_s: float = _TIMEOUT_S) -> float:
        """Refresh until something is so; return the seconds."""
        began = time.monotonic()
        while not is_so():
            if time.monotonic() - began > timeout_s:
                raise TimeoutError(f"Expected {what}; the page shows {sorted(self.buttons())}, {self.text()[:2000]}")
            await asyncio.sleep(0.2)
            await self.refresh()
        return time.monotonic() - began

    @property
    def query(self) -> dict[str, str]:
        """What the address bar holds after the question mark."""
        return dict(parse_qsl(self._query))

    def buttons(self) -> set[str]:
        """Return the labels of all buttons that can be pressed."""
        buttons = (element.button for element in self.elements("button"))
        return {button.label for button in buttons if not button.disabled}

    def elements(self, kind: str) -> Iterator[Element]:
        """Yield what is shown of a kind, such as "button"."""
        return (element for element, _ in self._parts.values() if element.WhichOneof("type") == kind)

    def text(self) -> str:
        """Return the words on the page, without those of widgets and charts."""
        words = [element.markdown.body for element in self.elements("markdown")]
        words += [element.heading.body for element in self.elements("heading")]
        words += [element.alert.body for element in self.elements("alert")]
        return "\n".join(words)

    async def _rerun(self, fragment: str = "", *pressed: WidgetState, is_auto_rerun: bool = False) -> float:
        message = BackMsg()
        state = message.rerun_script
        state.page_name, state.page_script_hash = self.page, self._hash
        state.query_string, state.fragment_id = self._query, fragment
        state.is_auto_rerun = is_auto_rerun
        state.context_info.url = f"{self._url}/{self.page}"
        state.widget_states.widgets.extend(pressed)
        began = time.monotonic()
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(_TIMEOUT_S):
            while not self._take(ForwardMsg.FromString(await self._socket.recv(decode=False))):
                pass
        return time.monotonic() - began

    def _take(self, message: ForwardMsg) -> bool:
        """Keep what a message says; tell whether it says that all is shown."""
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            self._parts[tuple(message.metadata.delta_path)] = (element, message.delta.fragment_id)
            if element.WhichOneof("type") == "exception":
                self.problems.append(f"{element.exception.type}: {element.exception.message}")
        elif kind == "navigation":  # the first words of a whole page
            paths = {page.page_script_hash: page.url_pathname for page in message.navigation.app_pages}
            self._hash = message.navigation.page_script_hash
            self.page = paths[self._hash]
            self._parts.clear()
            self.timers.clear()
        elif kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            self.timers.pop(message.stop_auto_rerun.fragment_id, None)
        elif kind == "script_finished":
            return message.script_finished in _SHOWN
        return False


@asynccontextmanager
async def visiting(
    url: str, headers: dict[str, str] | None = None, *, cookie: str = "", origin: str = ""
) -> AsyncIterator[Visitor]:
    """Open a window as a browser of its own would: fetch the page, keep its cookies, open the web socket.

    Parameters
    ----------
    headers
        Of each request on top, such as X-Forwarded-For.
    cookie
        Of a visitor who has been here before; a new one gets a cookie.
    origin
        Of the site whose page opens the web socket; this one's if empty.
    """
    headers = headers or {}
    cookie = cookie or await new_cookie(url, headers)
    async with connect(
        url.replace("http", "ws", 1) + "/_stcore/stream",
        origin=origin or url,
        additional_headers={"cookie": cookie, **headers},
        subprotocols=["streamlit"],
        max_size=_LARGEST_MESSAGE,
        open_timeout=_TIMEOUT_S,
        proxy=None,
    ) as socket:
        yield Visitor(socket, url, cookie)


async def new_cookie(url: str, headers: dict[str, str]) -> str:
    """Open the app for the first time; return the cookies that a browser sends from then on."""
    async with httpx2.AsyncClient(timeout=_TIMEOUT_S) as browser:
        answer = await browser.get(url, headers={"accept": "text/html", **headers})
        answer.raise_for_status()
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
