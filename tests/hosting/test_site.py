"""nginx in front of two servers: what it passes on, and that both servers are one app."""

from urllib.parse import urlencode

import httpx2
import pytest
from websockets.exceptions import InvalidStatus

from mnist_core import TrainingConfig
from mnist_core.training.query import to_query
from tests.attacks.visitor import in_a_loop, new_cookie, visiting

LONG = TrainingConfig(hidden_units=(8,), train_size=2000, epochs=5000, batch_size=64)


def test_pages_come_with_headers_of_security_and_compressed(site):
    answer = httpx2.get(site.url, headers={"accept": "text/html", "accept-encoding": "gzip"})
    assert answer.status_code == 200
    assert "mnist_visitor" in answer.cookies
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["content-encoding"] == "gzip"
    assert httpx2.get(f"{site.url}/health/live").json() == {"status": "live"}
    assert httpx2.get(f"{site.url}/_stcore/metrics").status_code == 404


def test_a_large_sign_in_cookie_passes_and_a_large_upload_is_refused(site):
    cookies = {"cookie": "; ".join(f"_streamlit_user__{part}={'x' * 3800}" for part in range(7))}
    assert httpx2.get(f"{site.url}/health/live", headers=cookies).status_code == 200
    upload = httpx2.put(f"{site.url}/_stcore/upload_file/a/b", content=b"x" * 40_000_000)
    assert upload.status_code == 413


def test_a_browser_stays_with_one_server_and_browsers_are_shared_out(site):
    async def visit_twice() -> None:
        async with visiting(site.url) as visitor:
            await visitor.open("dataset")
        async with visiting(site.url, cookie=visitor.cookie) as again:
            await again.open("draw")
            assert not again.problems

    asked = len(site.access_log.read_text().splitlines())
    used = set()
    for _ in range(8):
        in_a_loop(visit_twice())
        lines = site.access_log.read_text().splitlines()[asked:]
        streams = [line.split()[1] for line in lines if line.startswith("/_stcore/stream")]
        assert len(streams) == 2
        assert streams[0] == streams[1]
        used.add(streams[0])
        asked += len(lines)
    assert used == {server.removeprefix("http://") for server in site.servers}


def test_a_web_socket_of_another_site_is_refused_behind_nginx_too(site):
    async def knock() -> None:
        cookie = await new_cookie(site.url, {})
        async with visiting(site.url, cookie=cookie, origin="https://evil.example"):
            pass

    with pytest.raises(InvalidStatus):
        in_a_loop(knock())


def test_a_run_started_on_one_server_is_followed_paused_and_resumed_on_the_other(site):
    async def journey() -> None:
        async with visiting(site.url) as at_the_door:
            await at_the_door.open("training", urlencode(to_query(LONG)))
            await at_the_door.press("Start training")
            await at_the_door.until(lambda: "badge[running]" in at_the_door.text(), "a running run")
            run = at_the_door.query["run"]
            first, second = (visiting(server, cookie=at_the_door.cookie) for server in site.servers)
            async with first as one, second as other:
                await one.open("training", f"run={run}")
                await other.open("training", f"run={run}")
                await one.press_once_there("Pause")
                await other.until(lambda: "badge[paused]" in other.text(), "the pause on the other server")
                await other.press_once_there("Resume")
                await one.until(lambda: "badge[running]" in one.text(), "the run going on on the first server")
                await other.press_once_there("Stop")
                await at_the_door.until(lambda: "badge[stopped]" in at_the_door.text(), "the stop behind nginx")
                assert not at_the_door.problems + one.problems + other.problems

    in_a_loop(journey())
