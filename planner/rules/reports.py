"""A balance as one plain document: what the page shows, files carry and publishing freezes."""

import math
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from fractions import Fraction

from ledger.rules.kinds import Definition
from people.rules.levels import LEVEL_LABELS
from planner.rules import remarks
from planner.rules.cuts import HIDDEN, NO_SITE, Cuts, Document, Row
from planner.rules.facts import NOTHING
from planner.rules.gaps import Gap, gap, per_month, per_person
from planner.rules.intervals import interval, interval_note
from planner.rules.method import MethodFacts, MethodTerm, method_note
from planner.rules.periods import Deadline, month_end, month_label
from planner.rules.questions import Structure
from planner.rules.sentences import (
    TOO_FEW_ON_A_SIDE,
    TOO_FEW_PEOPLE,
    floor_sentence,
    gap_sentence,
    headline,
    lede,
)
from planner.rules.shares import figures

PATTERN = Fraction(1, 10)
SMALLEST_SCALE = 0.3
A_YEAR = 12


def month_key(on: date) -> int:
    """Return the month as roll-ups keep it: 202607."""
    return on.year * 100 + on.month


class Report(Cuts):
    """Puts the document together; one method per part of the page, the tables aside."""

    def document(self) -> Document:
        """Return the whole balance; one about too few people says so and holds no figure."""
        whole = self._whole()
        if self.closed:
            whole |= {
                "scale_max": SMALLEST_SCALE,
                "no_soft_people": None,
                "unclassified_note": "",
                "entries": None,
                "method": [],
                "trend": [],
            }
            whole["tables"] = {name: {**table, "rows": []} for name, table in self.tables().items()}
        return whole

    def _whole(self) -> Document:
        question, around = self.question, self.around
        period = question.period
        return {
            "organisation": around.organisation,
            "demo": around.demo,
            "title": self._title(),
            "lede": self._lede(),
            "basis": question.basis.value,
            "definition": question.definition.value,
            "structure": question.structure.value,
            "from": _iso(period.from_on),
            "to": _iso(period.to_on),
            "as_of": _iso(question.as_of),
            "recorded_to": (question.as_of or around.today).isoformat(),
            "period_label": period.label,
            "period_name": period.name,
            "scope": {"unit": question.unit_id, "label": self._scope_label()},
            "filters": {
                "level": question.level.value if question.level else None,
                "site": question.site_id,
            },
            "filter_words": list(self._filter_words()),
            "figures": self.whole_row(),
            **self._interval(),
            "pattern_share": float(PATTERN),
            "target": self._target(),
            "gap": self._gap(),
            "scale_max": self._scale(),
            "trend": self._trend(),
            "trend_note": self._trend_note(),
            "tables": self.tables(),
            "no_soft_people": self._without_soft(),
            "unclassified_note": "" if self.split_closed else around.unclassified_note,
            "method": [] if self.split_closed else [asdict(term) for term in self._method()],
            "entries": None if self.split_closed else self.facts.total.entries,
            "taxonomy_on": _iso(around.taxonomy_on),
        }

    def _title(self) -> str:
        if self.closed:
            return TOO_FEW_PEOPLE
        if self.split_closed:
            return TOO_FEW_ON_A_SIDE
        share = self.target.share if self.target else None
        sums = self.facts.people.sums(self.definition) if self.facts.people else None
        found = interval(sums) if sums else None
        return headline(self.figures, self.definition, PATTERN, share, found, self.question.basis)

    def _lede(self) -> str:
        if self.closed or self.split_closed:
            return ""
        question = self.question
        recorded = question.as_of or self.around.today
        scope = " and ".join(filter(None, [self._scope_name(), *self._filter_words()]))
        return lede(
            self.figures,
            question.definition,
            question.period,
            recorded,
            self.people,
            question.basis,
            scope,
        )

    def _without_soft(self) -> int | None:
        """Return who had no soft hour; it has no part that could be hidden, so HR alone sees it."""
        return None if self.around.groups_only else self.around.without_soft

    def _filter_words(self) -> Iterable[str]:
        if self.question.level is not None:
            yield f"level {LEVEL_LABELS[self.question.level]}"
        if self.question.site_id is not None:
            yield f"site {self.around.sites.get(self.question.site_id, NO_SITE)}"

    def _interval(self) -> Row:
        people = self.facts.people
        if people is None or self.closed or self.split_closed:
            return {"interval": None, "interval_note": ""}
        sums = people.sums(self.definition)
        found = interval(sums)
        return {
            "interval": asdict(found) if found else None,
            "interval_note": interval_note(sums),
        }

    def _target(self) -> Row | None:
        target = self.target
        if target is None:
            return None
        return {
            "share": float(target.share),
            "percent": target.percent,
            "definition": target.definition.value,
            "from_on": target.from_on.isoformat(),
            "unit_label": target.unit_label,
            "level_label": target.level_label,
        }

    def _gap(self) -> Row | None:
        if self.target is None or self.closed or self.split_closed:
            return None
        minutes = self.facts.total.minutes
        if not self.around.shows_mandatory:  # none may then be said to be free to be swapped
            minutes = replace(minutes, mandatory=minutes.hard + minutes.other_soft)
        found = gap(minutes, self.definition, self.target.share)
        document = gap_document(found, self.target.share, self.around.deadline, self.people)
        return document if self.around.shows_mandatory else {**document, "floor_sentence": ""}

    def _scale(self) -> float:
        """Return the end of the one ruler of the page: 30 % or as much more as it needs."""
        hidden = self.closed or self.split_closed
        shares = [] if hidden else [self.figures.soft_share, self.figures.soft_share_high]
        if self.target:
            shares.append(float(self.target.share))
        facts = self.facts
        groups = (facts.levels.values(), facts.units.values(), facts.sites.values())
        if not self.around.groups_only:  # the ruler must not tell of a cell that is hidden
            parts = (part for group in groups for part in group)
            shares.extend(figures(part.minutes, self.definition).soft_share for part in parts)
        largest = max([SMALLEST_SCALE, *(share for share in shares if share is not None)])
        return min(1.0, math.ceil(round(largest * 10, 6)) / 10)

    def _trend(self) -> list[Row]:
        rows: list[Row] = []
        hidden = self._hidden_months()
        for month in self.around.months:
            key = month_key(month)
            part = self.facts.months.get(key, NOTHING)
            figures_ = dict(HIDDEN) if key in hidden else self._row(part, None)
            period = self.question.period
            rows.append(
                {
                    "month": month.isoformat()[:7],
                    "label": _month_words(month, len(self.around.months)),
                    "in_period": period.holds(month) and period.holds(month_end(month)),
                    **figures_,
                }
            )
        return [] if len(hidden) == len(rows) else rows

    def _hidden_months(self) -> set[int]:
        if not self.around.groups_only:
            return set()
        places = {month_key(on): on.year * 12 + on.month - 1 for on in self.around.months}
        return {key for key, place in places.items() if self.gives_away(period=(place, place))}

    def _trend_note(self) -> str:
        if self.closed or self.around.groups_only:
            return ""
        points = [
            remarks.TrendPoint(
                on, figures(self.facts.months.get(month_key(on), NOTHING).minutes, self.definition)
            )
            for on in self.around.months
        ]
        pattern = PATTERN if self.definition is Definition.NARROW else None
        return remarks.trend_remark(points, pattern)

    def _method(self) -> list[MethodTerm]:
        question = self.question
        return method_note(
            MethodFacts(
                self.figures,
                question.definition,
                question.basis,
                question.structure is Structure.TODAY,
                self.facts.total.entries,
                self.around.taxonomy_on,
                question.as_of or self.around.today,
                tuple(filter(None, [self._scope_name(), *self._filter_words()])),
                self.around.guard is not None,
            )
        )


def gap_document(found: Gap, share: Fraction, deadline: Deadline, people: int | None) -> Row:
    """Return the gap with its sentences, in total, per person and per month."""
    add = found.add_minutes or 0
    return {
        "add_minutes": found.add_minutes,
        "swap_minutes": found.swap_minutes,
        "swap_feasible": found.swap_feasible,
        "best_share": found.best_share,
        "deadline": deadline.label,
        "months": deadline.months,
        "add_per_person_minutes": per_person(add, people),
        "add_per_month_minutes": per_month(add, deadline.months),
        "sentence": gap_sentence(found, share, deadline.label, people),
        "floor_sentence": floor_sentence(found.mandatory_minutes),
    }


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on is not None else None


def _month_words(month: date, months: int) -> str:
    """Return a month under the chart; with its year where more than twelve stand side by side."""
    label = month_label(month)
    return label if months <= A_YEAR or " " in label else f"{label} {month:%y}"
