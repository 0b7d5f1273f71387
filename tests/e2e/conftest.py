"""What the end-to-end tests may ask for."""

from tests.channels.telegram.conftest import npm_emulator, npm_folder

__all__ = ["npm_emulator", "npm_folder"]
