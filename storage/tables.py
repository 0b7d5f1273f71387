"""Every table. Ids are made by the client, 64 bits, ordered by time (storage.ids)."""

from enum import IntEnum, StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    text,
)

from storage.types import Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class InboxStatus(IntEnum):
    WAITING = 0
    DONE = 1
    DEAD = 3


class OutboxStatus(IntEnum):
    DUE = 0
    SENT = 2
    DEAD = 3
    UNKNOWN = 4  # may have arrived; a person decides
    ON_THE_WIRE = 5
    HELD = 6  # the channel lets us write again only after the person's next word


def written(status: IntEnum) -> ColumnElement[int]:
    """Return the status as it stands in a statement's text, not as a parameter of it."""
    return literal_column(str(int(status)), SmallInteger)


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    CHOICES = "choices"  # several were offered; as long as none is taken, nothing was answered
    CHOSEN = "chosen"
    REFUSED = "refused"  # «không đúng ý tôi»
    UNKNOWN = "unknown"


class CardStatus(IntEnum):
    """How far a case is on its way into a unit's group."""

    WAITING = 0  # for a topic of its own; perhaps it was named in a list already
    OPENING = 1  # the topic is being opened
    OPEN = 2  # the card is there, or on its way
    LISTED = 3  # like WAITING, and named in a list


class DraftStatus(IntEnum):
    WRITTEN = 0
    LEAVING = 1  # leaves at `leave_at` unless it is stopped
    DONE = 2
    STOPPED = 3


class ReplyStatus(IntEnum):
    WAITING = 0
    SENT = 1
    DROPPED = 2


OUTBOX_OPEN = (OutboxStatus.DUE, OutboxStatus.ON_THE_WIRE)

_waiting = text("status = 0")
_unsent = text("status IN (0, 5)")
_held = text("status = 6")
_on_the_wire = text("status = 5")
_once = text("forget_at IS NOT NULL")
PROPOSED, DECLINED = text("proposed_by <> ''"), text("declined_to <> ''")
_reminded = text("step > 0")
OPEN_CASE = text("status IN ('routed', 'accepted', 'waiting')")  # as it stands in the indexes of open cases
ROUTED_CASE = text("status = 'routed'")
PAUSED_CASE = text("status = 'waiting'")
ANSWERED_CASE = text("status = 'answered'")
SENDER_KNOWN = text("chat != ''")
RATED_LOW = text("stars <= 2")  # as feedback.cases.LOW
ANSWERED_ONCE = text("answered IS NOT NULL")
ERASED_EVENT = text("event = 'Erased'")
MOVED_EVENT = text("event IN ('Transferred', 'Returned')")
OPEN_QUESTION = text("settled_how = '' AND outcome IN ('choices', 'refused', 'unknown')")

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", String(20), nullable=False),
    Column("account", String(40), nullable=False),
    Column("event", String(80), nullable=False),
    Column("lane", String(160), nullable=False),
    Column("at", Utc, nullable=False),
    Column("message", JSON),  # emptied when done: what matters by then is in the case
    Column("status", SmallInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Utc, nullable=False),
    Column("error", Text, nullable=False, server_default=""),
    UniqueConstraint("channel", "account", "event"),
    Index("ix_inbox_waiting", "lane", "id", sqlite_where=_waiting, postgresql_where=_waiting),
    Index("ix_inbox_next", "next_at", "id", sqlite_where=_waiting, postgresql_where=_waiting),
    Index("ix_inbox_at", "at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("channel", String(20), nullable=False),
    Column("account", String(40), nullable=False),
    Column("chat", String(80), nullable=False),
    Column("lane", String(160), nullable=False),
    Column("message", JSON, nullable=False),
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE")),
    Column("card_id", BigInteger),  # what is shown of a case in a group
    Column("urgency", SmallInteger, nullable=False, server_default="0"),
    Column("at", Utc, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Utc, nullable=False),
    Column("maybe_twice", Boolean, nullable=False),
    Column("remote", String(80), nullable=False, server_default=""),
    Column("error", Text, nullable=False, server_default=""),
    Column("sent_at", Utc),
    Column("position", BigInteger),
    Column("forget_at", Utc),  # read once, and forgotten then
    Index("ix_outbox_unsent", "lane", "urgency", "id", sqlite_where=_unsent, postgresql_where=_unsent),
    Index("ix_outbox_next", "urgency", "next_at", "id", sqlite_where=_waiting, postgresql_where=_waiting),
    Index("ix_outbox_held", "lane", sqlite_where=_held, postgresql_where=_held),
    Index("ix_outbox_on_the_wire", "lane", sqlite_where=_on_the_wire, postgresql_where=_on_the_wire),
    Index("ix_outbox_lane_id", "lane", "id"),
    Index("ix_outbox_lane_position", "lane", "position", unique=True),
    Index("ix_outbox_case_id", "case_id"),
    Index("ix_outbox_card_id", "card_id"),
    Index("ix_outbox_at", "at"),
    Index("ix_outbox_sent_at", "sent_at"),
    Index("ix_outbox_forget_at", "forget_at", sqlite_where=_once, postgresql_where=_once),
)

talks = Table(
    "talks",
    metadata,
    Column("lane", String(160), primary_key=True),
    Column("step", String(20), nullable=False),
    Column("draft", JSON, nullable=False),
    Column("choices", JSON, nullable=False),
    Column("language", String(2), nullable=False),
    Column("audience", String(20), nullable=False, server_default=""),
    Column("acted_at", Utc),  # the person's last act of any kind: it opens the channel's window
    Column("human_until", Utc),  # an official writes by hand: so long we say nothing by ourselves
    Column("gone", Boolean, nullable=False, server_default=false()),
    Column("noticed_at", Utc),  # when we last asked the person to keep the window open
    Column("asked", JSON, nullable=False, server_default="[]"),
    Column("updated_at", Utc, nullable=False),
    Index("ix_talks_updated_at", "updated_at"),
)

consents = Table(
    "consents",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("lane", String(160), nullable=False),
    Column("version", String(20), nullable=False),
    Column("purpose", String(40), nullable=False, server_default=""),
    Column("days", Integer, nullable=False, server_default="0"),
    Column("given_at", Utc, nullable=False),
    Column("withdrawn_at", Utc),
    Index("ix_consents_lane", "lane"),
)

cases = Table(
    "cases",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("code", String(11), nullable=False, unique=True),
    Column("kind", String(30), nullable=False),
    Column("status", String(12), nullable=False),
    Column("unit", String(20), nullable=False),
    Column("topic", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("account", String(40), nullable=False),
    Column("chat", String(80), nullable=False),
    Column("received", Utc, nullable=False),
    Column("due", Utc, nullable=False),
    Column("sender", String(20), nullable=False),
    Column("place", Text, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("contact", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("reply_to", String(80), nullable=False),
    Column("officer", String(40), nullable=False),
    Column("overdue", Boolean, nullable=False),
    Column("paused", Utc),  # since when the clock stands: the citizen was asked for more
    Column("proposed_by", String(40), nullable=False, server_default=""),
    Column("declined_to", String(40), nullable=False, server_default=""),
    Column("transfers", SmallInteger, nullable=False, server_default="0"),
    Column("reopened", SmallInteger, nullable=False, server_default="0"),
    Column("answered", Utc),
    Column("closed", Utc),
    Column("stars", SmallInteger),
    Column("version", Integer, nullable=False),
    Index("ix_cases_unit_status_id", "unit", "status", "id"),
    Index("ix_cases_status_id", "status", "id"),
    Index("ix_cases_open", "id", sqlite_where=OPEN_CASE, postgresql_where=OPEN_CASE),
    Index("ix_cases_open_due", "due", "id", sqlite_where=OPEN_CASE, postgresql_where=OPEN_CASE),
    Index("ix_cases_open_unit_due", "unit", "due", "id", sqlite_where=OPEN_CASE, postgresql_where=OPEN_CASE),
    Index("ix_cases_open_kind", "kind", "id", sqlite_where=OPEN_CASE, postgresql_where=OPEN_CASE),
    Index("ix_cases_routed", "unit", "received", sqlite_where=ROUTED_CASE, postgresql_where=ROUTED_CASE),
    Index("ix_cases_paused", "paused", sqlite_where=PAUSED_CASE, postgresql_where=PAUSED_CASE),
    Index("ix_cases_answered", "answered", sqlite_where=ANSWERED_CASE, postgresql_where=ANSWERED_CASE),
    Index("ix_cases_sender_known", "closed", sqlite_where=SENDER_KNOWN, postgresql_where=SENDER_KNOWN),
    Index(
        "ix_cases_unit_answered",
        "unit",
        "answered",
        sqlite_where=ANSWERED_ONCE,
        postgresql_where=ANSWERED_ONCE,
    ),
    Index("ix_cases_rated_low", "unit", "id", sqlite_where=RATED_LOW, postgresql_where=RATED_LOW),
    Index("ix_cases_proposed", "unit", "due", sqlite_where=PROPOSED, postgresql_where=PROPOSED),
    Index("ix_cases_declined", "unit", "due", sqlite_where=DECLINED, postgresql_where=DECLINED),
    Index("ix_cases_channel_account_chat", "channel", "account", "chat"),
)

case_events = Table(
    "case_events",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("event", String(30), nullable=False),
    Column("data", JSON, nullable=False),
    Index("ix_case_events_case_id_id", "case_id", "id"),
    Index("ix_case_events_actor_id", "actor", "id"),
    Index("ix_case_events_erased", "case_id", sqlite_where=ERASED_EVENT, postgresql_where=ERASED_EVENT),
    Index("ix_case_events_moved", "at", sqlite_where=MOVED_EVENT, postgresql_where=MOVED_EVENT),
)

reminders = Table(  # when to look at an open case again, and of what somebody was last reminded
    "reminders",
    metadata,
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True,
           autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("step", SmallInteger, nullable=False, server_default="0"),
    Column("told", Text, nullable=False, server_default=""),  # ids of officers, with a comma on both sides
    Column("times", Integer, nullable=False, server_default="0"),
    Index("ix_reminders_at", "at"),
    Index("ix_reminders_step", "step", sqlite_where=_reminded, postgresql_where=_reminded),
)  # fmt: skip

silences = Table(  # units that have cases before them and show no life
    "silences",
    metadata,
    Column("unit", String(20), primary_key=True),
    Column("stage", SmallInteger, nullable=False),
    Column("since", Utc, nullable=False),
    Column("told_at", Utc, nullable=False),
)

rules = Table(  # by which calendar and terms the promises were made
    "rules",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("print", String(64), nullable=False),
    Column("applying", String(64), nullable=False, server_default=""),
    Column("done", BigInteger, nullable=False, server_default="0"),
)

parts = Table(  # which messages became part of which case: until then they may be changed, or completed
    "parts",
    metadata,
    Column("lane", String(160), primary_key=True),
    Column("message", String(80), primary_key=True),
    Column("album", String(80), nullable=False),
    Column("text", Text, nullable=False),
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("at", Utc, nullable=False),
    Index("ix_parts_case_id", "case_id"),
    Index("ix_parts_at", "at"),
)

files = Table(
    "files",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("account", String(40), nullable=False),
    Column("remote", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("mime", String(100), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False, server_default=""),
    Column("tries", Integer, nullable=False),
    Column("next_at", Utc),  # empty when there is nothing left to fetch
    Column("error", Text, nullable=False, server_default=""),
    Column("officer", String(40), nullable=False, server_default=""),  # who attached it to an answer
    Column("enclosed_at", Utc),  # when it was sent to the citizen
    Index("ix_files_case_id", "case_id"),
    Index("ix_files_next_at", "next_at"),
)

signins = Table(
    "signins",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("officer", String(40), nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("officer", String(40), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
)

questions = Table(  # nothing here leads to a person: no chat, no lane, and the text is masked
    "questions",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("entry", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("nearest", Text, nullable=False),
    Column("settled_how", Text, nullable=False, server_default=""),
    Column("settled_by", String(40), nullable=False, server_default=""),
    Column("settled_at", Utc),
    Index("ix_questions_at", "at"),
    Index("ix_questions_open", "at", "id", sqlite_where=OPEN_QUESTION, postgresql_where=OPEN_QUESTION),
)

switches = Table(
    "switches",
    metadata,
    Column("entry", Text, primary_key=True),
    Column("off", Boolean, nullable=False),
    Column("by", String(40), nullable=False),
    Column("at", Utc, nullable=False),
    Column("reason", Text, nullable=False),
)

grants = Table(  # what an account was allowed by OAuth; the tokens are secrets
    "grants",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("access", Text, nullable=False),
    Column("refresh", Text, nullable=False),
    Column("renewed_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
)

quotas = Table(
    "quotas",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("remain", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("until", String(20), nullable=False),
    Column("at", Utc, nullable=False),
)

alarms = Table(  # what a person has to mend; gone as soon as it works again
    "alarms",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("name", String(20), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("since", Utc, nullable=False),
)

groups = Table(  # the chats in which units work
    "groups",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("unit", String(20), nullable=False, unique=True),
    Column("channel", String(20), nullable=False),
    Column("account", String(40), nullable=False),
    Column("chat", String(80), nullable=False),
    Column("forum", Boolean, nullable=False),
    Column("topics", Boolean, nullable=False),  # a topic for each case is wanted
    Column("wrong", String(20), nullable=False, server_default=""),
    Column("bound_by", String(40), nullable=False),
    Column("bound_at", Utc, nullable=False),
    Column("digest_day", String(10), nullable=False, server_default=""),
    Column("listed_at", Utc),
    UniqueConstraint("channel", "account", "chat"),
)

officer_accounts = Table(  # as whom an officer writes in the groups
    "officer_accounts",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("officer", String(40), primary_key=True),
    Column("person", String(80), nullable=False),
    Column("linked_at", Utc, nullable=False),
    UniqueConstraint("channel", "account", "person"),
)

case_news = Table(  # cases that changed since the groups were brought up to date
    "case_news",
    metadata,
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True,
           autoincrement=False),
    Column("mark", BigInteger, nullable=False),
)  # fmt: skip

cards = Table(
    "cards",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("group_id", BigInteger, ForeignKey("groups.id", ondelete="CASCADE"), nullable=False),
    Column("status", SmallInteger, nullable=False),
    Column("topic", String(80), nullable=False, server_default=""),
    Column("message", String(80), nullable=False, server_default=""),
    Column("told", Integer, nullable=False),  # how much of the case's timeline was told
    Column("shown", String(64), nullable=False, server_default=""),
    Column("repairs", SmallInteger, nullable=False, server_default="0"),
    UniqueConstraint("case_id", "group_id"),
    Index("ix_cards_group_id_status", "group_id", "status"),
)

drafts = Table(  # what an officer wrote in a group for a citizen, before it leaves
    "drafts",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("group_id", BigInteger, ForeignKey("groups.id", ondelete="CASCADE"), nullable=False),
    Column("officer", String(40), nullable=False),
    Column("act", String(10), nullable=False),
    Column("filled", JSON, nullable=False),
    Column("seen", Integer, nullable=False),  # how much of the timeline the officer knew
    Column("topic", String(80), nullable=False),
    Column("message", String(80), nullable=False, server_default=""),
    Column("status", SmallInteger, nullable=False),
    Column("leave_at", Utc),
    Column("at", Utc, nullable=False),
    Index("ix_drafts_leave_at", "leave_at"),
    Index("ix_drafts_at", "at"),
)

received = Table(  # which version of which answer a person was given, to tell them when it was wrong
    "received",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("lane", String(160), nullable=False),
    Column("entry", String(30), nullable=False),
    Column("version", String(16), nullable=False),  # empty: told that it holds no more
    Column("language", String(2), nullable=False),
    Column("at", Utc, nullable=False),
    Index("ix_received_lane_entry_id", "lane", "entry", "id"),
    Index("ix_received_entry_at", "entry", "at"),
    Index("ix_received_at", "at"),
)

versions = Table(  # what each version of an answer said
    "versions",
    metadata,
    Column("entry", String(30), primary_key=True),
    Column("version", String(16), primary_key=True),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("seen_at", Utc, nullable=False),
)

recalls = Table(  # who had whom told that an answer was corrected
    "recalls",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", String(30), nullable=False),
    Column("answer", String(30), nullable=False),  # the entry that holds now
    Column("version", String(16), nullable=False),
    Column("since", Utc, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(40), nullable=False),
    Column("at", Utc, nullable=False),
    Column("told", Integer, nullable=False, server_default="0"),
    Column("ended", String(10), nullable=False, server_default=""),  # done, or changed meanwhile
    Column("ended_at", Utc),
    Index("ix_recalls_entry_at", "entry", "at"),
)

replies = Table(  # what an officer answered by mail: read and sent at the desk, or dropped
    "replies",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("officer", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("left_out", JSON, nullable=False),
    Column("at", Utc, nullable=False),
    Column("status", SmallInteger, nullable=False),
    Index("ix_replies_case_id", "case_id"),
    Index("ix_replies_at", "at"),
)

mailboxes = Table(  # how far a mailbox was read
    "mailboxes",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("account", String(40), primary_key=True),
    Column("validity", BigInteger, nullable=False),
    Column("uid", BigInteger, nullable=False),
)

refusals = Table(  # who tried in a group what was not theirs to do
    "refusals",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("unit", String(20), nullable=False),
    Column("person", String(80), nullable=False),
    Column("officer", String(40), nullable=False),
    Column("code", String(11), nullable=False),
    Column("what", String(40), nullable=False),
    Column("why", String(40), nullable=False),
    Index("ix_refusals_at", "at"),
)

audit = Table(  # every act, chained to the one before it; content and salt are emptied, rows never deleted
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("what", String(40), nullable=False),
    Column("event_id", BigInteger),
    Column("content", JSON),
    Column("salt", String(32), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_subject", "subject"),
)

audit_head = Table(  # one row: the last act, which the next one is chained to
    "audit_head",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

reveals = Table(  # who asked to know the sender of an anonymous case, and who said yes or no
    "reveals",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("case_id", BigInteger, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("asked_by", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("approved", Boolean),
    Column("decided_by", String(40), nullable=False, server_default=""),
    Column("decided_at", Utc),
    Column("shown_at", Utc),
    Index("ix_reveals_case_id", "case_id"),
)

tombstones = Table(  # whom a restored backup must forget again: a keyed hash, nothing that leads to a person
    "tombstones",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("at", Utc, nullable=False),
    Column("how", String(10), nullable=False),
)
