"""The base of every form."""

from flask_wtf import FlaskForm

from core.errors import RefusedError


class BaseForm(FlaskForm):
    """A form that can show a refusal from the domain beside the right field."""

    def refuse(self, refusal: RefusedError) -> None:
        """Attach `refusal` to its field, or to the form as a whole."""
        if refusal.field and refusal.field in self:
            field = self[refusal.field]
            field.errors = [*field.errors, refusal.message]
        else:
            self.form_errors.append(refusal.message)
