"""A participant's handout and a trainer's guide on paper, composed of the parts of a module."""

from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.lib.enums import TA_LEFT
from reportlab.platypus import Flowable, KeepTogether, Spacer

from core.export.pdf import (
    COLOURS,
    ROOM,
    WIDTH,
    Line,
    P,
    data_table,
    height_of,
    rich,
    section,
    sized,
    terms_strip,
)
from core.markdown import Block, markdown_blocks
from core.words import hours, plural
from curricula.rules.contents import Behaviour, ModuleDraft, QuizItem, RolePlay, Step
from curricula.rules.words import CHANNEL_LABELS, STEP_LABELS, Channel, StepKind, level_labels

SIZES = (1.3, 1.22, 1.14, 1.06, 1.0, 0.94, 0.88)
"""How large the handout is set: the largest size that fits its page is taken."""

INDENT = 13.0


def text_flow(text: str, factor: float = 1.12) -> list[Flowable]:
    """Return a Markdown text as paragraphs, headings and lists."""
    return [part for block in markdown_blocks(text) for part in _block(block, factor)]


def _block(block: Block, factor: float) -> Iterator[Flowable]:
    if block.kind == "heading":
        name = "heading" if block.level == 1 else "strong"
        yield rich(
            block.spans,
            sized(name, factor, spaceBefore=7 * factor, spaceAfter=2 * factor, keepWithNext=1),
        )
        return
    if block.kind == "item":
        left = INDENT * factor * block.level
        style = sized(
            "body",
            factor,
            leftIndent=left,
            bulletIndent=left - INDENT * factor,
            spaceAfter=1.6 * factor,
            alignment=TA_LEFT,
            bulletFontSize=8.2 * factor,
            bulletColor=COLOURS["ink2"],
        )
        yield rich(block.spans, style, block.mark)
        return
    yield rich(block.spans, sized("body", factor, spaceAfter=4 * factor))


def handout_flow(draft: ModuleDraft, factor: float) -> list[Flowable]:
    """Return the handout at one size."""
    body = markdown_blocks(draft.handout)
    titled = bool(body) and body[0].kind == "heading"
    title = [] if titled else [P(draft.title, "heading"), Spacer(0, 6)]
    return [*title, *text_flow(draft.handout, factor)]


def fitting_handout(draft: ModuleDraft) -> list[Flowable] | None:
    """Return the handout at the largest size that fits one page; None where none does."""
    for factor in SIZES:
        flow = handout_flow(draft, factor)
        spaces = sum(_space(part) for part in flow)
        if height_of(flow) + spaces <= ROOM:
            return handout_flow(draft, factor)
    return None


def _space(part: Flowable) -> float:
    return float(part.getSpaceBefore() + part.getSpaceAfter())


class Guide:
    """Composes the guide; one method per part."""

    def __init__(self, draft: ModuleDraft, categories: dict[str, str]) -> None:
        self.draft = draft
        self.categories = categories

    def story(self) -> list[Flowable]:
        """Return everything in the order in which it is used."""
        draft = self.draft
        return [
            *self._head(),
            *self._text("Preparation", draft.preparation),
            *self._plan(),
            *self._text("Facilitator notes", draft.facilitator_notes),
            *self._text("Practice", draft.practice),
            *self._role_plays(),
            *self._quiz(),
            *self._rubric(),
            *self._text("Assessment", draft.assessment),
            *self._text("Follow-up", draft.follow_up),
        ]

    def _head(self) -> Iterator[Flowable]:
        draft = self.draft
        shares = ", ".join(
            self.categories.get(code, code) + (f" {percent}%" if percent < 100 else "")
            for code, percent in draft.shares
        )
        terms = [
            ("Time", hours(draft.minutes)),
            ("Counts as", shares),
            ("For", ", ".join(level_labels(list(draft.levels)))),
            ("Needs first", ", ".join(draft.prerequisites) or "nothing"),
            ("Trains", ", ".join(draft.dimensions) or "no dimension"),
        ]
        yield terms_strip(terms)
        yield Spacer(0, 12)
        yield P(draft.title, "title")
        yield Spacer(0, 8)
        yield from text_flow(draft.summary, 1.12)
        if draft.outcomes:
            yield P("Afterwards people can", "strong")
            yield from text_flow("\n".join(f"- {outcome}" for outcome in draft.outcomes))

    def _text(self, title: str, text: str) -> list[Flowable]:
        return [Spacer(0, 10), section(title), *text_flow(text)] if text else []

    def _plan(self) -> Iterator[Flowable]:
        steps = self.draft.plan
        if not steps:
            return
        yield Spacer(0, 10)
        yield section("Session plan", f"{plural(len(steps), 'step', 'steps')},"
                                      f" {hours(self.draft.minutes)}")  # fmt: skip
        begins = 0
        lines = []
        for step in steps:
            kind = STEP_LABELS[StepKind(step.kind)]
            lines.append(Line((_clock(begins), P(step.title, "cell"), kind, hours(step.minutes))))
            begins += step.minutes
        yield data_table(("At", "Step", "Kind", "Time"), lines,
                         (44.0, WIDTH - 44 - 90 - 60, 90.0, 60.0), left=(0, 1, 2))  # fmt: skip
        yield Spacer(0, 6)
        begins = 0
        for step in steps:
            yield from self._step(step, begins)
            begins += step.minutes

    def _step(self, step: Step, begins: int) -> list[Flowable]:
        head = P(f"{_clock(begins)}  {step.title}", sized("strong", 1.08, spaceBefore=6,
                                                          keepWithNext=1))  # fmt: skip
        kind = f"{STEP_LABELS[StepKind(step.kind)]}, {hours(step.minutes)}"
        return [head, P(kind, sized("small", 1.0, keepWithNext=1)), *text_flow(step.text)]

    def _role_plays(self) -> Iterator[Flowable]:
        for number, play in enumerate(self.draft.role_plays, start=1):
            yield from self._role_play(number, play)

    def _role_play(self, number: int, play: RolePlay) -> list[Flowable]:
        told = f"{CHANNEL_LABELS[Channel(play.channel)]}, {hours(play.minutes)}"
        title = section(f"Role-play {number}: {play.title}", told, share=0.74)
        parts: list[Any] = [Spacer(0, 10), title, *text_flow(play.setting)]
        cards = (
            ("Employee card", play.employee_card),
            ("Customer card", play.customer_card),
            ("Debrief", play.debrief),
        )
        for label, text in cards:
            head = P(label, sized("strong", 1.0, spaceBefore=4, keepWithNext=1))
            parts += [head, *text_flow(text)]
        return parts

    def _quiz(self) -> Iterator[Flowable]:
        if not self.draft.quiz:
            return
        yield Spacer(0, 10)
        yield section("Quiz with key", plural(len(self.draft.quiz), "item", "items"))
        if self.draft.quiz_pass:
            yield P(self.draft.quiz_pass, "body", "Passed with:")
            yield Spacer(0, 4)
        for number, item in enumerate(self.draft.quiz, start=1):
            yield KeepTogether(self._quiz_item(number, item))

    def _quiz_item(self, number: int, item: QuizItem) -> list[Flowable]:
        must = " (must pass)" if item.must_pass else ""
        options: Sequence[Line] = [
            Line((letter, P(option.text, "cell"), str(option.score)))
            for letter, option in zip("abcdefgh", item.options, strict=False)
        ]
        return [
            P(item.situation, "body", f"{number}.{must}"),
            data_table(("", "Answer", "Points"), options, (18.0, WIDTH - 68, 50.0), left=(0, 1)),
            P(item.why, sized("small", 1.0, spaceBefore=2, spaceAfter=8), "Why:"),
        ]

    def _rubric(self) -> Iterator[Flowable]:
        if not self.draft.rubric:
            return
        yield Spacer(0, 10)
        yield section("Observer rubric", plural(len(self.draft.rubric), "behaviour", "behaviours"))
        yield P(self.draft.rubric_rule)
        lines = [
            Line((P(one.name, "cell_strong"), *(P(text, "cell") for text in _grades(one))))
            for one in self.draft.rubric
        ]
        width = (WIDTH - 96) / 3
        yield data_table(
            ("Behaviour", "Not yet", "Partly", "Fully"),
            lines,
            (96.0, width, width, width),
            left=(0, 1, 2, 3),
        )


def _grades(one: Behaviour) -> tuple[str, str, str]:
    return one.not_yet, one.partly, one.fully


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"
