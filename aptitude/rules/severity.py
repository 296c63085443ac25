"""How severe each rater is: what is left of their scores when whom they rated is accounted for.

A score is taken to be what the person shows on the dimension, less the severity of the rater. That
can be told only where the design is connected: any two raters have rated the same, or are linked
by others who have. Otherwise severe raters and weak people look alike.

Severities are in points of the scale, add up to 0, and are positive for raters who give less than
others do. Scores are corrected by them only from `ENOUGH_RATINGS` ratings of each rater on, and
the uncorrected figure stays beside it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

ENOUGH_RATINGS = 30
MOST_SOLVED_AT_ONCE = 1_200
"""Raters up to whom the equations are solved as one full table."""

FEW_LOOPS = 2_000
"""Designs with hardly more links than it takes to connect them, such as chains, solve directly."""

_MOST_STEPS, _SMALL = 400, 1e-12
_ROUNDING = 1e-14


@dataclass(frozen=True)
class AdditiveFit:
    """Scores as the sum of what was rated and who rated it, by least squares.

    Attributes:
        severity: Of each rater; 0 on average in each part of the design.
        standard_error: Of each severity; None where there are too many raters, or nothing is left
            to tell an error by.
        parts: How many parts the design falls into; 1 when it is connected.
        residual_mean_square: What neither explains; None where nothing is left over.
    """

    severity: Real
    standard_error: Real | None
    parts: int
    residual_mean_square: float | None


@dataclass(frozen=True)
class RaterFigure:
    """One rater among the others.

    Attributes:
        mean: Of all their scores.
        severity: None where the design is not connected, or there is nobody to compare with.
    """

    count: int
    mean: float
    severity: float | None
    standard_error: float | None

    @property
    def may_correct(self) -> bool:
        """Tell whether scores of this rater may be corrected."""
        return self.severity is not None and self.count >= ENOUGH_RATINGS


def fit_additive(rated: Whole, raters: Whole, scores: Real) -> AdditiveFit:
    """Return how scores divide into what was rated and who rated it.

    Args:
        rated: What each score is about, numbered from 0 without gaps: a person, or a person on
            a dimension.
        raters: Who gave each score, numbered in the same way.
        scores: The scores.
    """
    design = _Design.of(rated, raters)
    centre = float(scores.mean()) if len(scores) else 0.0
    effect, variance = _effects(design, scores - centre)
    effect -= (np.bincount(design.part, effect) / np.bincount(design.part))[design.part]
    effect[np.abs(effect) <= _SMALL * np.abs(scores).max(initial=0.0)] = 0.0
    left = scores - centre - effect[raters]
    left -= (np.bincount(rated, left) / design.of_rated)[rated]
    floor = _ROUNDING**2 * float((scores**2).sum())
    square = float((left**2).sum())
    mean_square = (0.0 if square <= floor else square) / design.loops if design.loops else None
    error = None
    if variance is not None and mean_square is not None:
        error = np.sqrt(np.maximum(variance, 0.0) * mean_square)
    return AdditiveFit(0.0 - effect, error, design.parts, mean_square)


@dataclass(frozen=True)
class _Design:
    """Who rated what: counts, and the part of the design each rater belongs to."""

    rated: Whole
    raters: Whole
    of_rated: Real
    of_raters: Real
    part: Whole
    parts: int

    @property
    def loops(self) -> int:
        """Return how many scores are left over once every effect is told."""
        return len(self.rated) - len(self.of_rated) - len(self.of_raters) + self.parts

    @classmethod
    def of(cls, rated: Whole, raters: Whole) -> "_Design":
        from scipy.sparse import coo_array  # noqa: PLC0415  # heavy: imported when used
        from scipy.sparse.csgraph import connected_components  # noqa: PLC0415  # heavy

        of_rated = np.bincount(rated).astype(np.float64)
        of_raters = np.bincount(raters).astype(np.float64)
        nodes = len(of_raters) + len(of_rated)
        links = (np.ones(len(raters), np.int8), (raters, rated + len(of_raters)))
        parts, labels = connected_components(coo_array(links, shape=(nodes, nodes)), directed=False)
        part = labels[: len(of_raters)].astype(np.int64)
        return cls(rated, raters, of_rated, of_raters, part, int(parts))


def _effects(design: _Design, scores: Real) -> tuple[Real, Real | None]:
    """Return the effect of each rater, and the variance of each in units of the residual."""
    mean = np.bincount(design.rated, scores) / design.of_rated
    wanted: Real = np.bincount(design.raters, scores - mean[design.rated]).astype(np.float64)
    if len(design.of_raters) <= MOST_SOLVED_AT_ONCE:
        return _solve_at_once(design, wanted)
    found = None if design.loops <= FEW_LOOPS else _solve_step_by_step(design, wanted)
    return (_solve_sparse(design, scores) if found is None else found), None


def _solve_at_once(design: _Design, wanted: Real) -> tuple[Real, Real]:
    from scipy.sparse import csr_array  # noqa: PLC0415  # heavy: imported when used

    shape = (len(design.of_raters), len(design.of_rated))
    links = csr_array((1 / np.sqrt(design.of_rated[design.rated]), (design.raters, design.rated)),
                      shape=shape)  # fmt: skip
    same = design.part[:, None] == design.part[None, :]
    size = np.bincount(design.part)[design.part].astype(np.float64)
    inverse = np.linalg.inv(
        np.diag(design.of_raters) - (links @ links.T).toarray() + same / size[:, None]
    )
    return inverse @ wanted, np.diag(inverse) - 1 / size


def _solve_step_by_step(design: _Design, wanted: Real) -> Real | None:
    """Return the effects by conjugate gradients; None when they do not settle."""
    from scipy.sparse.linalg import LinearOperator, cg  # noqa: PLC0415  # heavy: when used

    def normal(effect: Real) -> Real:
        effect = effect.ravel()
        mean = np.bincount(design.rated, effect[design.raters]) / design.of_rated
        within = np.bincount(design.raters, effect[design.raters] - mean[design.rated])
        return within.astype(np.float64)

    shape = (len(wanted), len(wanted))
    own = np.bincount(design.raters, 1 - 1 / design.of_rated[design.rated])
    scale = np.where(own > 0, 1 / np.maximum(own, _SMALL), 0.0)
    found, failed = cg(
        LinearOperator(shape, normal, dtype=np.float64),
        wanted,
        rtol=_SMALL,
        maxiter=_MOST_STEPS,
        M=LinearOperator(shape, lambda one: scale * one.ravel(), dtype=np.float64),
    )
    return None if failed else np.asarray(found, dtype=np.float64)


def _solve_sparse(design: _Design, scores: Real) -> Real:
    """Return the effects where raters hang together in chains and bands: steps would be many."""
    from scipy.sparse import bmat, csc_array, diags_array  # noqa: PLC0415  # heavy: when used
    from scipy.sparse.linalg import splu  # noqa: PLC0415  # heavy: imported when used

    first = np.unique(design.part, return_index=True)[1]
    free = np.setdiff1d(np.arange(len(design.of_raters)), first)
    links = csc_array((np.ones(len(scores)), (design.raters, design.rated)))[free, :]
    wanted = np.concatenate(
        [np.bincount(design.rated, scores), np.bincount(design.raters, scores)[free]]
    )
    whole = bmat(
        [[diags_array(design.of_rated), links.T], [links, diags_array(design.of_raters[free])]],
        format="csc",
    )
    effect = np.zeros(len(design.of_raters))
    effect[free] = splu(whole).solve(wanted)[len(design.of_rated) :]
    return effect


def residual_mean_square(rated: Whole, raters: Whole, scores: Real) -> float | None:
    """Return what neither the rated nor the raters explain; None where nothing is left over."""
    if not len(scores) or not _Design.of(rated, raters).loops:
        return None
    return fit_additive(rated, raters, scores).residual_mean_square


def rater_figures(rated: Whole, raters: Whole, scores: Real) -> tuple[list[RaterFigure], bool]:
    """Return the figures of each rater by number, and whether the design is connected."""
    if not len(scores):
        return [], False
    fit = fit_additive(rated, raters, scores)
    counts = np.bincount(raters)
    means = np.bincount(raters, scores) / counts
    comparable = fit.parts == 1 and len(counts) > 1
    error = fit.standard_error
    figures = [
        RaterFigure(
            int(counts[at]),
            float(means[at]),
            float(fit.severity[at]) if comparable else None,
            float(error[at]) if comparable and error is not None else None,
        )
        for at in range(len(counts))
    ]
    return figures, fit.parts == 1
