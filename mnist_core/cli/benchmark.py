"""``benchmark``: how fast the network is beside other libraries, on this machine."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

import pandas as pd
from rich import box
from rich.console import Console
from rich.table import Table

from mnist_core.benchmark.contestants import OURS, PEERS
from mnist_core.benchmark.machine import ignored_settings, processor
from mnist_core.benchmark.results import Report, Result
from mnist_core.benchmark.rounds import run as run_benchmark
from mnist_core.benchmark.targets import Outcome, evaluate
from mnist_core.benchmark.tasks import TASKS, WORKLOADS
from mnist_core.cli.output import json_line
from mnist_core.cli.parser import USAGE_ERROR
from mnist_core.figures.benchmark import duration_bars, duration_svg, readable_duration
from mnist_core.machine import available_cores


def run(options: argparse.Namespace) -> int:
    """Carry out the command; see `parser` for its options."""
    peers = [peer for peer in options.peers.split(",") if peer]
    workloads = options.workload or WORKLOADS
    problem = _problem(peers, workloads, options.figure)
    if problem:
        print(problem, file=sys.stderr)
        return USAGE_ERROR
    console = Console(stderr=options.json)
    tasks = [task for task in TASKS.values() if task.workload in workloads]
    with console.status("starting") as status:
        report = run_benchmark(tasks, peers, options.rounds, status.update)
    outcomes = evaluate(report.results, available_cores())
    if options.figure is not None:
        _write_figure(report, options.figure)
    if options.json:
        print(json_line(_as_json(report, outcomes)))
    else:
        _print(console, report, outcomes)
    return 0


def _problem(peers: Sequence[str], workloads: Sequence[str], figure: Path | None) -> str:
    """Return what is wrong with the options, or ""."""
    for option, given, known in (("--peers", peers, PEERS), ("--workload", workloads, WORKLOADS)):
        for name in given:
            if name not in known:
                return f"{option}: expected some of {', '.join(known)}, received {name!r}."
    if figure is not None and (figure.suffix not in {".html", ".svg"} or not figure.parent.is_dir()):
        return f"--figure: expected an .html or .svg file in a folder that exists, received {figure}."
    return ""


def _write_figure(report: Report, path: Path) -> None:
    columns = ["task", "label", "median_s", "least_s", "greatest_s", "ours"]
    rows = [
        (result.task, result.label, result.median_s, *result.spread_s, result.contestant == OURS)
        for result in report.results
        if result.median_s is not None
    ]
    table = pd.DataFrame(rows, columns=columns)
    if path.suffix == ".svg":
        path.write_text(duration_svg(table), encoding="utf-8")
    else:
        duration_bars(table).write_html(path)


def _print(console: Console, report: Report, outcomes: list[Outcome]) -> None:
    for line in _about(report):
        console.print(line, soft_wrap=True, highlight=False)
    console.print(_result_table(report))
    for line in _left_out(report):
        console.print(line, soft_wrap=True, highlight=False)
    if outcomes:
        console.print(_target_table(outcomes))
    console.print(_METHOD, soft_wrap=True)


_METHOD = (
    "Medians of interleaved rounds, each contestant in a process of its own, from the same weights and batches in "
    "float32; no times are shown of one whose cost differs from ours by more than 0.001 after the same steps. Keras "
    "fit and scikit-learn get their images in order beforehand, outside the measured time. GFLOP/s counts the matrix "
    "products that each has to do; ours, with full batches, leaves out pixels that are white in a whole block."
)


def _about(report: Report) -> list[str]:
    """Say in lines what was used."""
    lines = [f"{processor()}, {available_cores()} cores for each contestant"]
    if report.sgemm_gflop_per_s:
        lines.append(f"Best float32 matrix products (sgemm): {median(report.sgemm_gflop_per_s):.0f} GFLOP/s")
    if ignored := ignored_settings():
        lines.append(f"Contestants were started without {', '.join(ignored)}, which would hold OpenBLAS back.")
    for described in {found["version"]: found for found in report.libraries.values()}.values():
        kernels = {
            f"{blas['internal_api']} {blas['architecture']} x{blas['num_threads']}" for blas in described["blas"]
        }
        lines.append(f"{described['version']} ({', '.join(sorted(kernels)) or 'own kernels'})")
    return lines


def _result_table(report: Report) -> Table:
    table = Table("", title="Durations: shorter is faster", box=box.SIMPLE_HEAD, padding=0)
    for name in ("median", "least", "greatest", "to ours", "GFLOP/s", "of sgemm", "memory"):
        table.add_column(name, justify="right", no_wrap=True)
    ours = {result.task: result.median_s for result in report.results if result.contestant == OURS}
    task = ""
    for result in report.results:
        if result.task != task:
            table.add_row(f"[bold]{result.task}[/bold]")
            task = result.task
        cells = _cells(result, ours[task])
        table.add_row(result.label if cells else f"{result.label}: {result.status}", *cells)
    return table


def _cells(result: Result, ours_s: float | None) -> list[str]:
    if result.median_s is None:
        return []
    return [
        *(readable_duration(seconds) for seconds in (result.median_s, *result.spread_s)),
        f"{result.median_s / ours_s:.2f}" if ours_s else "",
        f"{median(result.gflop_per_s):.0f}" if result.gflop_per_s else "",
        f"{median(result.sgemm_share):.0%}" if result.sgemm_share else "",
        f"{result.memory_bytes / 1e6:.0f} MB" if result.memory_bytes else "",
    ]


def _left_out(report: Report) -> list[str]:
    """Say in lines why there are no times of some, once for each reason."""
    missing = [result for result in report.results if result.status != "measured"]
    lines = [
        f"{result.label}: {result.status}, {result.note}."
        if result.status == "not installed"
        else f"{result.task}, {result.label}: {result.status}, {result.note}"
        for result in missing
    ]
    return list(dict.fromkeys(lines))


def _target_table(outcomes: list[Outcome]) -> Table:
    table = Table("", title="Targets", box=box.SIMPLE_HEAD, padding=0)
    for name in ("limit", "measured", "target"):
        table.add_column(name, justify="right", no_wrap=True)
    for outcome in outcomes:
        verdict = f"missed by {outcome.missed_by:.0%}" if outcome.missed_by else "met"
        limit = f"{'at least' if outcome.at_least else 'at most'} {outcome.limit:.3g}"
        table.add_row(f"{outcome.task}: {outcome.what}", limit, f"{outcome.measured:.3g}", verdict)
    return table


def _as_json(report: Report, outcomes: list[Outcome]) -> dict[str, Any]:
    return {
        "processor": processor(),
        "threads": available_cores(),
        "left_out_of_environment": ignored_settings(),
        **asdict(report),
        "results": [{**asdict(result), "median_s": result.median_s} for result in report.results],
        "targets": [{**asdict(outcome), "missed_by": outcome.missed_by} for outcome in outcomes],
    }
