"""Which chat is the group of which unit, and what becomes of it."""

from dataclasses import replace

from feedback.vietnamese import fold
from handlers.actions.leaving import may_work
from handlers.group.turn import Turn
from storage.groups import Group

TOGETHER = "chung"  # everything in one place, though the group could have topics


async def bind(turn: Turn) -> None:
    """`/noi`, `/noi CODE` by a router, `/noi chung` where topics are not wanted."""
    officer, words = turn.officer, turn.text.split()[1:]
    if officer is None:
        await turn.refuse("stranger", "bind")
        return
    together = any(fold(word) == TOGETHER for word in words)
    named = [word.upper() for word in words if fold(word) != TOGETHER]
    unit = turn.library.office.units.get(named[0] if named else officer.unit)
    if unit is None or not unit.receives:
        turn.say("group.no_unit", units=", ".join(_receiving(turn)))
        return
    if not may_work(officer, unit.code):
        await turn.refuse("other_unit", "bind")
        return
    await _bind(turn, unit.code, topics=not together)


async def _bind(turn: Turn, unit: str, *, topics: bool) -> None:
    tx, message, other = turn.tx, turn.message, await turn.tx.groups.of_unit(unit)
    if turn.group and turn.group.unit != unit:
        turn.say("group.bound_to_other", unit=turn.library.office.unit(turn.group.unit).name)
        return
    if other and other.address != message.address:
        turn.say("group.elsewhere")
        return
    if turn.group:
        tx.groups.change(turn.group, topics=topics, forum=message.forum, wrong="")
    else:
        officer = turn.officer.id if turn.officer else ""
        tx.groups.bind(Group(tx.new_id(), unit, message.address, message.forum, topics, officer, tx.now))
    await tx.groups.look_again(unit)
    how = "topics" if message.forum and topics else "together" if message.forum else "no_forum"
    name = turn.library.office.unit(unit).name
    turn.say("group.bound", unit=name, how=turn.phrase(f"group.bound_{how}"))


async def unbind(turn: Turn) -> None:
    """`/thoi`: the cards stay where they are, and nothing new comes."""
    if turn.group is None:
        turn.say("group.not_bound")
    elif turn.worker is None:
        await turn.refuse("stranger" if turn.officer is None else "other_unit", "unbind")
    else:
        await turn.tx.groups.unbind(turn.group.id)
        turn.say("group.unbound", unit=turn.library.office.unit(turn.group.unit).name)


async def placed(turn: Turn) -> None:
    """We were let in, given rights, or thrown out."""
    group, rights = turn.group, turn.message.text.split()
    if group is None:
        if rights:
            turn.say("group.welcome")
        return
    wrong = "" if "topics" in rights or not (turn.message.forum and group.topics) else "topics"
    turn.tx.groups.change(group, forum=turn.message.forum, wrong=wrong if "write" in rights else "outside")
    await turn.tx.groups.look_again(group.unit)


async def moved(turn: Turn) -> None:
    """The group became a supergroup, and has another number."""
    await turn.tx.groups.moved(turn.message.address, replace(turn.message.address, chat=turn.message.text))


async def notice(turn: Turn, group: Group) -> None:
    """Whoever writes shows that we are here, and whether there are topics by now."""
    if turn.message.kind.value in ("placed", "moved") or turn.pressed:
        return
    if turn.message.forum != group.forum or group.wrong == "outside":
        turn.tx.groups.change(group, forum=turn.message.forum, wrong="")
        await turn.tx.groups.look_again(group.unit)


def _receiving(turn: Turn) -> list[str]:
    units = turn.library.office.units.values()
    mine = turn.officer.unit if turn.officer and turn.officer.of_unit else ""
    return [unit.code for unit in units if unit.receives and mine in ("", unit.code)]
