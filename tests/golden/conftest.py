import pytest

from mnist_core.machine import available_cores


@pytest.fixture(scope="session", autouse=True)
def all_threads():
    """Let TensorFlow start with the threads that training uses by default: it cannot change them later."""
    from mnist_core.keras_twin.backend import use_threads  # noqa: PLC0415 - not while tests are collected

    use_threads(available_cores())
