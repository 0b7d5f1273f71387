"""The few questions after a rating: one for each factor by which people judge how they were served.

They are an office's own questions, and no official index.
"""

FACTORS = ("access", "procedure", "staff", "result", "response")


def after(factor: str) -> str:
    """Return the next factor; empty after the last one."""
    place = FACTORS.index(factor) + 1
    return FACTORS[place] if place < len(FACTORS) else ""
