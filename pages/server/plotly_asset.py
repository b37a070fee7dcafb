"""Plotly's own browser bundle, served from the installed package: nothing is copied, nothing comes from afar."""

from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse

_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_BUNDLE = Path(str(files("plotly"))) / "package_data" / "plotly.min.js"


async def plotly_bundle(_: Request) -> FileResponse:
    """Serve the plotly.js that belongs to the installed plotly package."""
    return FileResponse(_BUNDLE, media_type="text/javascript", headers=_FOR_EVER)
