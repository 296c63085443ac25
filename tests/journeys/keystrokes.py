"""How long a task takes a practised person, worked out from what was done and not from a clock.

The keystroke-level model of Card, Moran and Newell (1980) gives each act its time: a key pressed, a
pointer moved to its aim, hands moved between keyboard and pointer, a thought before an act. Reading
is added at the 238 words a minute that adults read silently (Brysbaert 2019): every word that can
be seen, for each person anew, as if none had been read before. How long one ponders is not in it.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

KEY, POINT, HOME, THINK = 0.28, 1.1, 0.4, 1.35
"""Seconds for a key or button of somebody who types as most do, and for the other three."""
WORDS_PER_MINUTE = 238

NEW_WORDS = """() => {
  const read = window.wordsRead = window.wordsRead || new WeakSet();
  const isThere = e => {
    if (!e.checkVisibility({visibilityProperty: true})) return false;
    for (; e.tagName !== "MAIN"; e = e.parentElement) {
      const box = e.getBoundingClientRect();
      if (box.width <= 1 && box.height <= 1) return false;
    }
    return true;
  };
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  let words = 0;
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (read.has(text) || !text.data.trim() || !isThere(text.parentElement)) continue;
    read.add(text);
    words += text.data.split(/\\s+/).filter(one => /\\p{L}/u.test(one)).length;
  }
  return words;
}"""
"""How many words of the page can be seen that could not be before; the bare numbers of a scale are
aimed at and not read."""


@dataclass
class Acts:
    """What was done to finish a task."""

    keys: int = 0
    points: int = 0
    homes: int = 0
    thoughts: int = 0
    words: int = 0

    @property
    def seconds(self) -> float:
        """Return how long it takes."""
        hands = KEY * self.keys + POINT * self.points + HOME * self.homes
        return hands + THINK * self.thoughts + 60 * self.words / WORDS_PER_MINUTE


class Hands:
    """Hands at a page, whose acts are counted; they begin at the pointer.

    One thinks before each click, before each run of keys on one thing, and before each word.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.acts = page, Acts()
        self.at_keys = False

    def read(self) -> None:
        """Read every word that can be seen and could not be before."""
        self.acts.words += self.page.evaluate(NEW_WORDS)

    def click(self, target: Locator) -> None:
        """Think, point at something and press the button there."""
        self._move(to_keys=False)
        self.acts.thoughts += 1
        self.acts.points += 1
        self.acts.keys += 1
        target.click()

    def press(self, *keys: str) -> None:
        """Think, and press some keys one after the other."""
        self._move(to_keys=True)
        self.acts.thoughts += 1
        self.acts.keys += len(keys)
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Think of each word and type it; a capital takes two keys."""
        self._move(to_keys=True)
        self.acts.thoughts += len(text.split())
        self.acts.keys += len(text) + sum(one.isupper() for one in text)
        self.page.keyboard.type(text)

    def _move(self, *, to_keys: bool) -> None:
        self.acts.homes += self.at_keys is not to_keys
        self.at_keys = to_keys
