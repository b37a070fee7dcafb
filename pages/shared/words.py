"""Numbers as people read them."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

_MINUTE_S, _HOUR_S = 60, 3600


def duration(seconds: float) -> str:
    """Return "0.24 s", "38 s", "4 min 10 s" or "1 h 5 min"."""
    if seconds < 10:
        return f"{seconds:.2g} s" if seconds < 1 else f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S} s"
    return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S} min"


def percent(share: float | None, digits: int = 2) -> str:
    """Return "95.40 %", or a dash where nothing was measured."""
    return "–" if share is None or math.isnan(share) else f"{100 * share:.{digits}f} %"


def points(difference: float) -> str:
    """Return a difference of two shares, such as "+0.12 points" or "−0.12 points"; no sign where it rounds to 0."""
    rounded = round(100 * difference, 2)
    return f"{rounded:+.2f} points".replace("-", "−") if rounded else "0.00 points"


def percent_range(low: float, high: float) -> str:
    """Return "94.97 – 95.79 %"."""
    return f"{100 * low:.2f} – {100 * high:.2f} %"


def local_time(moment: datetime) -> str:
    """Return an aware time as the visitor's clock shows it, with the name of the zone."""
    try:
        zone = ZoneInfo(st.context.timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):  # whatever a browser may send
        zone = ZoneInfo("UTC")
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"
