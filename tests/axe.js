// What tests/axe.py asks in a page where axe is.
axe.asked = (() => {
  const COLOURS = ["color-contrast", "link-in-text-block"];
  const STYLES = [
    "color", "fill", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight",
    "textShadow", "textDecoration", "filter", "mixBlendMode", "position", "zIndex",
  ];
  const BEHIND = ["bgGradient", "bgImage", "imgNode"]; // a picture: nobody can tell
  const QUICK = {selectors: false, elementRef: true};
  let texts = new Map();

  const told = found => found.violations.map(one => `${one.id} (${one.impact}): ${one.help} | `
    + one.nodes.slice(0, 5).map(node => node.html.slice(0, 200)).join(" | "));

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

  const kindsOf = made => {
    const kind = e => {
      if (!e) return String(innerWidth);
      if (!made.has(e)) {
        const style = getComputedStyle(e);
        const off = e.matches(":disabled, [aria-disabled=true], [inert]") || e.control?.disabled;
        made.set(e, hashed([
          kind(e.parentElement), e.tagName, off, ...STYLES.map(name => style[name]),
        ].join("|")));
      }
      return made.get(e);
    };
    return kind;
  };

  const says = e => /^(INPUT|SELECT|TEXTAREA)$/.test(e.tagName)
    || [...e.childNodes].some(one => one.nodeType === 3 && one.data.trim());

  // What skips the bar stands outside until it is reached; what only readers hear is one dot large.
  const isUnseen = box => box.right <= 0 || box.bottom + scrollY <= 0
    || (box.width <= 1 && box.height <= 1);

  return {
    // What is wrong with the page besides its colours.
    async made() {
      const rules = Object.fromEntries(COLOURS.map(name => [name, {enabled: false}]));
      return told(await axe.run(document, {...QUICK, resultTypes: ["violations"], rules}));
    },

    // Of which kinds the visible texts are: what they stand in, how all that looks, and how wide
    // the window is.
    kinds() {
      const kind = kindsOf(new Map());
      texts = new Map();
      for (const e of document.body.querySelectorAll("*")) {
        if (!says(e) || !e.checkVisibility() || isUnseen(e.getBoundingClientRect())) continue;
        const name = kind(e);
        texts.set(name, [...(texts.get(name) || []), e]);
      }
      return [...texts.keys()];
    },

    // What is wrong with the texts of these kinds, and of which kinds that is all that can be told:
    // some text was good, or stands on a picture.
    async colours(kinds) {
      const found = await axe.run(kinds.flatMap(one => texts.get(one)), {
        ...QUICK, resultTypes: ["violations", "passes", "incomplete"], runOnly: COLOURS,
      });
      const nodesOf = list => list.flatMap(rule => rule.nodes);
      const elements = nodes => new Set(nodes.map(node => node.element));
      const bad = elements(nodesOf(found.violations));
      const good = elements([...nodesOf(found.passes), ...nodesOf(found.incomplete)
        .filter(node => node.any.some(one => BEHIND.includes(one.data?.messageKey)))]);
      const isKnown = list => list.some(e => good.has(e)) && !list.some(e => bad.has(e));
      return [told(found), kinds.filter(one => isKnown(texts.get(one)))];
    },
  };
})();
