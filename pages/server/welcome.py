"""What the terminal says when the server starts: who can reach it, who runs it, and what the open internet asks for."""

from ipaddress import ip_address

from streamlit import config

from mnist_core.settings import Settings, settings
from pages.server.administrator_link import PATH, token
from pages.shared.sign_in import is_configured

_MISSING = {
    "https": "https (a proxy named in MNIST_TRUSTED_PROXIES, or server.sslCertFile)",
    "sign-in": "a sign-in ([auth] in .streamlit/secrets.toml)",
}


def say_welcome() -> None:
    """Print three lines."""
    for line in lines(settings()):
        print(line, flush=True)  # noqa: T201 - for whoever starts the server, with a secret that no log may hold


def lines(limits: Settings) -> tuple[str, str, str]:
    """Return who can reach the server, the administrator's link, and what is missing for the open internet."""
    return _reach(), f"Administrator: open {_url()}{PATH}?token={_shown_token(limits)}", _missing(limits)


def _reach() -> str:
    address = config.get_option("server.address")
    if address is not None and _is_this_machine(address):
        return "Reach: this machine alone can open the app."
    where = f"everybody who can reach {address}" if address else "everybody who can reach any address of this machine"
    return f"Reach: {where} can open the app; --server.address 127.0.0.1 keeps it to this machine."


def _missing(limits: Settings) -> str:
    missing = [] if limits.trusted_proxies or config.get_option("server.sslCertFile") else [_MISSING["https"]]
    missing += [] if is_configured() else [_MISSING["sign-in"]]
    return f"Open internet: {'still without ' + ' and without '.join(missing) if missing else 'nothing is missing'}."


def _url() -> str:
    scheme = "https" if config.get_option("server.sslCertFile") else "http"
    address, port = config.get_option("server.address"), config.get_option("server.port")
    host = "localhost" if address is None or _is_this_machine(address) else address
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"{scheme}://{host}:{port}{'/' + base if base else ''}"


def _is_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _shown_token(limits: Settings) -> str:
    """Return the token, but not one that the operator has chosen: who chose it knows it."""
    return token() if limits.admin_token is None else "<MNIST_ADMIN_TOKEN>"
