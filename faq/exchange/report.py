"""What an import does, or would do."""

from dataclasses import dataclass

from faq.files import Mistake


@dataclass(frozen=True, slots=True)
class Defaults:
    """Codes for new entries whose table does not say them."""

    group: str = ""
    unit: str = ""
    topic: str = ""


NO_DEFAULTS = Defaults()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The ids of entries and clarifications, the keys of documents, the codes of groups.

    `missing` are in the folder and not in the source; they stay. With mistakes nothing is written.
    """

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
