"""Forms that are one button."""

from wtforms import HiddenField

from core.web.forms import BaseForm, VersionedForm


class ConfirmForm(BaseForm):
    """A button, nothing else."""


class SeenForm(VersionedForm):
    """A button that acts on what the person has seen, and carries the version of it."""


class ReadSeenForm(SeenForm):
    """A button that acts on a panel or workshop, with what was seen of it in words."""

    saw = HiddenField()
