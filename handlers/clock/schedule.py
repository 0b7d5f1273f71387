"""Every job of the clock and how often it runs, on one screen."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from handlers.actions import boards, digests, erasure, leaving
from handlers.clock import (
    deadlines,
    notices,
    promises,
    recalls,
    reminders,
    retention,
    rumours,
    silences,
    waiting,
)
from handlers.library import Library
from storage.store import Tx

Work = Callable[[Tx, Library], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Job:
    every: timedelta
    work: Work


AT_ONCE = timedelta(seconds=1)

JOBS = {
    "send what officers wrote in groups": Job(AT_ONCE, leaving.send),
    "bring the groups up to date": Job(AT_ONCE, boards.show),
    "send the morning's digests": Job(timedelta(minutes=1), digests.send_in_the_morning),
    "mark overdue cases": Job(timedelta(minutes=1), deadlines.mark_overdue),
    "go on without the citizen's answer": Job(timedelta(minutes=1), waiting.resume),
    "follow a changed calendar": Job(timedelta(minutes=1), promises.follow_the_rules),
    "remind of promises": Job(timedelta(minutes=1), reminders.remind),
    "listen for silent units": Job(silences.EVERY, silences.listen),
    "tell who sent a rumour": Job(rumours.EVERY, rumours.tell_askers),
    "keep the texts of answers": Job(recalls.KEEP, recalls.keep_texts),
    "tell who got an answer that was corrected": Job(AT_ONCE, recalls.tell),
    "ask to stay in touch": Job(notices.EVERY, notices.ask_to_stay_in_touch),
    "close answered cases": Job(timedelta(hours=1), retention.close_answered),
    "erase what was kept until it was closed": Job(timedelta(minutes=1), erasure.empty_what_was_kept),
    "forget who sent old cases": Job(timedelta(hours=1), retention.forget_senders),
    "forget handled messages": Job(timedelta(hours=1), retention.forget_handled),
    "forget old conversations": Job(timedelta(hours=1), retention.forget_conversations),
    "forget what was to be read once": Job(timedelta(minutes=1), retention.forget_receipts),
    "forget old questions": Job(timedelta(hours=1), retention.forget_questions),
    "forget who received which answer": Job(timedelta(hours=1), retention.forget_received),
    "forget what was refused in groups": Job(timedelta(hours=1), retention.forget_refusals),
    "forget ended sessions": Job(timedelta(hours=1), retention.forget_sessions),
}
