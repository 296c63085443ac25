"""Fields in which people are named, and the choice where several are called so."""

from collections.abc import Sequence

from wtforms import StringField

from core.errors import RefusedError
from core.web.forms import BaseForm
from people.queries.finding import Found, SeveralError


class PersonField(StringField):
    """A name or number; `people` are those to choose among where several are called so.

    Their radio buttons stand before the text and have its name, so that a choice goes first.
    """

    people: Sequence[Found] = ()


def lines_of(text: str | None) -> tuple[str, ...]:
    """Return the names, numbers and addresses that were written down, each once."""
    text = (text or "").replace(",", "\n").replace(";", "\n")
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


class NamingForm(BaseForm):
    """A form that names people."""

    def refuse(self, refusal: RefusedError) -> None:
        """Attach `refusal` to its field, with the people to choose among."""
        super().refuse(refusal)
        field = self[refusal.field] if refusal.field and refusal.field in self else None
        if isinstance(refusal, SeveralError) and isinstance(field, PersonField):
            field.people = refusal.people
