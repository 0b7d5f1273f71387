"""After a start with another calendar or other terms, the open cases' promises are brought up to them."""

from handlers.actions import promises
from handlers.library import Library
from storage.rules import Rule
from storage.store import Tx

NAME = "promises"


async def follow_the_rules(tx: Tx, library: Library) -> None:
    """Some cases a turn. A first start has nothing to compare with: it only keeps the rules' name."""
    rules = promises.fingerprint(library.office)
    rule = await tx.rules.find(NAME)
    if rule is None:
        tx.rules.keep(Rule(NAME, rules))
    elif rule.print != rules:
        moves, last = await promises.found(tx, library, rule.done if rule.applying == rules else 0)
        await promises.follow(tx, library, moves)
        tx.rules.keep(Rule(NAME, rule.print, rules, last) if last else Rule(NAME, rules))
