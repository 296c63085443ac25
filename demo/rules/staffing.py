"""Who held which post when: hires, leavers, promotions and moves over the months told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demo.rules import names
from demo.rules.organisation import Post

LEAVING = {"frontline": 0.012, "senior": 0.005, "team_lead": 0.004, "manager": 0.003}
"""How many of a hundred leave in a month, by level."""
MOVING = 0.15
"""How many vacancies at the front line are filled from another unit of the same division."""
WAITING = 0.35
"""How many vacancies at the front line stay open for a month."""
FIRST_NUMBER = 1001
PART_TIMES = ("0.5", "0.6", "0.75", "0.8")


@dataclass
class Member:
    """A person of the demo organisation."""

    number: str
    name: str
    gender: str
    fte: str
    employment: str
    hired_on: date
    left_on: date | None = None

    @property
    def email(self) -> str:
        """Address at work."""
        return names.address(self.name)


@dataclass(frozen=True)
class Place:
    """Where a member stands from a day on, and whom they report to then."""

    from_on: date
    post: Post
    manager: str


@dataclass
class Staff:
    """Everybody who ever worked here, and where each stood when.

    Attributes:
        members: By employee number.
        places: Of each member, in order of days.
        holders: For each month, who held which post.
    """

    members: dict[str, Member] = field(default_factory=dict)
    places: dict[str, list[Place]] = field(default_factory=dict)
    holders: list[dict[str, str]] = field(default_factory=list)

    def holder(self, key: str) -> Member:
        """Return who holds a post in the last month."""
        return self.members[self.holders[-1][key]]


def staff_over(months: Sequence[date], posts: Sequence[Post], rng: Random) -> Staff:
    """Return who worked here in these months."""
    life = _Life(posts, rng)
    for number, month in enumerate(months):
        if number:
            life.let_go(month)
        life.fill(month, number)
        life.write_down(month)
    return life.staff


class _Life:
    """The organisation as one month follows the other."""

    def __init__(self, posts: Sequence[Post], rng: Random) -> None:
        self.staff = Staff()
        self.rng = rng
        self.names = names.people(rng)
        self.posts = {post.key: post for post in posts}
        self.held: dict[str, str] = {}
        self.open_again: dict[str, int] = {}

    def let_go(self, month: date) -> None:
        """Let some leave on the last day of the month before."""
        for key, number in list(self.held.items()):
            post = self.posts[key]
            if post.is_kept or post.level == "executive":
                continue
            if self.rng.random() < LEAVING[post.level]:
                self.staff.members[number].left_on = month - timedelta(days=1)
                del self.held[key]

    def fill(self, month: date, number: int) -> None:
        """Fill what is open: from below where there is somebody, else from outside."""
        for post in self.posts.values():
            if post.key in self.held or post.opens_in > number:
                continue
            is_front = post.level == "frontline"
            is_waiting = self.open_again.get(post.key) != number - 1
            if number and is_front and is_waiting and self.rng.random() < WAITING:
                self.open_again[post.key] = number
                continue
            self._fill(post, month, is_first=number == 0)

    def _fill(self, post: Post, month: date, *, is_first: bool) -> None:
        mover = None if is_first else self._from_inside(post, month)
        if mover is None:
            self.held[post.key] = self._hire(post, month, is_first).number
            return
        self.held[post.key] = self.held.pop(mover.key)
        self._fill(mover, month, is_first=False)

    def _from_inside(self, post: Post, month: date) -> Post | None:
        """Return the post of somebody who takes this one, by promotion or by a move."""
        if post.level == "frontline":
            return self._neighbour(post) if self.rng.random() < MOVING else None
        below = [
            one
            for one in self._held_posts()
            if one.boss == post.key and not one.is_kept and self._is_settled(one, month)
        ]
        return self.rng.choice(below) if below and post.level != "executive" else None

    def _neighbour(self, post: Post) -> Post | None:
        division = post.unit.split(" / ")[0]
        others = [
            one
            for one in self._held_posts()
            if one.level == post.level
            and one.unit != post.unit
            and one.unit.split(" / ")[0] == division
            and one.title == post.title
        ]
        return self.rng.choice(others) if others else None

    def _held_posts(self) -> Iterator[Post]:
        return (post for key, post in self.posts.items() if key in self.held)

    def _is_settled(self, post: Post, month: date) -> bool:
        member = self.staff.members[self.held[post.key]]
        return (month - member.hired_on).days > 150

    def _hire(self, post: Post, month: date, is_first: bool) -> Member:
        name, gender = next(self.names)
        hired_on = month
        if is_first:
            longest = {"frontline": 2200, "senior": 3500}.get(post.level, 5200)
            hired_on = month - timedelta(days=self.rng.randrange(30, longest))
        number = f"M{FIRST_NUMBER + len(self.staff.members)}"
        part_time = post.level in {"frontline", "senior"} and self.rng.random() < 0.28
        member = Member(
            number,
            name,
            gender,
            self.rng.choice(PART_TIMES) if part_time else "1",
            self._employment(post),
            hired_on,
        )
        self.staff.members[number] = member
        return member

    def _employment(self, post: Post) -> str:
        if post.is_partner:
            return "partner"
        temporary = post.level == "frontline" and self.rng.random() < 0.12
        return "temporary" if temporary else "permanent"

    def write_down(self, month: date) -> None:
        """Remember who stands where, and what is new about it."""
        self.staff.holders.append(dict(self.held))
        for key, number in self.held.items():
            post = self.posts[key]
            manager = self.held[post.boss] if post.boss else ""
            known = self.staff.places.setdefault(number, [])
            if not known:
                first = min(month, self.staff.members[number].hired_on)
                known.append(Place(first, post, manager))
            elif (known[-1].post, known[-1].manager) != (post, manager):
                known.append(Place(month, post, manager))
