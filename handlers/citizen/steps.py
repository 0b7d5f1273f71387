"""What we may be waiting for. A step's name is also the verb of the buttons that answer it."""

from enum import StrEnum


class Step(StrEnum):
    IDLE = "idle"
    CONSENT = "consent"
    SENDER = "sender"
    KIND = "kind"
    TEXT = "text"
    PLACE = "place"
    FILES = "files"
    IDENTITY = "identity"
    CONTACT = "contact"
    REVIEW = "review"
    CODE = "code"
    ADDITION = "addition"
    COMMENT = "comment"
    ERASE = "erase"
    WITHDRAWAL = "withdrawal"
    REOPENING = "reopening"
