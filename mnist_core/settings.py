"""Settings of an installation, each read from an environment variable that starts with ``MNIST_``."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, get_args

import platformdirs
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from mnist_core.machine import available_cores

_CORES_OF_A_SMALL_MACHINE = 3


def default_workers() -> int:
    """Return 1 on up to three cores, so that timings are fair; on larger machines one worker for every two cores."""
    cores = available_cores()
    return 1 if cores <= _CORES_OF_A_SMALL_MACHINE else cores // 2


class Settings(BaseSettings):
    """What an operator can set: ``MNIST_`` + the field's name in capitals, such as ``MNIST_WORKERS=4``."""

    model_config = SettingsConfigDict(env_prefix="MNIST_", env_ignore_empty=True, frozen=True)

    data_dir: Path | None = Field(None, description="Folder of four IDX files to use instead of the packaged MNIST.")
    user_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("mnist-dashboard", appauthor=False)),
        description="Folder of the default database.",
    )
    database_url: str | None = Field(None, description="SQLAlchemy URL of the run store; default: SQLite in user_dir.")
    scheduler_address: str | None = Field(
        None, description="Address of a Dask scheduler to use, such as tcp://host:8786."
    )
    workers: int = Field(
        default_factory=default_workers, ge=1, le=256, description="Worker processes of the local cluster."
    )

    max_epochs: int = Field(10_000, ge=1, description="Most epochs a submitted run may have.")
    max_hidden_layers: int = Field(6, ge=0, description="Most hidden layers a submitted run may have.")
    max_hidden_units: int = Field(2048, ge=1, description="Most units in one hidden layer of a submitted run.")
    max_queued_runs_per_visitor: int = Field(
        5, ge=1, description="Most unfinished runs one visitor may have, paused ones included."
    )
    max_queued_runs_per_address: int = Field(
        150, ge=1, description="Most unfinished runs from one network address; a class of 30 often shares one."
    )
    max_tries_per_address: int = Field(
        60, ge=1, description="Most tries from one network address that wait or train; each visitor has one at a time."
    )
    max_queued_runs: int = Field(1000, ge=1, description="Most runs of all visitors that may wait or run.")
    max_run_s: float = Field(3600.0, gt=0, description="Longest training time of one run, in seconds.")
    max_run_bytes: int = Field(256_000_000, ge=1, description="Most disk space one run may come to take.")
    max_visitor_bytes: int = Field(1_000_000_000, ge=1, description="Most disk space the runs of one visitor may take.")
    max_address_bytes: int = Field(
        5_000_000_000, ge=1, description="Most disk space the runs from one network address may take."
    )
    max_store_bytes: int = Field(10_000_000_000, ge=1, description="Most disk space all runs together may take.")
    min_free_bytes: int = Field(500_000_000, ge=0, description="Free disk space below which no run may begin.")
    keep_days: int = Field(
        30, ge=1, description="Days for which a run is kept even when space is short; named and pinned ones always are."
    )
    turn_s: float = Field(5.0, gt=0, description="Seconds after which a run gives way to somebody who is waiting.")
    max_task_s: float = Field(600.0, gt=0, description="Longest time of one measurement, in seconds.")
    keras: Literal["on", "off"] = Field("on", description="Whether pairs with Keras may be trained: on or off.")

    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Proxies whose X-Forwarded-For is believed: addresses or networks, as in 127.0.0.1,10.0.0.0/8.",
    )
    metrics_token: SecretStr | None = Field(
        None, description="Bearer token with which /metrics and /_stcore/metrics can be read."
    )
    admin_token: SecretStr | None = Field(
        None, min_length=16, description="What the administrator's link ends with; default: random at each start."
    )
    admins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Verified e-mail addresses of those who are administrators once they have signed in."
    )
    sign_in: Literal["optional", "required"] = Field(
        "optional", description="Whether only those who have signed in may see anything."
    )
    frame_ancestors: str = Field("'self'", description="Sites that may frame the app, as in CSP's frame-ancestors.")
    max_upload_bytes_per_session: int = Field(60_000_000, ge=1, description="Most bytes of uploads kept for a session.")
    max_upload_bytes: int = Field(200_000_000, ge=1, description="Most bytes of uploads kept in all.")
    max_uploads_per_hour: int = Field(60, ge=1, description="Most files one visitor may upload in an hour.")
    max_uploads_per_hour_and_address: int = Field(
        1800, ge=1, description="Most files that may be uploaded from one network address in an hour."
    )

    @field_validator("trusted_proxies", "admins", mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        return tuple(filter(None, re.split(r"[,\s]+", value))) if isinstance(value, str) else value


# Environment variables that hold secrets of the server: whoever can read one can act for it.
SECRET_VARIABLES = frozenset(
    f"MNIST_{name}".upper()
    for name, field in Settings.model_fields.items()
    if name == "database_url" or SecretStr in get_args(field.annotation)
)


@cache
def settings() -> Settings:
    """Return the settings of this process, read once from its environment."""
    return Settings()
