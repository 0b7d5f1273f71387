"""The office's names for what a case holds as codes; what has left the office's files keeps its code."""

from dataclasses import dataclass

from feedback.routing import Unit
from handlers.office import Office


@dataclass(frozen=True, slots=True)
class Names:
    office: Office

    def unit(self, code: str) -> str:
        return self.office.units[code].name if code in self.office.units else code

    def unit_in_short(self, code: str) -> str:
        return self.office.units[code].short_name if code in self.office.units else code

    def topic(self, code: str) -> str:
        return self.office.topics[code].name if code in self.office.topics else code

    def kind(self, code: str) -> str:
        kind = self.office.find_kind(code)
        return kind.name if kind else code

    def officer(self, officer_id: str) -> str:
        return next((each.name for each in self.office.staff if each.id == officer_id), officer_id)

    def receiving(self, but: str) -> list[Unit]:
        return [unit for unit in self.office.units.values() if unit.receives and unit.code != but]
