"""Who may see a run, and who may change it. Asked here, inside each transaction, whatever a page shows."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, case, exists, or_, select, true

from mnist_core.errors import RightsError, StoreError
from mnist_core.runs.schema import banned, runs, server_state
from mnist_core.runs.who import Who
from mnist_core.settings import settings

READ_ONLY = "read_only"


def seen_by(who: Who) -> ColumnElement[bool]:
    """Match the runs that `who` may see: everybody's and their own, and for an administrator all; none in the trash."""
    there = runs.c.deleted_at_utc.is_(None)
    if who.is_administrator:
        return there
    return there & or_(runs.c.visibility == "everybody", runs.c.owner == who.identity)


def is_seen_by(who: Who, run_id: str) -> ColumnElement[bool]:
    """Match anything in other tables about this run if `who` may see it, and else nothing.

    To an administrator, what is under a key that is no run's belongs to no one, and so may be seen.
    """
    if who.is_administrator:
        return ~exists().where(runs.c.id == run_id, runs.c.deleted_at_utc.is_not(None))
    return exists().where(runs.c.id == run_id, seen_by(who))


def for_owner(who: Who, table: Table, column: str) -> ColumnElement[str]:
    """Return a text column of runs or tasks, which is "" for all but the owner and administrators."""
    if who.is_administrator:
        return table.c[column]
    return case((table.c.owner == who.identity, table.c[column]), else_="").label(column)


def check_may_act(connection: Connection, who: Who) -> None:
    """Raise RightsError where `who` may do nothing: banned, not signed in though all must, or nobody may just now."""
    if who.is_administrator:
        return
    if settings().sign_in == "required" and not who.is_signed_in:
        raise RightsError("This server is for people who have signed in. Reload the page, and sign in.")
    subjects = [subject for subject in (who.identity, who.address) if subject]
    if connection.scalar(select(exists().where(banned.c.subject.in_(subjects)))):
        raise RightsError("The administrator has blocked you here: you may look, but not start or change anything.")
    if connection.scalar(select(server_state.c.value).where(server_state.c.key == READ_ONLY)):
        raise RightsError(
            "The administrator has made this server read-only for now: you may look, but not start or change anything. "
            "Try again later."
        )


def check_owner(connection: Connection, run_id: str, who: Who, action: str) -> Row[Any, Any, Any, Any]:
    """Return name, status, owner and purpose of a run that `who` may change, locked for this transaction.

    Parameters
    ----------
    action
        What is asked for, in a word that completes "Only the owner may ... it": "stop".

    Raises
    ------
    StoreError
        There is no such run, or `who` may not see it.
    RightsError
        It is another's, or `who` may change nothing just now.
    """
    row = _locked(connection, run_id, seen_by(who))
    if not who.is_administrator and row.owner != who.identity:
        raise RightsError(f"Only the owner of {row.name} may {action} it. Choose Run again to have a run of your own.")
    check_may_act(connection, who)
    return row


def check_sees(connection: Connection, run_id: str, who: Who) -> Row[Any, Any, Any, Any]:
    """Return name, status, owner and purpose of a run that `who` may see, locked for this transaction.

    Raises
    ------
    StoreError
        There is no such run, or `who` may not see it.
    RightsError
        `who` may do nothing just now.
    """
    row = _locked(connection, run_id, seen_by(who))
    check_may_act(connection, who)
    return row


def check_owner_of_trash(connection: Connection, run_id: str, who: Who) -> Row[Any, Any, Any, Any]:
    """Return name, status, owner and purpose of a run in the trash of `who`, or in anybody's for an administrator.

    Raises
    ------
    StoreError
        There is none with this id.
    RightsError
        `who` may change nothing just now.
    """
    row = _locked(connection, run_id, in_trash_of(who))
    check_may_act(connection, who)
    return row


def in_trash_of(who: Who) -> ColumnElement[bool]:
    """Match the deleted runs of `who`; for an administrator, everybody's."""
    return runs.c.deleted_at_utc.is_not(None) & (true() if who.is_administrator else runs.c.owner == who.identity)


def unknown(run_id: str) -> StoreError:
    """Return the error for a run that is not there, or not for who asks."""
    return StoreError(f"There is no run {run_id!r}. It may have been deleted: choose one on the Runs page.")


def _locked(connection: Connection, run_id: str, which: ColumnElement[bool]) -> Row[Any, Any, Any, Any]:
    query = (
        select(runs.c.name, runs.c.status, runs.c.owner, runs.c.purpose)
        .where(runs.c.id == run_id, which)
        .with_for_update()
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise unknown(run_id)
    return row
