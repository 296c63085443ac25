"""Forms that are one button."""

from core.web.forms import BaseForm


class ConfirmForm(BaseForm):
    """A button, nothing else."""
