"""The views of the page, each with its parts: what its tabs are called."""

from pages.administration import everybody, log, machine, people, runs, storage

VIEWS = {
    "People": (people,),
    "Runs": (runs,),
    "For everybody": (everybody,),
    "Server": (storage, machine),
    "Log": (log,),
}
