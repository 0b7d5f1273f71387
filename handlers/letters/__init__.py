"""An officer answers a letter of ours."""

from handlers.letters.reply import handle, takes

__all__ = ["handle", "takes"]
