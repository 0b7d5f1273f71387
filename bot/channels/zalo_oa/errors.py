"""What the refusals of the Official Account mean for the sender. HTTP 200 says nothing: `error` does."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.base import Fault, SendError
from bot.channels.client import Answered
from feedback.deadlines import VIETNAM

TOKEN = (-216, -220)  # renew the token once, and try once more
PARAMETER = -201
BUSY = (-32, -200, -214)
CLOSED = (-230, -232)
NIGHT = -234
MORNING = 6  # o'clock, when the night hours end
QUOTA = (-211, -218, -224)
UNREACHABLE = (-213, -217, -227)
SET_UP = (-204, -205, -212, -219, -221, -223, -235, -237, -242, -320, -321, -403)
SET_UP_WAIT = timedelta(hours=2)  # so that what waits outlives a weekend
NOT_CARRIED_OUT = (500, 503)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that a person has to mend, by its name in the alarms."""

    alarm: str
    reason: str


def code_of(answer: Answered) -> int | None:
    """None if this is no answer of the API."""
    code = answer.body.get("error")
    return code if isinstance(code, int) else None


def classify(answer: Answered, now: datetime) -> tuple[SendError, Trouble | None]:
    code = code_of(answer)
    if code is None:
        return _between(answer.status), None
    reason = f"{code}: {answer.body.get('message', '')}"[:200]
    wait = None
    trouble = None
    if code in BUSY:
        fault = Fault.LATER
    elif code in TOKEN:
        fault, wait, trouble = Fault.LATER, timedelta(minutes=5), Trouble("renewal", reason)
    elif code == NIGHT:
        fault, wait = Fault.LATER, _until_morning(now)
    elif code in CLOSED:
        fault = Fault.CLOSED
    elif code in QUOTA:  # inside the free window, which the person's next word opens, none is needed
        fault, trouble = Fault.CLOSED, Trouble("quota", reason)
    elif code in UNREACHABLE:
        fault = Fault.UNREACHABLE
    elif code in SET_UP:
        fault, wait, trouble = Fault.LATER, SET_UP_WAIT, Trouble("set_up", reason)
    else:
        fault = Fault.PERMANENT
    return SendError(fault, reason, wait), trouble


def _between(status: int) -> SendError:
    """A proxy answered: what it says was not carried out was not; else nobody knows."""
    refused = 300 <= status < 500 or status in NOT_CARRIED_OUT
    return SendError(Fault.LATER if refused else Fault.UNKNOWN, f"HTTP {status}, and not from the API")


def _until_morning(now: datetime) -> timedelta:
    local = now.astimezone(VIETNAM)
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return (morning if local < morning else morning + timedelta(days=1)) - local
