"""An officer asks for a link to sign in: it goes to the address in the list of staff, and to no other."""

from aiohttp import web

from feedback.messages import Address, Button
from feedback.vietnamese import sound
from handlers.actions import cards, letters
from handlers.desk import links
from handlers.desk.visit import Guest
from storage.store import Tx

MOST = 15  # letters of ours to one address within a link's lifetime: nobody floods an officer through us


async def ask(guest: Guest) -> web.Response:
    return _page(guest, done=False)


async def send(guest: Guest) -> web.Response:
    """Answer alike whoever's address it is."""
    address = sound(guest.form.get("address", "")).strip().lower()[:80]
    async with guest.desk.store.begin(guest.now) as tx:
        lane = Address(letters.NAME, guest.desk.library.letters.account, address)
        sent = await tx.outbox.load(lane, guest.now - links.LIFETIME)
        if sent < MOST:
            _send(guest, tx, address)
    guest.desk.wake()
    return _page(guest, done=True)


def _send(guest: Guest, tx: Tx, address: str) -> None:
    library = guest.desk.library
    officer = letters.officer_of(library, address)
    if officer is None or not library.letters.account:
        return
    token = links.make(guest.desk.secret, officer.id, guest.now + links.LIFETIME)
    place = f"{library.letters.address}/desk/signin/{token}"
    url = f"{place}?case={guest.wanted}" if guest.wanted else place
    link = Button(cards.say(library, "letter.signin_link"), url=url)
    text = cards.say(library, "letter.signin", name=officer.name)
    letters.send(tx, library, address, text, "signin", buttons=(link,))


def _page(guest: Guest, *, done: bool) -> web.Response:
    if not guest.desk.library.letters.account:
        raise web.HTTPNotFound
    return guest.show("signin_mail.html", done=done)
