"""What a course may count as, judged by the words of its title; silent when unsure.

Two kinds of evidence: a short lexicon of words that mean one thing wherever they stand, and the
titles people have classified already. A suggestion is never counted; it waits for a person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from core.words import plural
from ledger.rules.titles import word_key

LEXICON: dict[str, tuple[str, ...]] = {
    "hospitality": (
        "hospitality", "welcoming guests", "guest welcome", "courtesy", "greeting", "warmth",
        "host", "hosting", "concierge", "making guests feel", "anticipating needs",
    ),
    "service_recovery": (
        "complaint", "complaints", "service recovery", "recovery", "difficult customers",
        "difficult guests", "challenging callers", "difficult callers", "angry", "upset",
        "apology", "apologising", "apologizing",
        "de escalation", "deescalation", "defusing", "making it right", "unhappy",
    ),
    "relationship": (
        "relationship", "relationships", "rapport", "loyalty", "trust", "customer care",
        "client care", "partnership", "empathy with customers",
    ),
    "experiential": (
        "customer experience", "guest experience", "customer journey", "service walk", "role play",
        "role plays", "immersion", "mystery", "moments of truth", "shadowing guests", "simulation",
    ),
    "other_soft": (
        "leadership", "leading", "communication", "communicating", "coaching", "feedback",
        "teamwork", "teams", "team building", "mindfulness", "wellbeing", "well being", "stress",
        "resilience", "conflict", "negotiation", "presentation skills", "presenting",
        "time management", "emotional intelligence", "inclusion", "diversity", "respectful",
        "motivation", "listening", "self management", "change management", "mentoring",
        "speaking", "conversations",
    ),
    "product_knowledge": (
        "product", "products", "tariff", "tariffs", "portfolio", "catalogue", "menu knowledge",
        "price list", "pricing", "range",
    ),
    "technical": (
        "excel", "word", "powerpoint", "outlook", "sap", "crm", "erp", "system", "systems",
        "software", "database", "network", "router", "programming", "python", "sql", "windows",
        "sharepoint", "configuration", "installation", "troubleshooting", "electrical",
        "spreadsheet", "spreadsheets", "microsoft", "office 365", "teams app",
    ),
    "compliance": (
        "safety", "compliance", "gdpr", "privacy", "data protection", "fire", "first aid", "cpr",
        "security awareness", "anti bribery", "bribery", "anti money laundering", "code of conduct",
        "harassment", "hazard", "hazardous", "whmis", "hygiene", "haccp", "regulation",
        "regulations", "legal", "law", "asbestos", "confined space", "fall protection", "bullying",
    ),
    "operational": (
        "procedure", "procedures", "onboarding", "orientation", "rota",
        "shift", "planning", "scheduling", "inventory", "stock", "till", "checkout",
        "opening and closing", "workflow", "logistics", "warehouse", "handover", "returns",
        "budgeting", "procurement", "call handling",
    ),
}  # fmt: skip
"""Words and phrases that mean one category; a phrase weighs more than a word."""

EMPTY_WORDS = frozenset((
    "and", "for", "from", "how", "into", "our", "part", "the", "their", "using", "via", "what",
    "when", "with", "you", "your", "level", "overview", "practical", "basic", "basics", "advanced",
    "intermediate", "introduction", "intro", "essentials", "course", "courses", "training",
    "session", "module", "workshop", "refresher", "skills", "new", "day", "online", "class",
))  # fmt: skip
LONGEST_PHRASE = 3
WORD_WEIGHT, PHRASE_WEIGHT = 2, 3
MOST_VOTES = 3
AGREEMENT = 80
"""Percent of the classified titles with a word that have to agree before it has a vote."""
ENOUGH = 2
LEAD = 2
"""The first has to weigh this many times the second."""


@dataclass(frozen=True)
class Suggestion:
    """A category to start from, and why, as a sentence."""

    category: str
    reason: str


@dataclass
class _Evidence:
    weight: int = 0
    reason: str = ""
    strongest: int = 0

    def add(self, weight: int, reason: str) -> None:
        self.weight += weight
        if weight > self.strongest:
            self.strongest, self.reason = weight, reason


class Suggester:
    """Suggests categories for titles."""

    def __init__(self, classified: Iterable[tuple[str, str]], categories: dict[str, str]) -> None:
        """Learn from what people decided.

        Args:
            classified: Titles with the code of the one category they count as.
            categories: Names of the categories there are, by code.
        """
        self._categories = categories
        self._votes: dict[str, Counter[str]] = defaultdict(Counter)
        for title, category in classified:
            for word in _words(title):
                self._votes[word][category] += 1
        self._meanings = {
            phrase: category
            for category, phrases in LEXICON.items()
            if category in categories
            for phrase in phrases
        }

    def suggest(self, title: str) -> Suggestion | None:
        """Return what a title may count as, None when its words do not tell."""
        found: dict[str, _Evidence] = defaultdict(_Evidence)
        for phrase in _phrases(title):
            category = self._meanings.get(phrase)
            if category:
                weight = PHRASE_WEIGHT if " " in phrase else WORD_WEIGHT
                found[category].add(weight, f"“{phrase}” says so.")
        for word in _words(title):
            self._ask_titles(word, found)
        ranked = sorted(found.items(), key=lambda item: (-item[1].weight, item[0]))
        if not ranked or ranked[0][1].weight < ENOUGH:
            return None
        if len(ranked) > 1 and ranked[0][1].weight < LEAD * ranked[1][1].weight:
            return None
        category, evidence = ranked[0]
        return Suggestion(category, evidence.reason)

    def _ask_titles(self, word: str, found: dict[str, _Evidence]) -> None:
        votes = self._votes.get(word)
        if not votes:
            return
        total = votes.total()
        category, count = min(votes.items(), key=lambda item: (-item[1], item[0]))
        if category not in self._categories or total < ENOUGH or count * 100 < total * AGREEMENT:
            return
        name = self._categories[category]
        titles = plural(total, "title", "titles")
        reason = f"{count} of {titles} with “{word}” are {name}."
        found[category].add(min(count, MOST_VOTES), reason)


def _words(title: str) -> set[str]:
    return {
        word
        for word in word_key(title).split()
        if len(word) > ENOUGH and word not in EMPTY_WORDS and not word.isdigit()
    }


def _phrases(title: str) -> list[str]:
    words = word_key(title).split()
    return [
        " ".join(words[start : start + length])
        for length in range(1, LONGEST_PHRASE + 1)
        for start in range(len(words) - length + 1)
    ]
