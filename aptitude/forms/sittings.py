"""Forms for those who answer scenarios."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from wtforms import (
    RadioField,
    SelectChoice,
    SelectField,
)
from wtforms.validators import Optional

from aptitude.forms.choices import CHANNEL_CHOICES
from aptitude.rules.situations import HIGHEST, LOWEST
from core.web.forms import BaseForm
from core.words import plural

OPTION_RATINGS = [SelectChoice(str(one), str(one)) for one in range(LOWEST, HIGHEST + 1)]


class OptionsForm(BaseForm):
    """Rate what one could do in a situation: one question for each option."""

    option_ids: tuple[int, ...] = ()

    @classmethod
    def asking(cls, options: Sequence[tuple[int, str, str]], said: Mapping[int, int]) -> Self:
        """Return the form for some options, with what was said of them before."""
        fields: dict[str, Any] = {"option_ids": tuple(option for option, _, _ in options)}
        for option, letter, _ in options:
            fields[f"rating-{option}"] = RadioField(
                f"Answer {letter}", [Optional()], choices=OPTION_RATINGS, validate_choice=False
            )
        made: type[Self] = type("OptionsFormOfScenario", (cls,), fields)
        return made(data={f"rating-{option}": str(one) for option, one in said.items()})

    def ask_for_the_rest(self) -> None:
        """Mark the answers that are not rated yet; what was rated is kept already."""
        given = self.ratings()
        for option in self.option_ids:
            field = self[f"rating-{option}"]
            if option not in given:
                field.errors = [f"{field.label.text} is not rated yet. Choose 1 to 7."]
        kept = "What you rated is kept." if given else "Nothing is rated yet."
        self.form_errors.append(f"{kept} Rate {plural(len(self.errors), 'more answer', 'more')}.")

    def ratings(self) -> dict[int, int]:
        """Return what was rated, by option; anything but a small number counts as 0."""
        given = {option: self[f"rating-{option}"].data for option in self.option_ids}
        return {
            option: int(one) if len(one) == 1 and one.isdecimal() else 0
            for option, one in given.items()
            if one
        }


class BeginForm(BaseForm):
    """Begin a scenario test."""

    channel = SelectField(
        "How you mostly meet customers",
        choices=[SelectChoice("", "In several ways"), *CHANNEL_CHOICES],
    )
