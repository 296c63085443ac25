"""What owners and coaches are told of duties, through their notices.

Whoever leads a person owes what is owed to them; where nobody does, HR owes it and is told the
same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from aptitude.models.duties import Duty
from aptitude.queries.hr import hr_accounts
from core.bulk import AnySession
from core.clock import today
from core.words import day
from curricula.services.notifying import Draft, notify, notify_all
from people.models import Employee
from people.queries.opening import reading
from people.rules.opening import Reason

DUTY_PATH = "/team-aptitude/duties"
HR_PATH = "/aptitude/duties"
MOST_LETTERS = 5
"""More duties of HR than these are told in one letter a month, which leads to their list."""

RATE_PATH = "/aptitude/asked"


@dataclass(frozen=True)
class Owing:
    """One of those who owe a duty: its owner, or an account in HR where it has none.

    Attributes:
        key: Who it is, as the key of a letter holds it.
    """

    duty: Duty
    employee_id: int | None
    account_id: int | None
    key: str

    @property
    def is_hr(self) -> bool:
        """Tell whether it is HR that owes it."""
        return self.duty.owner_id is None


def _owing(session: AnySession, duties: Sequence[Duty]) -> Iterator[Owing]:
    """Return everybody who owes one of these duties; nobody in HR owes themself."""
    in_hr = hr_accounts(session) if any(one.owner_id is None for one in duties) else ()
    for duty in duties:
        if duty.owner_id is not None:
            yield Owing(duty, duty.owner_id, None, str(duty.owner_id))
            continue
        for account_id, employee_id in in_hr:
            if employee_id != duty.subject_id:
                yield Owing(duty, employee_id, account_id, f"hr-{account_id}")


def _one_by_one(duties: Sequence[Duty]) -> list[Duty]:
    """Return the duties each of which has its own letters: of HR, only if they are few."""
    has_few = sum(one.owner_id is None for one in duties) <= MOST_LETTERS
    return [one for one in duties if has_few or one.owner_id is not None]


def _of_many(
    session: AnySession, duties: Sequence[Duty], kind: str, subject: str, body: str
) -> list[Draft]:
    """Return one letter for everybody in HR, where more duties are told than go one by one."""
    if len(_one_by_one(duties)) == len(duties):
        return []
    return [
        Draft(
            employee_id,
            kind,
            f"{kind}:hr-{account_id}:{today():%Y-%m}",
            subject,
            body,
            "You are in HR, and HR meets duties towards people whom nobody leads.",
            HR_PATH,
            account_id,
        )
        for account_id, employee_id in hr_accounts(session)
    ]


@reading(Reason.LETTERS)
def tell_owners(session: AnySession, duties: Sequence[Duty], dimensions: Mapping[str, str]) -> None:
    """Tell whoever owes a duty that it has opened, or is theirs now.

    No score is in a letter: it stands on the page, where every look is on record.
    """
    told = _one_by_one(duties)
    names = _names(session, told)
    many = _of_many(
        session,
        duties,
        "duty_opened",
        "HR owes training to people whom nobody leads",
        "Two raters or more see less than is expected of them, and no manager of theirs is on "
        "record. Bring in who leads whom, and each duty goes to a manager; until then choose days "
        "and coaches in the list.",
    )
    each = [
        _opened(one, names[one.duty.subject_id], _dimension(dimensions, one.duty))
        for one in _owing(session, told)
    ]
    notify_all(session, [*many, *each])


def _opened(one: Owing, name: str, dimension: str) -> Draft:
    return Draft(
        one.employee_id,
        "duty_opened",
        f"duty-opened:{one.duty.id}:{one.key}",
        f"{'HR owes' if one.is_hr else 'You owe'} {name}: {dimension}, by {day(one.duty.due_on)}",
        "Two raters or more see less than is expected, so the company owes them training. "
        f"{'Nobody leads them, so HR sees to it. ' if one.is_hr else ''}"
        "Choose a day and a coach, see to it that the modules are taken, and write down "
        "what you see at work.",
        "You are in HR, and HR meets a duty towards somebody whom nobody leads."
        if one.is_hr
        else "You lead them, and a duty of the company is met by whoever leads.",
        f"{DUTY_PATH}/{one.duty.id}",
        one.account_id,
    )


@reading(Reason.LETTERS)
def tell_coach(session: AnySession, duty: Duty, dimensions: Mapping[str, str]) -> None:
    """Tell a coach once whom they help, on which dimension and by when; never a score."""
    if duty.coach_id is None:
        return
    name = _names(session, [duty])[duty.subject_id]
    notify(
        session,
        duty.coach_id,
        "duty_coach",
        f"duty-coach:{duty.id}:{duty.coach_id}",
        f"You coach {name}: {_dimension(dimensions, duty)}, by {day(duty.due_on)}",
        "The company owes them training, and you are named to help: watch them at work, say what "
        "you see, and practise with them. Talk with them, and with whoever leads them, about what "
        "helps most. It says nothing against them.",
        "You were named as coach.",
        RATE_PATH,
    )


@reading(Reason.LETTERS)
def tell_overdue(
    session: AnySession, duties: Sequence[Duty], dimensions: Mapping[str, str]
) -> None:
    """Tell owners once that the day of a duty has gone by; a new day that goes by is told anew."""
    told = _one_by_one(duties)
    names = _names(session, told)
    many = _of_many(
        session,
        duties,
        "duty_overdue",
        "Overdue: what HR owes to people whom nobody leads",
        "The days of several duties have gone by. The list names them, those overdue first; they "
        "count against the unit that owes them, not against anybody in it.",
    )
    each = [
        _overdue(one, names[one.duty.subject_id], _dimension(dimensions, one.duty))
        for one in _owing(session, told)
    ]
    notify_all(session, [*many, *each])


def _overdue(one: Owing, name: str, dimension: str) -> Draft:
    return Draft(
        one.employee_id,
        "duty_overdue",
        f"duty-overdue:{one.duty.id}:{one.key}:{one.duty.due_on.isoformat()}",
        f"Overdue since {day(one.duty.due_on)}: "
        f"what {'HR owes' if one.is_hr else 'you owe'} {name}",
        f"{dimension} was to be taught by then. It counts against the unit that owes it, not "
        "against them.",
        "You are in HR, and nobody leads them: the day of a duty HR owes has gone by."
        if one.is_hr
        else "You lead them, and the day of a duty you owe has gone by.",
        f"{DUTY_PATH}/{one.duty.id}",
        one.account_id,
    )


def _names(session: AnySession, duties: Sequence[Duty]) -> dict[int, str]:
    ids = {duty.subject_id for duty in duties}
    asked = select(Employee.id, Employee.name).where(Employee.id.in_(ids))
    return {id_: name or "somebody" for id_, name in session.execute(asked)}


def _dimension(dimensions: Mapping[str, str], duty: Duty) -> str:
    return dimensions.get(duty.dimension_code, duty.dimension_code)
