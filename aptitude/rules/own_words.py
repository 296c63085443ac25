"""What may be concluded from the organisation's own ratings and what not, in plain words."""

from bisect import bisect
from math import ceil

from aptitude.rules.correcting import Corrected
from aptitude.rules.own_ratings import ENOUGH_PERSONS, OwnRatings, Worth
from aptitude.rules.precision import USUAL_SEMS
from aptitude.rules.reliability import raters_needed, spearman_brown
from aptitude.rules.scores import Score
from aptitude.rules.sources import Source

FOR_FEEDBACK, FOR_GROUPS, FOR_PERSONS = 0.70, 0.80, 0.90
AGREES = ("little", "moderately", "well", "very well")
AGREE_ENDS = (0.40, 0.60, 0.75)
MOST_RATERS = 12


def agreement_word(low: float | None, high: float | None) -> str | None:
    """Return how far two raters of a person agree; None where the interval leaves that open.

    Args:
        low: The lower end of the interval of their correlation.
        high: Its upper end.
    """
    if low is None or high is None:
        return None
    least, most = bisect(AGREE_ENDS, low), bisect(AGREE_ENDS, high)
    if most - least > 1:
        return None
    return "agree " + " to ".join(AGREES[least : most + 1])


def headline(found: OwnRatings | None) -> str:
    """Return the sentence above the page."""
    if found is None:
        return "It is not measured yet how far raters agree: that is done every week, at night."
    if not found.rating.ratings:
        return "There are no ratings yet that could be held against each other."
    one = found.rating
    if one.icc is None or one.mdc95 is None:
        return "Too few people have two raters: how far raters agree cannot be told yet."
    word = agreement_word(one.icc_low, one.icc_high)
    if word is None:
        return (
            f"How far two raters of the same person agree is not known yet{_range(one)}: "
            f"differences below {one.mdc95:.1f} are noise."
        )
    return f"Two raters of the same person {word}: differences below {one.mdc95:.1f} are noise."


def _range(one: Worth) -> str:
    if one.icc_low is None or one.icc_high is None:
        return ""
    return f" (ICC {_number(one.icc_low)} to {_number(one.icc_high)})"


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def line_words(one: Worth) -> str:
    """Return what a line of the table says."""
    if not one.is_shown:
        return "Fewer than five persons or raters: nothing is shown."
    if one.icc is None or one.mdc95 is None:
        return "Hardly anybody has two raters yet."
    word = agreement_word(one.icc_low, one.icc_high)
    if word is None:
        return f"Not known yet how far two raters agree; below {one.mdc95:.1f} is noise."
    return f"Two raters {word}; below {one.mdc95:.1f} is noise."


def used_words(sem: float | None) -> str:
    """Return what the bands of profiles rest on.

    Args:
        sem: The error of one rating of the organisation's own data; None where too little is known.
    """
    if sem is None:
        usual = (
            f"the usual error of one rating ({USUAL_SEMS[Source.MANAGER]:.2f} of a manager or "
            f"observer, {USUAL_SEMS[Source.PEER]:.2f} of a peer, {USUAL_SEMS[Source.REPORT]:.2f} "
            "of a direct report), as this organisation’s own is not known yet"
        )
    else:
        usual = f"the error of one rating in this organisation, {sem:.2f}"
    return (
        f"Bands rest on {usual}, or on how far the raters differ where that is more "
        "(peers and reports from five on). They reach 1.96 errors to each side, and further where "
        "a few raters differ more than usual."
    )


def corrected_words(plain: Score | None, corrected: Corrected | None, basis: str) -> str:
    """Return the overall figure beside what it is without the severity of its raters.

    Args:
        plain: As it stands; None where too little is known.
        corrected: Without severity, as it was last measured; None where it never was.
        basis: A mark of the ratings that count now.
    """
    if plain is None or corrected is None or corrected.overall is None:
        return ""
    if corrected.basis != basis:
        return (
            "The ratings that count have changed, so what the overall figure would be with the "
            "severity of the raters taken out is worked out anew, within a week."
        )
    return (
        f"With the severity of the raters taken out it would be {corrected.overall:.1f} instead of "
        f"{plain.mean:.1f}. The figures here are not corrected."
    )


def pairs_words(found: OwnRatings) -> str:
    """Return whether profiles use the organisation's own error, and what is missing for it."""
    if found.sem_used is not None:
        return f"Profiles use {found.sem_used:.2f} as the error of one rating."
    return (
        f"Profiles do not use it yet: {ENOUGH_PERSONS} persons with two raters are needed; so far "
        f"there {'is' if found.rating.pairs == 1 else 'are'} {found.rating.pairs}."
    )


def may_conclude(found: OwnRatings) -> list[str]:
    """Return what the figures carry."""
    told = []
    one, forms = found.rating, found.overall
    if one.icc_mean is not None and one.mean_raters is not None:
        told.append(
            f"The mean of {one.mean_raters:.1f} raters on a dimension is reliable to "
            f"{max(0.0, one.icc_mean):.2f}{_means_range(one)}; {_for_what(_ends_of_mean(one))}."
        )
    if forms.alpha is not None and forms.alpha_low is not None and forms.alpha_high is not None:
        told.append(
            f"The dimensions go together (alpha {forms.alpha:.2f}, {forms.alpha_low:.2f} to "
            f"{forms.alpha_high:.2f}), so an overall figure "
            f"{'says something' if forms.alpha_low >= FOR_FEEDBACK else 'is to be read with care'}."
        )
    if one.sem is not None and one.mdc95 is not None:
        told.append(
            f"One rating has a standard error of {one.sem:.2f}: two ratings that lie more than "
            f"{one.mdc95:.1f} apart differ for a reason."
        )
    return told


def may_not_conclude(found: OwnRatings) -> list[str]:
    """Return what the figures do not carry."""
    told = []
    one = found.rating
    if one.mdc95 is not None:
        told.append(
            f"That somebody is better than somebody else because one rating is {one.mdc95:.1f} "
            "higher, or less."
        )
    if one.icc is not None and 0 < one.icc < FOR_FEEDBACK:
        needed = ceil(raters_needed(one.icc, FOR_FEEDBACK))
        how = f"takes {needed} raters" if needed <= MOST_RATERS else "no number of raters reaches"
        told.append(f"Much from one rater alone: feedback that can be relied on {how}.")
    told.append(
        "Anything that decides about a person: that would take a reliability of "
        f"{FOR_PERSONS:.2f}, and it is not what this is for."
    )
    if not found.connected:
        told.append(
            "Who rates severely: some raters share nobody they rated, not even by way of others, "
            "so severe raters and weak people look alike."
        )
    return told


def _ends_of_mean(one: Worth) -> tuple[float, float] | None:
    """Return the interval of the reliability of a mean of as many raters as there are."""
    if one.icc_low is None or one.icc_high is None or one.mean_raters is None:
        return None
    low, high = (
        spearman_brown(max(0.0, end), one.mean_raters) for end in (one.icc_low, one.icc_high)
    )
    return low, high


def _means_range(one: Worth) -> str:
    ends = _ends_of_mean(one)
    return f" ({ends[0]:.2f} to {ends[1]:.2f})" if ends else ""


def _for_what(ends: tuple[float, float] | None) -> str:
    """Return what a reliability is good enough for; where its interval leaves that open, so."""
    if ends is None:
        return "what that is good enough for is not known yet"
    low, high = map(_good_for, ends)
    return low if low == high else f"what that is good enough for is not known yet: at worst {low}"


def _good_for(reliability: float) -> str:
    if reliability >= FOR_GROUPS:
        return "good enough for feedback and to compare groups"
    if reliability >= FOR_FEEDBACK:
        return "good enough for feedback, not to compare groups"
    return "not yet good enough for feedback without a conversation"
