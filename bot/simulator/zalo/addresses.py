"""Web addresses as others write them."""

from urllib.parse import SplitResult, urlsplit

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def split(url: str) -> SplitResult:
    """Nonsense has no parts."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def is_web(url: str) -> bool:
    parts = split(url)
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def reachable(url: str) -> bool:
    """Zalo calls https only; here, loopback may do without."""
    parts = split(url)
    return is_web(url) and (parts.scheme == "https" or parts.hostname in LOOPBACK)
