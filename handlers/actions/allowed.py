"""What an officer may do with a case: whatever the state machine takes."""

from datetime import datetime, timedelta

from feedback.cases import (
    Accepted,
    Answered,
    Asked,
    Case,
    Closed,
    Event,
    Extended,
    NotAllowed,
    Noted,
    Transferred,
    apply,
)

ACTS: dict[str, Event] = {
    "accept": Accepted(""),
    "answer": Answered(""),
    "ask": Asked(""),
    "note": Noted(""),
    "transfer": Transferred("", ""),
    "close": Closed(""),
}
LATER = timedelta(days=1)


def allows(case: Case, act: str, now: datetime) -> bool:
    event = Extended((case.due + LATER).isoformat(), "") if act == "extend" else ACTS[act]
    try:
        apply(case, event, now)
    except NotAllowed:
        return False
    return True
