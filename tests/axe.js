// What tests/axe.py asks in a page where axe is.
axe.configure({noHtml: true}); // of what is good nobody reads how it is written
axe.asked = (() => {
  const COLOURS = ["color-contrast", "link-in-text-block"];
  const STYLES = [
    "color", "fill", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight",
    "textShadow", "textDecoration", "filter", "mixBlendMode", "position", "zIndex",
  ];
  // What an element gives the texts inside it, and that of one nobody would miss: it is not seen
  // itself and changes nothing of what it holds.
  const PAINTED = [
    "backgroundColor", "backgroundImage", "opacity", "filter", "mixBlendMode", "position",
    "zIndex", "float", "transform", "clipPath", "maskImage", "overflow",
  ];
  const UNSEEN = "rgba(0, 0, 0, 0)|none|1|none|normal|static|auto|none|none|none|none|visible";
  const SAMPLE = 3; // texts of one kind
  const BEHIND = ["bgGradient", "bgImage", "imgNode"]; // a picture: nobody can tell
  const QUICK = {selectors: false, elementRef: true};
  const MEDIA = {assets: ["media"]}; // no rule that is asked reads style sheets
  let texts = new Map();

  const told = found => found.violations.map(one => `${one.id} (${one.impact}): ${one.help} | `
    + one.nodes.slice(0, 5).map(node => node.element.outerHTML.slice(0, 200)).join(" | "));

  const hashed = text => { // cyrb53
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
  };

  // What is painted and laid over or under others, such as a bar that stays: where it stands, and
  // on what. A text it meets is of a kind of its own.
  const floatingOnes = ground => [...document.body.querySelectorAll("*")]
    .filter(e => {
      const style = getComputedStyle(e);
      const floats = style.position !== "static" || style.transform !== "none";
      const paints = style.backgroundColor !== "rgba(0, 0, 0, 0)" || style.backgroundImage !== "none";
      return floats && paints && e.checkVisibility();
    })
    .map(e => [e, e.getBoundingClientRect(), ground(e)]);

  const meet = (one, other) => one.left < other.right && other.left < one.right
    && one.top < other.bottom && other.top < one.bottom;

  const kindsOf = () => {
    const made = new Map();
    const ground = e => {
      if (!e) return String(innerWidth);
      if (!made.has(e)) {
        const style = getComputedStyle(e);
        const painted = PAINTED.map(name => style[name]).join("|");
        const below = ground(e.parentElement);
        made.set(e, painted === UNSEEN ? below : hashed(`${below}|${painted}`));
      }
      return made.get(e);
    };
    const above = floatingOnes(ground);
    return (e, box) => {
      const beside = above.filter(([one, its]) => !one.contains(e) && meet(its, box)).map(all => all[2]);
      const off = e.closest(":disabled, [aria-disabled=true], [inert]")
        || e.closest("label")?.control?.disabled;
      return hashed([ground(e), e.tagName, Boolean(off), lookOf(e), around(e), ...beside].join("|"));
    };
  };

  const lookOf = e => {
    const style = getComputedStyle(e);
    return STYLES.map(name => style[name]).join("|");
  };

  // A link has to stand out from the words beside it: how those look, and whether there are any.
  const around = e => {
    const link = e.closest("a, [role=link]");
    const looks = [];
    for (let block = link?.parentElement; block; block = block.parentElement) {
      looks.push(lookOf(block));
      if (!getComputedStyle(block).display.startsWith("inline")) {
        return [...looks, block.textContent.trim() === link.textContent.trim()].join("|");
      }
    }
    return looks.join("|");
  };

  const NO_TEXT = /^(hidden|range|color|checkbox|radio|image)$/; // axe asks these for no contrast, nor options
  const says = e => {
    if (e.tagName === "INPUT") return !NO_TEXT.test(e.type);
    return /^(SELECT|TEXTAREA)$/.test(e.tagName)
      || (e.tagName !== "OPTION" && [...e.childNodes].some(one => one.nodeType === 3 && one.data.trim()));
  };

  // What skips the bar stands outside until it is reached; what only readers hear is one dot large.
  const isUnseen = box => box.right <= 0 || box.bottom + scrollY <= 0
    || (box.width <= 1 && box.height <= 1);

  return {
    // What is wrong with the page besides its colours, and of which kinds its texts are.
    async made() {
      const rules = Object.fromEntries(COLOURS.map(name => [name, {enabled: false}]));
      const found = await axe.run(document, {
        ...QUICK, resultTypes: ["violations"], rules, preload: MEDIA,
      });
      return [told(found), this.kinds()];
    },

    // Of which kinds the visible texts are: what they stand in, how all that looks, and how wide
    // the window is.
    kinds() {
      const kind = kindsOf();
      texts = new Map();
      for (const e of document.body.querySelectorAll("*")) {
        const box = e.getBoundingClientRect();
        if (!says(e) || !e.checkVisibility() || isUnseen(box)) continue;
        const name = kind(e, box);
        texts.set(name, [...(texts.get(name) || []), e]);
      }
      return [...texts.keys()];
    },

    // What is wrong with the texts of these kinds, and of which kinds that is all that can be told:
    // some text was good, or stands on a picture. Texts of one kind look alike, so some are asked;
    // where axe cannot tell of these, all others too.
    async colours(kinds) {
      const wrong = [], bad = new Set(), good = new Set();
      const ask = async elements => {
        if (!elements.length) return;
        const found = await axe.run(elements, {
          ...QUICK, resultTypes: ["violations", "passes", "incomplete"], runOnly: COLOURS,
        });
        const nodesOf = list => list.flatMap(rule => rule.nodes);
        const add = (set, nodes) => nodes.forEach(node => set.add(node.element));
        add(bad, nodesOf(found.violations));
        add(good, nodesOf(found.passes));
        add(good, nodesOf(found.incomplete)
          .filter(node => node.any.some(one => BEHIND.includes(one.data?.messageKey))));
        wrong.push(...told(found));
      };
      const isIn = set => kind => texts.get(kind).some(e => set.has(e));
      await ask(kinds.flatMap(kind => texts.get(kind).slice(0, SAMPLE)));
      const untold = kinds.filter(kind => !isIn(good)(kind) && !isIn(bad)(kind));
      await ask(untold.flatMap(kind => texts.get(kind).slice(SAMPLE)));
      return [wrong, kinds.filter(kind => isIn(good)(kind) && !isIn(bad)(kind))];
    },
  };
})();
