"""What an account on a channel may do: its grant, its quotas, and what a person has to mend."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import alarms, grants, mailboxes, quotas

if TYPE_CHECKING:
    from storage.store import Tx


@dataclass(frozen=True, slots=True)
class Grant:
    """The refresh token works once; whoever used it must keep what came for it before anything else."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    renewed_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Quota:
    """How many messages of a kind are left. `until` is a day as the channel writes it."""

    channel: str
    account: str
    kind: str
    remain: int
    total: int
    until: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Alarm:
    channel: str
    account: str
    name: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """How far a mailbox was read: numbers count only as long as `validity` is the same."""

    validity: int
    uid: int


class Accounts:
    def __init__(self, tx: "Tx") -> None:
        self._tx = tx

    async def grant(self, channel: str, account: str) -> Grant | None:
        found = select(grants).where(grants.c.channel == channel, grants.c.account == account)
        row = (await self._tx.connection.execute(found)).one_or_none()
        return None if row is None else Grant(row.access, row.refresh, row.renewed_at, row.expires_at)

    def keep_grant(self, channel: str, account: str, grant: Grant) -> None:
        row = {"channel": channel, "account": account, "access": grant.access, "refresh": grant.refresh,
               "renewed_at": grant.renewed_at, "expires_at": grant.expires_at}  # fmt: skip
        self._tx.upsert(grants, row)

    def keep_quota(self, quota: Quota) -> None:
        self._tx.upsert(quotas, asdict(quota))

    async def quotas(self) -> list[Quota]:
        rows = await self._tx.connection.execute(select(quotas).order_by(*quotas.primary_key))
        return [Quota(**row) for row in rows.mappings()]

    async def read_until(self, channel: str, account: str) -> Place | None:
        here = select(mailboxes).where(mailboxes.c.channel == channel, mailboxes.c.account == account)
        row = (await self._tx.connection.execute(here)).one_or_none()
        return None if row is None else Place(row.validity, row.uid)

    def keep_place(self, channel: str, account: str, place: Place) -> None:
        self._tx.upsert(mailboxes, {"channel": channel, "account": account, **asdict(place)})

    async def alarm(self, channel: str, account: str, name: str, reason: str) -> bool:
        """Raise it; False if it was raised already."""
        row = {"channel": channel, "account": account, "name": name, "reason": reason,
               "since": self._tx.now}  # fmt: skip
        dialect = postgresql if self._tx.connection.dialect.name == "postgresql" else sqlite
        first = dialect.insert(alarms).values(row).on_conflict_do_nothing()
        return (await self._tx.connection.execute(first)).rowcount == 1

    async def calm(self, channel: str, account: str, *names: str) -> None:
        """It works again."""
        over = delete(alarms).where(
            alarms.c.channel == channel, alarms.c.account == account, alarms.c.name.in_(names)
        )
        await self._tx.connection.execute(over)

    async def alarms(self) -> list[Alarm]:
        rows = await self._tx.connection.execute(select(alarms).order_by(alarms.c.since, alarms.c.name))
        return [Alarm(**row) for row in rows.mappings()]
