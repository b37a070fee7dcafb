"""What a service manager or a load balancer asks: whether the server is alive, and ready for visitors."""

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from mnist_core.errors import DatasetError, StoreError
from mnist_core.runs import OPERATOR
from pages.shared import resources


async def live(_: Request) -> JSONResponse:
    """Answer 200 as long as the server answers at all."""
    return JSONResponse({"status": "live"})


async def ready(_: Request) -> JSONResponse:
    """Answer 200 if data, store and workers can be reached; else 503, with what cannot."""
    problems = await to_thread.run_sync(_problems)
    return JSONResponse({"status": "unready" if problems else "ready", "problems": problems}, 503 if problems else 200)


def _problems() -> dict[str, str]:
    try:
        resources.dataset()
        resources.store().list_runs(1, who=OPERATOR)
    except (DatasetError, StoreError) as error:
        return {"store": str(error)}
    problem = resources.engine().problem
    return {"workers": problem} if problem else {}


ROUTES = (Route("/health/live", live), Route("/health/ready", ready))
