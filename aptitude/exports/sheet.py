"""Composes a person's sheet: all that their page shows to whoever asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable, KeepTogether, Spacer

from aptitude.exports.sheet_tables import (
    history_table,
    ladder_table,
    next_table,
    profile_table,
    source_table,
)
from aptitude.queries.next_steps import NextModule, NextSteps, Owed, Refreshing
from aptitude.queries.profiles import AptitudePage
from aptitude.queries.records import Comment
from aptitude.rules.closeness import UNTOLD
from aptitude.rules.examples import Leading, Shown
from aptitude.rules.profile_words import SOURCE_WORDS
from aptitude.rules.scores import Score
from aptitude.rules.sources import Source
from aptitude.rules.words import OUTCOME_LABELS, SOURCE_LABELS, SOURCE_LABELS_OF_OTHERS, CommentKind
from core.export.pdf import P, section, terms_strip
from core.words import day, hours, plural
from people.rules.levels import LEVEL_LABELS

KEY = "Dot: others. Band: 95 %. Ring: self. Line: target."
NOT_FOR = (
    "Aptitude is taught, not innate. A low score opens a duty for the company. This sheet is not "
    "used for hiring or dismissal."
)
METHOD = (
    "Peers and direct reports count only from three on. A level is granted by the lowest required "
    "dimension, not by the mean. The history has one row a month: what was known on the last day "
    "on which what others say changed."
)
NEXT_LEVEL = (
    "The scores were given by what is expected of the level now; the anchors of the next one ask "
    "for more. A person decides, with other reasons too."
)
GAP = 8


@dataclass(frozen=True)
class Voice:
    """What differs between a sheet that speaks to the person and one that speaks of them."""

    keep: str
    method: str
    stand: str
    next: str
    owed: str
    said: str


TO_THEM = Voice(
    "Keep it where only you, those who lead you and HR find it.",
    "Others: mean of all raters besides yourself, each once. Your own rating is no part of it.",
    "Where you stand",
    "Next for you",
    "What the company owes you",
    "What you say about it",
)
OF_THEM = Voice(
    "Keep it where only the person, those who lead them and HR find it.",
    "Others: mean of all raters besides the person, each once. The own rating is no part of it.",
    "Where they stand",
    "Next",
    "What the company owes",
    "What the person says about it",
)


def sheet_story(
    page: AptitudePage, steps: NextSteps, leading: Leading | None, on: date
) -> list[Flowable]:
    """Return the parts of a person's sheet.

    The note on method stands under the first table, so that no page holds nothing else.
    """
    voice = TO_THEM if page.is_own else OF_THEM
    return [
        P(page.name, "title"),
        P(page.headline, "lede"),
        Spacer(0, 4),
        P(f"{page.overall_words} {page.corrected_words}".strip(), lead=_overall(page.overall)),
        Spacer(0, GAP),
        terms_strip(_terms(page, on)),
        Spacer(0, 6),
        P(f"{NOT_FOR} {voice.keep}"),
        Spacer(0, GAP),
        section("Dimensions against their targets", KEY, share=0.5),
        profile_table(page.lines),
        Spacer(0, 4),
        P(_method(page, voice), "small"),
        Spacer(0, GAP),
        *_part("The ladder", page.level_words, ladder_table(page.rungs, voice.stand), share=0.2),
        *_sources(page),
        *_list(voice.next, [*map(_module, steps.modules), *map(_refresher, steps.refreshing)]),
        *_list(voice.owed, [_duty(page, steps, one) for one in steps.owed]),
        *_next_level(page),
        *_leading(page, leading),
        *_history(page),
        *_list("Examples of what was seen", _examples(page)),
        *_list(voice.said, [_comment(one) for one in page.comments]),
    ]  # fmt: skip


def _overall(score: Score | None) -> str:
    """Return the overall figure with its band, or that there is none."""
    if score is None:
        return "No overall figure yet."
    band = "" if score.half is None else f" ± {score.half:.1f}"
    return f"Overall {score.mean:.1f}{band} on the scale from 1 to 5."


def _method(page: AptitudePage, voice: Voice) -> str:
    words = (voice.method, METHOD, page.error_words, page.other_level_words)
    return " ".join(one for one in words if one)


def _terms(page: AptitudePage, on: date) -> list[tuple[str, str]]:
    evidence = day(page.evidence_to) if page.evidence_to else "none yet"
    return [
        ("Level", LEVEL_LABELS[page.level]),
        ("Job title", page.job_title or "not recorded"),
        ("Framework", f"version {page.framework.number}"),
        ("Evidence to", evidence),
        ("As known on", day(on)),
    ]


def _sources(page: AptitudePage) -> list[Flowable]:
    if not page.sources:
        return []
    remark = "Mean and standard error; nobody is named."
    notes = [P(f"{SOURCE_WORDS} {page.older_words}".rstrip(), "small")]
    if any(one.source is Source.SCENARIO for one in page.sources):
        notes.append(P(f"Scenario test: a dash is {UNTOLD}.", "small"))
    return _part("Each source by itself", remark, source_table(page), Spacer(0, 3), *notes)


def _next_level(page: AptitudePage) -> list[Flowable]:
    if page.next_level is None:
        return []
    title = f"What the level {LEVEL_LABELS[page.next_level].lower()} takes"
    remark = "Evidence and what is missing, never a verdict."
    return _part(title, remark, next_table(page.next_lines), Spacer(0, 3), P(NEXT_LEVEL, "small"))


def _leading(page: AptitudePage, leading: Leading | None) -> list[Flowable]:
    """Return when a leader was seen doing it; what was seen is there for them alone."""
    if leading is None:
        return []
    quoted = [one for one in leading.examples if one.text]
    rows: list[Flowable] = [P(_quoted(page, one)) for one in quoted]
    return _part("Leading by example", "", P(leading.words), *rows)


def _quoted(page: AptitudePage, one: Shown) -> str:
    name = page.framework.names.get(one.dimension_code, one.dimension_code)
    source = SOURCE_LABELS[one.source] if one.source else "Seen at work"
    return f"{name}: {one.text} ({source}, {day(one.on)})"


def _history(page: AptitudePage) -> list[Flowable]:
    if not page.history:
        return []
    since = (Spacer(0, 3), P(page.since_words, "small")) if page.since_words else ()
    return _part("As it was known at each time", page.progress, history_table(page.history), *since)


def _part(title: str, remark: str, *parts: Flowable, share: float = 0.4) -> list[Flowable]:
    """Return a section that stands on one page where it fits on one."""
    return [KeepTogether([section(title, remark, share=share), *parts]), Spacer(0, GAP)]


def _list(title: str, items: Sequence[tuple[str, str]]) -> list[Flowable]:
    """Return a list under its heading, which never stands alone."""
    rows: list[Flowable] = [P(rest, lead=f"{first}:") for first, rest in items]
    if not rows:
        return []
    parts: list[Flowable] = [KeepTogether([section(title), rows[0]])]
    for row in rows[1:]:
        parts += [Spacer(0, 2), row]
    return [*parts, Spacer(0, GAP)]


def _module(one: NextModule) -> tuple[str, str]:
    return one.title, f"{hours(one.minutes)}. {one.why}"


def _refresher(one: Refreshing) -> tuple[str, str]:
    due = f"{'overdue since' if one.days_late else 'due'} {day(one.due_on)}"
    since = plural(one.days_since, "day", "days")
    return f"Refresher: {one.title}", f"{due}, {since} since it was completed."


def _duty(page: AptitudePage, steps: NextSteps, one: Owed) -> tuple[str, str]:
    return (
        page.framework.names.get(one.dimension_code, one.dimension_code),
        f"{_taught(one) or 'training'}, by {day(one.due_on)}"
        + f", owed by {one.owner or 'HR, as nobody leads ' + ('you' if page.is_own else 'them')}"
        + (f", with {one.coach} as coach" if one.coach else ", no coach yet")
        + (", overdue" if one.days_late else "")
        + f". {one.seen_words}{_days(steps, one)}",
    )


def _days(steps: NextSteps, owed: Owed) -> str:
    """Return when the modules of a duty that are not done yet can be done."""
    return "".join(
        f" {one.title}: {steps.days[one.module_id].words}"
        for one in owed.modules
        if one.done_on is None and one.module_id in steps.days
    )


def _taught(owed: Owed) -> str:
    """Return the modules of a duty: "Notice more, See the person (done 9 April 2026)"."""
    return ", ".join(
        one.title + (f" (done {day(one.done_on)})" if one.done_on else "") for one in owed.modules
    )


def _examples(page: AptitudePage) -> list[tuple[str, str]]:
    return [
        (
            f"{one.name}, {one.score:.1f}",
            f"{one.text} ({SOURCE_LABELS_OF_OTHERS[one.source]}, {day(one.on)})",
        )
        for one in page.examples
    ]


def _comment(one: Comment) -> tuple[str, str]:
    is_contest = one.kind is CommentKind.CONTEST
    about = SOURCE_LABELS_OF_OTHERS[one.source] + (f", {day(one.given_on)}" if one.given_on else "")
    told = f"{one.text} ({day(one.made_at.date())})"
    if one.answer:
        outcome = OUTCOME_LABELS[one.outcome] if one.outcome else "Answer"
        told = f"{told} {outcome}: {one.answer} {one.counts_now}".strip()
    elif is_contest:
        told = f"{told} Waits for an answer of HR."
    return f"{'Contested' if is_contest else 'Comment'}: {about}", told
