"""How much memory files from strangers take, measured in fresh processes by what the kernel counted."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.attacks.bombs import UPLOADS, gzip_bomb, npz

ROOT = Path(__file__).parents[2]
MOST_MB = 300
# ru_maxrss counts the process before exec as well, which is this one with its bombs; VmHWM does not.
PEAK = """
from pathlib import Path
def own_peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
"""
# The one that asks is as the server: it has nothing to do with the file but to hand it on.
ASK = (
    PEAK
    + """
import json, resource, sys
from mnist_core.uploads.child import Refused, ask
try:
    words, answer = "", ask(sys.argv[1], open(sys.argv[2], "rb").read())
except Refused as refusal:
    words, answer = str(refusal), b""
reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps({"words": words, "answer": len(answer), "server": own_peak(), "reader": reader}))
"""
)
LOAD = (
    PEAK
    + """
import json, sys
from mnist_core.data.mnist import load_folder
from mnist_core.errors import DatasetError
try:
    words = str(load_folder(Path(sys.argv[1])))
except DatasetError as error:
    words = str(error)
print(json.dumps({"words": words, "server": own_peak()}))
"""
)


def measured(script, *arguments):
    done = subprocess.run([sys.executable, "-c", script, *arguments], cwd=ROOT, capture_output=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", UPLOADS)
def test_a_small_file_takes_little_memory(name, tmp_path):
    reader, content = UPLOADS[name]()
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert len(content) < 2_000_000
    result = measured(ASK, reader, str(path))
    assert result["reader"] < MOST_MB
    assert result["server"] < 150
    # Pictures that are merely large are read; all else is refused in words that name no part of the program.
    assert bool(result["answer"]) == ("megapixels" in name)
    assert bool(result["words"]) != bool(result["answer"])
    assert not any(word in result["words"] for word in ("Traceback", "Error", 'File "'))


def test_the_largest_network_is_read_in_the_same_memory(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(npz(784, 2048, 2048, 900, 10))
    result = measured(ASK, "npz", str(path))
    assert result["answer"] > 30_000_000
    assert result["reader"] < MOST_MB


@pytest.mark.parametrize(("declared", "words"), [(100, "found more"), (400_000, "at most 256 MB")])
def test_four_gzip_bombs_take_little_memory(declared, words, tmp_path):
    content = gzip_bomb(declared)
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (tmp_path / f"{name}-ubyte.gz").write_bytes(content)
    result = measured(LOAD, str(tmp_path))
    assert words in result["words"]
    assert result["server"] < MOST_MB
