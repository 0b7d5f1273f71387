"""Our message → a letter: plain text, the same as simple HTML, and headers that no program answers."""

from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from feedback.messages import Button, Outgoing

LONGEST_LOCAL = 64  # characters before the «@»


def compose(message: Outgoing, sender: str, name: str, to: str, at: datetime, *, plus: bool) -> EmailMessage:
    """With `plus` a reply comes to an address of its own, which has the key in it: «hop+key@…»."""
    local, _, domain = sender.rpartition("@")
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Mailbox(name, local, domain)
    letter["To"] = to
    letter["Subject"] = " ".join(message.subject.split())
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = f"<{message.key}@{domain}>"  # the same whenever this letter is sent
    if plus and len(local) + 1 + len(message.key) <= LONGEST_LOCAL:
        letter["Reply-To"] = f"{local}+{message.key}@{domain}"
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter["List-Id"] = f"<cau-noi.{domain}>"
    letter.set_content(_plain(message))
    letter.add_alternative(_html(message), subtype="html")
    return letter


def _plain(message: Outgoing) -> str:
    return (
        "\n\n".join([message.text, *(f"{button.label}: {button.url}" for button in _links(message))]) + "\n"
    )


def _html(message: Outgoing) -> str:
    paragraphs = [escape(part).replace("\n", "<br>\n") for part in message.text.split("\n\n")]
    links = [f'<a href="{escape(each.url)}">{escape(each.label)}</a>' for each in _links(message)]
    body = "\n".join(f"<p>{part}</p>" for part in [*paragraphs, *links])
    return f'<!doctype html>\n<html lang="vi"><meta charset="utf-8">\n<body>\n{body}\n</body></html>\n'


def _links(message: Outgoing) -> list[Button]:
    return [button for button in message.buttons if button.url]
