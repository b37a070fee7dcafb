"""The middleware that compresses bundles, driven as a server drives it."""

import gzip

import anyio
import pytest
from starlette.responses import FileResponse

from pages.server.compression import CompressedBundles

TEXT = b"let digit = 7;\n" * 100_000


@pytest.fixture
def bundles(tmp_path):
    file = tmp_path / "bundle.js"
    file.write_bytes(TEXT)
    return CompressedBundles(FileResponse(file, media_type="text/javascript"))


def ask(app, path="/static/bundle.js", encoding=b"gzip", *, leaves=False):
    """Return status, headers and body that a visitor gets; one who leaves is gone after the first part."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "headers": [(b"accept-encoding", encoding)],
        "asgi": {"spec_version": "2.3"},
    }
    messages = []

    async def receive():
        if not leaves:
            await anyio.sleep_forever()
        return {"type": "http.disconnect"}

    async def send(message):
        messages.append(message)

    async def run():
        await app(scope, receive, send)

    anyio.run(run)
    body = b"".join(message.get("body", b"") for message in messages[1:])
    return messages[0]["status"], dict(messages[0]["headers"]), body


def test_a_bundle_is_compressed_for_who_accepts_it(bundles):
    status, headers, body = ask(bundles)
    assert status == 200
    assert gzip.decompress(body) == TEXT
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"vary"] == b"Accept-Encoding"


def test_who_does_not_accept_gzip_gets_the_file_itself(bundles):
    assert ask(bundles, encoding=b"identity")[2] == TEXT


def test_an_answer_that_was_cut_short_is_not_kept_for_others(bundles):
    assert ask(bundles, leaves=True)[2] != TEXT
    assert gzip.decompress(ask(bundles)[2]) == TEXT


def test_a_kept_bundle_is_not_read_again(bundles, tmp_path):
    first = ask(bundles)
    (tmp_path / "bundle.js").unlink()
    assert ask(bundles) == first
