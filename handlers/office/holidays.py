"""The days off that everybody in Việt Nam has, for the years that the office has not written down yet.

They are what the law says and what is known of the yearly announcements; the office's own calendar, once
it has a day off of a year, is alone right for that year.
"""

from collections.abc import Collection
from datetime import date

from holidays import country_holidays

YEARS = range(2024, 2051)
VIETNAM = country_holidays("VN", years=YEARS, language="vi")


def of_other_years(listed: Collection[int]) -> dict[date, str]:
    return {day: name for day, name in sorted(VIETNAM.items()) if day.year not in listed}


def made_up_in_other_years(listed: Collection[int]) -> set[date]:
    """Return the days at the weekend that are worked in exchange."""
    return {day for day in VIETNAM.weekend_workdays if day.year in YEARS and day.year not in listed}


def missed(listed: Collection[int], off: Collection[date], weekdays: Collection[int]) -> dict[date, str]:
    """Return the days that one would expect to be off in the listed years, and which are not."""
    return {
        day: name
        for day, name in sorted(VIETNAM.items())
        if day.year in listed and day.weekday() in weekdays and day not in off
    }
