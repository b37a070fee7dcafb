"""How fast the Playground answers, in a real browser: ``python -m tests.benchmarks.playground``.

Moves the learning rate by one position, twenty times, and measures in the page itself, from the key press (which is to
a slider what releasing it is) to the first change of the curve, and to the finished new accuracy. Also from opening
the address to the end of the first try. With ``--visitors 4`` so many move their sliders at once instead, without
browsers. Run it on a machine that does nothing else.
"""

import argparse
import asyncio
import shutil
import tempfile
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from tests.benchmarks.crowd import crowd
from tests.browser.conftest import CHROMIUM_ARGS
from tests.browser.server import Server, running_server

# Watches the stage at every frame, and notes when what stands there first differs from what stood there at the press.
_WATCH = """() => {
  const find = (root, what) => {
    for (const one of root.querySelectorAll('*')) {
      if (one.matches(what)) return one;
      const found = one.shadowRoot && find(one.shadowRoot, what);
      if (found) return found;
    }
    return null;
  };
  window.playground = { answer: find(document, 'output.accuracy'), curve: find(document, 'svg.share') };
}"""
_MEASURE = """() => new Promise(resolve => {
  const { answer, curve } = window.playground, old = answer.dataset.ended;
  const lines = () => [...curve.querySelectorAll('polyline:not(.ghost)')].map(one => one.getAttribute('points')).join();
  const drawn = lines();
  let began = 0, curveAfter = null;
  const begin = () => { began = performance.now(); requestAnimationFrame(look); };
  document.addEventListener('keydown', begin, { once: true, capture: true });
  const look = () => {
    const now = performance.now() - began;
    if (curveAfter === null && lines() && lines() !== drawn) curveAfter = now;
    if (answer.dataset.ended && answer.dataset.ended !== old) resolve({ curve: curveAfter ?? now, end: now });
    else requestAnimationFrame(look);
  };
})"""


def main() -> None:
    """Measure, and print medians and 90th percentiles in seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=20, help="how often a slider is moved (2 or more)")
    parser.add_argument("--visitors", type=int, default=1, help="how many move their sliders at once")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server:
        if options.visitors > 1:
            print(asyncio.run(crowd(server.url, options.visitors, options.changes)))
        else:
            _measure_in_browser(server, options.changes)


def _measure_in_browser(server: Server, changes: int) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_ARGS)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(f"{server.url}/playground")
        page.locator("output.accuracy[data-ended]:not([data-ended=''])").wait_for(timeout=60_000)
        print(f"opening to the end of the first try: {page.evaluate('performance.now()') / 1000:.2f} s")
        measured = [_move(page, "ArrowRight" if number % 10 < 5 else "ArrowLeft") for number in range(changes)]
        browser.close()
    _print("first change of the curve", [one["curve"] / 1000 for one in measured])
    _print("finished new accuracy", [one["end"] / 1000 for one in measured])


def _move(page: Page, key: str) -> dict[str, float]:
    page.get_by_test_id("stStatusWidget").wait_for(state="detached")
    page.evaluate(_WATCH)
    page.get_by_role("slider", name="Learning rate").focus()
    waiting = page.evaluate_handle(f"() => ({{ result: ({_MEASURE})() }})")
    page.keyboard.press(key)
    result: dict[str, float] = waiting.evaluate("one => one.result")
    return result


def _print(what: str, seconds: list[float]) -> None:
    print(f"{what}: median {median(seconds):.2f} s, 90th percentile {quantiles(seconds, n=10)[-1]:.2f} s")


if __name__ == "__main__":
    main()
