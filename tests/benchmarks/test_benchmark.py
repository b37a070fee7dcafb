import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mnist_core.benchmark.contestants import CONTESTANTS, OURS, Contestant
from mnist_core.benchmark.flop import flop, inked_columns
from mnist_core.benchmark.process import Worker, WorkerError
from mnist_core.benchmark.results import Report, Result
from mnist_core.benchmark.rounds import run
from mnist_core.benchmark.targets import evaluate
from mnist_core.benchmark.tasks import TASKS
from mnist_core.cli.parser import main
from mnist_core.data import load_mnist
from mnist_core.figures.benchmark import duration_bars, duration_svg, readable_duration


@pytest.fixture(scope="module")
def report() -> Report:
    """One round of predictions with scikit-learn, whose two processes start in about two seconds."""
    return run([TASKS["predict 1"], TASKS["predict 10,000"]], ["sklearn"], 1, lambda _: None)


def test_measures_each_contestant_once_a_round(report):
    measured = {(result.task, result.contestant): result for result in report.results}
    assert set(measured) == {(task, name) for task in ("predict 1", "predict 10,000") for name in (OURS, "sklearn")}
    assert {result.status for result in measured.values()} == {"measured"}
    assert all(len(result.durations_s) == 1 and 0 < result.durations_s[0] < 60 for result in measured.values())
    one, many = (measured[task, "sklearn"].durations_s[0] for task in ("predict 1", "predict 10,000"))
    assert one < many
    assert all(result.sgemm_share[0] > 0 for result in measured.values())


def test_names_library_and_kernels(report):
    assert report.libraries[OURS]["version"] == f"NumPy {np.__version__}"
    assert report.libraries["sklearn"]["version"].startswith("scikit-learn ")
    assert report.libraries[OURS]["threads"] == len(os.sched_getaffinity(0))
    assert report.libraries[OURS]["blas"][0]["internal_api"] == "openblas"


def test_workers_start_without_what_holds_blas_back(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Prescott")
    with Worker(CONTESTANTS["textbook"]) as worker:
        assert worker.ask("describe")["blas"][0]["architecture"] != "Prescott"


@pytest.mark.parametrize(
    ("name", "task"),
    [
        ("textbook", "full-batch"),
        *((name, "mini-batch 1024 adam") for name in ("sklearn", "keras-step", "torch", "jax-scan")),
    ],
)
def test_comes_to_the_same_cost_after_the_same_steps(name, task, our_costs):
    if not CONTESTANTS[name].installed:
        assert _without(name).note == f"it needs the package {CONTESTANTS[name].package}"
        return
    with Worker(CONTESTANTS[name]) as worker:
        assert worker.ask("check", task=task) == pytest.approx(our_costs[task], abs=1e-3)


def _without(name: str) -> Result:
    """Return what a benchmark says of a contestant whose library is not installed."""
    task = replace(TASKS["predict 1"], contestants=(OURS, name))
    (result,) = (r for r in run([task], [CONTESTANTS[name].peer], 1, lambda _: None).results if r.contestant == name)
    assert result.status == "not installed"
    return result


@pytest.fixture(scope="module")
def our_costs() -> dict[str, float]:
    tasks = ["full-batch", "mini-batch 1024 adam"]
    with Worker(CONTESTANTS[OURS]) as worker:
        costs = {task: worker.ask("check", task=task) for task in tasks}
    assert 0 < costs["mini-batch 1024 adam"] < costs["full-batch"] < 2.5  # it has learnt something
    return costs


def test_a_contestant_that_cannot_start_is_reported_in_its_own_words():
    missing = Contestant("no-such-contestant", "Nobody", "", "", "numpy")
    with Worker(missing) as worker, pytest.raises(WorkerError, match="no-such-contestant"):
        worker.ask("describe")


def test_judges_targets_on_medians():
    results = [
        Result("full-batch", OURS, durations_s=[1.0, 9.0, 2.0], sgemm_share=[0.6, 0.6, 0.6], memory_bytes=100),
        Result("full-batch", "textbook", durations_s=[5.0, 5.0, 5.0], memory_bytes=300),
        Result("full-batch", "jax-step", durations_s=[2.5, 2.5, 2.5], memory_bytes=150),
        Result("full-batch", "torch", "disagrees", durations_s=[0.1], memory_bytes=1),
        Result("predict 1", OURS, durations_s=[24e-6]),
    ]
    outcomes = {outcome.what: outcome for outcome in evaluate(results, threads=2)}
    assert outcomes["time to the fastest library's"].measured == pytest.approx(2.0 / 2.5)
    assert outcomes["time to the fastest library's"].missed_by == pytest.approx(0.8 / 0.65 - 1)
    assert outcomes["time to textbook NumPy's"].missed_by == 0
    assert outcomes["rate of products to the best sgemm"].missed_by == pytest.approx(0.2)
    assert outcomes["peak memory to the least other's"].measured == pytest.approx(2 / 3)
    assert outcomes["microseconds"].missed_by == 0


def test_counts_arithmetic():
    multiply_adds = 784 * 128 + 128 * 64 + 64 * 10
    assert flop(TASKS["predict 1"]) == 2 * multiply_adds
    assert flop(TASKS["full-batch"]) == 2 * 60_000 * (3 * multiply_adds - 784 * 128)
    columns = inked_columns(load_mnist().train)
    assert 340 < columns < 390
    assert flop(TASKS["full-batch"], columns) < 0.6 * flop(TASKS["full-batch"])


TABLE = pd.DataFrame(
    [("full-batch", "this network", 0.05, 0.04, 0.07, True), ("full-batch", "A & B", 0.1, 0.09, 0.2, False)],
    columns=["task", "label", "median_s", "least_s", "greatest_s", "ours"],
)


def test_draws_bars_as_long_as_the_durations():
    (bars,) = duration_bars(TABLE).data
    assert dict(zip(bars.y, bars.x, strict=True)) == {"this network": 0.05, "A & B": 0.1}
    assert list(bars.text) == ["100 ms", "50 ms"]
    svg = duration_svg(TABLE)
    assert svg.count("<rect") == 2
    assert 'width="200.0"' in svg
    assert 'width="400.0"' in svg
    assert "A &amp; B" in svg


@pytest.mark.parametrize(
    ("seconds", "text"), [(2.345, "2.35 s"), (0.0517, "51.7 ms"), (15.2e-6, "15.2 µs"), (0.25, "250 ms")]
)
def test_writes_durations_readably(seconds, text):
    assert readable_duration(seconds) == text


def test_refuses_what_it_does_not_know(capsys):
    assert main(["benchmark", "--peers", "caffe"]) == 2
    assert "caffe" in capsys.readouterr().err
    assert main(["benchmark", "--workload", "rest"]) == 2
    assert "inference" in capsys.readouterr().err


def test_prints_json_alone(tmp_path):
    figure = tmp_path / "speed.svg"
    command = [
        sys.executable,
        "-m",
        "mnist_core",
        "benchmark",
        "--workload",
        "inference",
        "--peers",
        "",
        "--rounds",
        "1",
    ]
    done = subprocess.run([*command, "--json", "--figure", figure], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["results"][0]["contestant"] == OURS
    assert found["results"][0]["median_s"] > 0
    assert [target["task"] for target in found["targets"]] == ["predict 1"]
    assert "predict 10,000" in figure.read_text(encoding="utf-8")
