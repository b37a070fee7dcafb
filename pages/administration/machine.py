"""The workers' health, the limits in force, and the versions of what runs here."""

import platform
from importlib.metadata import PackageNotFoundError, version

import streamlit as st
from pydantic import SecretStr

from mnist_core.settings import Settings, settings
from pages.shared import resources
from pages.shared.visitor import who
from pages.shared.words import local_time

_PACKAGES = ("streamlit", "plotly", "numpy", "scipy", "SQLAlchemy", "distributed", "keras", "tensorflow-cpu")
_LIMITS = ("max_", "min_", "keep_")


def show() -> None:
    """Show three tables."""
    st.subheader("Workers", anchor=False)
    engine = resources.engine()
    if engine.problem:
        st.warning(engine.problem, icon=":material/warning:")
    workers = engine.workers(who=who())
    if workers:
        st.dataframe(
            {
                "Worker": [worker.name for worker in workers],
                "State": [worker.status for worker in workers],
                "Tasks": [worker.tasks for worker in workers],
                "Memory MB": [round(worker.memory_bytes / 1e6) for worker in workers],
                "Processor %": [round(worker.cpu_percent) for worker in workers],
                "Last heard from": [local_time(worker.seen_at_utc) for worker in workers],
            },
            hide_index=True,
        )
    else:
        st.caption("No worker is ready right now.")
    st.subheader("Limits", anchor=False)
    st.caption("Each limit is set by an environment variable when the server starts.")
    st.dataframe(_limits(settings()), hide_index=True)
    st.subheader("Versions", anchor=False)
    st.table(_versions(), border="horizontal")


def _limits(current: Settings) -> dict[str, list[str]]:
    shown = {
        name: field.description or ""
        for name, field in Settings.model_fields.items()
        if name.startswith(_LIMITS) and not isinstance(getattr(current, name), SecretStr)
    }
    return {
        "Variable": [f"MNIST_{name.upper()}" for name in shown],
        "Value": [f"{getattr(current, name):,}" for name in shown],
        "Meaning": [*shown.values()],
    }


def _versions() -> dict[str, str]:
    versions = {"Python": platform.python_version(), "System": platform.platform(terse=True)}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return versions
