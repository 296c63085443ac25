"""What the library of forms says by itself, in the words of this product."""

NO_DAY = "This is no day of the calendar. Write it as 2026-11-30."
NO_WHOLE_NUMBER = "Write a whole number in digits, such as 8."
NO_NUMBER = "Write a number in digits, such as 2.5."
CHOOSE_OFFERED = "Choose one of those offered."
RELOAD = "Load the page again and repeat what you did."
NOT_FILLED = "This is empty. Fill it in."

PLAIN = {
    "Not a valid date value.": NO_DAY,
    "Not a valid datetime value.": "This is no day and time. Write it as 2026-11-30 09:30.",
    "Not a valid time value.": "This is no time of day. Write it as 09:30.",
    "Not a valid week value.": "This is no week of a year. Write it as 2026-W48.",
    "Not a valid integer value.": NO_WHOLE_NUMBER,
    "Not a valid decimal value.": NO_NUMBER,
    "Not a valid float value.": NO_NUMBER,
    "Not a valid choice.": CHOOSE_OFFERED,
    "Choices cannot be None.": CHOOSE_OFFERED,
    "Invalid Choice: could not coerce.": CHOOSE_OFFERED,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE_OFFERED,
    "'%(value)s' is not a valid choice for this field.": CHOOSE_OFFERED,
    "'%(value)s' are not valid choices for this field.": CHOOSE_OFFERED,
    "Invalid value, must be one of: %(values)s.": "Write one of: %(values)s.",
    "Invalid value, can't be any of: %(values)s.": "Write something else than: %(values)s.",
    "Number must be at least %(min)s.": "Write %(min)s or more.",
    "Number must be at most %(max)s.": "Write %(max)s or less.",
    "Number must be between %(min)s and %(max)s.": "Write a number from %(min)s to %(max)s.",
    "Date must be at least %(min)s.": "Choose %(min)s or a later day.",
    "Date must be at most %(max)s.": "Choose %(max)s or an earlier day.",
    "Date must be between %(min)s and %(max)s.": "Choose a day from %(min)s to %(max)s.",
    "Field cannot be longer than %(max)d character.": "This is too long: write one character.",
    "Field cannot be longer than %(max)d characters.": (
        "This is too long: at most %(max)d characters are kept. Shorten it."
    ),
    "Field must be at least %(min)d character long.": NOT_FILLED,
    "Field must be at least %(min)d characters long.": (
        "This is too short: write at least %(min)d characters."
    ),
    "Field must be exactly %(max)d character long.": "Write exactly one character.",
    "Field must be exactly %(max)d characters long.": "Write exactly %(max)d characters.",
    "Field must be between %(min)d and %(max)d characters long.": (
        "Write %(min)d to %(max)d characters."
    ),
    "Field must be equal to %(other_name)s.": "Write the same as in %(other_name)s.",
    "This field is required.": NOT_FILLED,
    "This field cannot be edited.": "This stays as it is.",
    "This field is disabled and cannot have a value.": "This stays empty.",
    "Invalid input.": "This cannot be read. Write it again.",
    "Invalid field name '%s'.": "There is no field %s.",
    "Invalid IP address.": "This is no IP address. Write it as 192.0.2.1.",
    "Invalid Mac address.": "This is no MAC address. Write it as 00:00:5e:00:53:01.",
    "Invalid URL.": "This is no web address. Write it with https:// in front.",
    "Invalid UUID.": "This is no such number. Copy it again.",
    "Invalid email address.": "This is no e-mail address. Write it as name@example.org.",
    "Invalid CSRF Token.": RELOAD,
    "CSRF token missing.": RELOAD,
    "CSRF token expired.": RELOAD,
    "CSRF failed.": RELOAD,
}
"""By what the library would say; what stands in a form itself goes before both."""


class PlainWords:
    """Says the library's sentences in ours; hand it out as the translations of a form."""

    def gettext(self, text: str) -> str:
        """Return our sentence for the library's."""
        return PLAIN.get(text, text)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """Return our sentence for the library's, of one or of many."""
        return self.gettext(one if count == 1 else many)
