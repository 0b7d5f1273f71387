"""An officer works in the unit's group."""

from handlers.group.router import handle, takes

__all__ = ["handle", "takes"]
