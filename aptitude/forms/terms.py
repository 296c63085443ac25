"""What every form that asks others for assessments says: by when, what for, in which round."""

from wtforms import DateField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, Optional

from aptitude.rules.words import PURPOSE_LABELS, Purpose
from core.web.forms import BaseForm


class TermsForm(BaseForm):
    """By when, what for, in which round."""

    due_on = DateField("By", [InputRequired("Choose a day")])
    purpose = RadioField(
        "What for",
        [InputRequired("Choose one")],
        choices=[SelectChoice(one.value, PURPOSE_LABELS[one]) for one in Purpose],
        default=Purpose.DEVELOPMENT.value,
    )
    occasion = StringField("Name of the round", [Optional(), Length(max=300)])
