"""From what resembles to what is said: points, probabilities, and the two thresholds.

All weights of the matcher's judgement stand here. They were fitted by conditional logistic
regression on public sets of Vietnamese questions, none of them this knowledge base. They hold for sets
of other subjects and sizes: a set that was left out of the fit gains as much as those in it
(docs/why/matching.md).
"""

from math import exp

from faq.likeness import Closeness

VOTE, COVERED, COVERING, AGREEING, OTHER_NUMBER = 5.02, 7.51, 3.38, 4.33, -1.33
BESIDE_THE_POINT = 6.0  # what a part of a message loses that is not what is asked
OTHER_AUDIENCE = 4.0  # what an entry loses that is meant for others than the person who asks

ANSWER = 0.92  # from this probability on that it is the right one, an entry answers
RIGHT = 0.85  # and at least so right whatever else there is: in a small knowledge base any lead is large
CHOOSE = 0.48  # from this probability on that the right one is among three, they are offered
AGAIN = 0.30  # the same, once the person has refused the nearest
TIED = 2.0  # so many points behind an entry that may not be shown, another may be what is meant
AROUND = 0.10  # from here the nearest entry at least tells which unit to ask
CHOICES = 3


def points(found: Closeness, weight: float = 1.0) -> float:
    """How well an entry answers, from about 0 to 20; `weight` is that of the message's part."""
    return (
        VOTE * max(found.vote, 0.0)
        + COVERED * found.covered
        + COVERING * found.covering
        + AGREEING * found.agreeing
        + OTHER_NUMBER * found.other_number
        - BESIDE_THE_POINT * (1 - weight)
    )


def right(points: float) -> float:
    """How probable it is that an entry is the right one, whatever else there is."""
    return _share(0.571 * points - 7.788)


def sure(points: float, lead: float) -> float:
    """How probable it is that the first entry is the right one; `lead` is how far the next is behind."""
    return _share(0.295 * points + 0.552 * lead - 4.997)


def among(points: float) -> float:
    """How probable it is that the right one is among the first three; the points are those of the first."""
    return _share(0.783 * points - 9.918)


def _share(odds: float) -> float:
    return 1 / (1 + exp(-max(min(odds, 30.0), -30.0)))
