"""`caunoi …` as the operator types it, with what it printed and how it ended."""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


async def caunoi(*words: str, folder: Path, typed: str = "", **settings: str) -> Ended:
    """Run a command to its end, in `folder` and with only these settings, named without CAUNOI_."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CAUNOI_")}
    given = {f"CAUNOI_{name.upper()}": value for name, value in settings.items()}
    place = {"PYTHONPATH": str(Path(__file__).parents[2]), "CAUNOI_DATA_DIR": str(folder / "data")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *words),
        cwd=folder,
        env=clean | place | given,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await asyncio.wait_for(process.communicate(typed.encode()), PATIENCE)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    return Ended(process.returncode or 0, out.decode(), err.decode())
