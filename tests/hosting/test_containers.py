"""The Dockerfile, executed as far as a machine without Docker can, and the systemd unit, read by systemd itself."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.browser.server import ROOT
from tests.hosting.conftest import free_port

TIMEOUT_S = 60.0
NOBODY = 65534
# Without rights but to read, because the Python of these tests may lie where only root can look.
READING = ["--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"]
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs", *READING]


def instructions() -> list[tuple[str, str]]:
    """Return each instruction of the Dockerfile with its arguments, in order."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in text.splitlines() if line.strip())]


def of(name: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == name]


def test_it_keeps_to_the_conventions():
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-bookworm", of("FROM")[0])
    names = [name for name, _ in instructions()]
    assert names.index("USER") < names.index("CMD")
    assert of("USER") == ["mnist"]
    assert "PIP_NO_CACHE_DIR=1" in of("ENV")[0]
    # What seldom changes comes first, so that a change of the code installs nothing again.
    assert [step for step in names if step in {"RUN", "COPY"}][:4] == ["RUN", "COPY", "COPY", "RUN"]


def test_without_keras_it_installs_all_but_keras(tmp_path):
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    install = of("RUN")[1].replace("pip install", "true")
    subprocess.run(["sh", "-ec", install], cwd=tmp_path, env={**os.environ, "KERAS": "off"}, check=True)
    left = re.findall(r"^[a-z][\w-]*", (tmp_path / "requirements.txt").read_text(), re.MULTILINE | re.IGNORECASE)
    assert not [name for name in left if name.startswith(("tensorflow", "keras"))]
    assert {"streamlit", "numpy", "h5py", "psycopg"} <= set(left)


@contextmanager
def container(folder: Path) -> Iterator[str]:
    """Copy what the Dockerfile copies, and start its command as nobody, who may write to one folder; yield the port."""
    app, data, port = folder / "app", folder / "data", free_port()
    for rest in of("COPY"):
        *sources, target = rest.split()
        for source in sources:
            to = app / target / Path(source).name if target == "./" else app / target
            to.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            copy(ROOT / source, to)
    data.mkdir()
    os.chown(data, NOBODY, NOBODY)
    for parent in (folder, *folder.parents[:-2]):
        parent.chmod(0o755)
    command = json.loads(of("CMD")[-1].replace("8501", str(port)))
    variables = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*AS_NOBODY, *command],
            cwd=app,
            env={**variables, "HOME": str(data), "MNIST_USER_DIR": str(data), "MNIST_KERAS": "off"},
            stdout=log,
            stderr=log,
        )
        try:
            yield str(port)
        finally:
            process.terminate()
            process.wait(30)


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root, as in CI")
def test_its_steps_make_an_app_that_is_healthy_for_a_user_without_rights(tmp_path):
    with container(tmp_path) as port:
        deadline = time.monotonic() + TIMEOUT_S
        check = json.loads(of("HEALTHCHECK")[0].partition("CMD ")[2])
        check = [sys.executable, *(part.replace("8501", port) for part in check[1:])]
        while subprocess.run(check, stderr=subprocess.DEVNULL, check=False).returncode != 0:
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.5)
        while not is_ready(port):
            assert time.monotonic() < deadline, (tmp_path / "log").read_text()
            time.sleep(0.5)
    written = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*") if path.stat().st_uid == NOBODY}
    assert written == {"data"}
    assert any((tmp_path / "data").glob("*.sqlite3"))


def is_ready(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return False


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd, which no container of CI has to have"
)
def test_systemd_understands_the_unit(tmp_path):
    unit = (ROOT / "hosting" / "mnist.service").read_text().replace("/opt/mnist/venv/bin/streamlit", "/bin/true")
    (tmp_path / "mnist.service").write_text(unit)
    done = subprocess.run(
        ["systemd-analyze", "verify", str(tmp_path / "mnist.service")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
