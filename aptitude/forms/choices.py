"""What several forms let people choose from."""

from wtforms import (
    SelectChoice,
)

from aptitude.rules.asking import (
    HALF_LEVELS,
    tenths_text,
)
from curricula.rules.words import CHANNEL_LABELS

SCORES = [SelectChoice(str(tenths), tenths_text(tenths)) for tenths in HALF_LEVELS]
CHANNEL_CHOICES = [SelectChoice(one.value, label) for one, label in CHANNEL_LABELS.items()]
