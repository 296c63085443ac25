/* Comforts of the editor and the builder: both work without this file. */
(() => {
  // Previews beside the texts, as one writes.
  const editor = document.querySelector("form[data-tm-preview]");
  if (editor) {
    const carried = ["submission", "csrf_token"]
      .map((name) => editor.querySelector(`[name=${name}]`))
      .filter(Boolean)
      .map((field) => [field.name, field.value]);
    const waiting = new Map();
    const show = async (area) => {
      const shown = document.getElementById(area.dataset.tmShown);
      const body = new URLSearchParams([["text", area.value], ...carried]);
      const asked = area.value;
      try {
        const answer = await fetch(editor.dataset.tmPreview, { method: "POST", body });
        if (answer.ok && asked === area.value) shown.innerHTML = await answer.text();
      } catch (error) { /* offline: the button shows the preview later */ }
    };
    editor.addEventListener("input", (event) => {
      const area = event.target.closest("[data-tm-shown]");
      if (!area) return;
      window.clearTimeout(waiting.get(area));
      waiting.set(area, window.setTimeout(() => show(area), 300));
    });

    // The sum of the plan beside what the module takes.
    const said = editor.querySelector("[data-tm-plan-sum]");
    const sum = () => {
      let minutes = 0;
      editor.querySelectorAll("[name^='plan-'][name$='-minutes']").forEach((field) => {
        minutes += Number.parseInt(field.value, 10) || 0;
      });
      const whole = Number.parseInt(editor.elements.minutes.value, 10) || 0;
      const rest = whole - minutes;
      const end = rest === 0 ? "it fits" : rest > 0 ? `${rest} min are left` : `${-rest} min too many`;
      said.textContent = `${minutes} of ${whole} min: ${end}`;
    };
    sum();
    editor.addEventListener("input", sum);

    // Which sections are not saved yet stands beside their names and in the bar.
    const jump = editor.querySelector("[data-tm-jump]");
    const told = editor.querySelector("[data-tm-unsaved]");
    const count = editor.querySelector("[data-tm-unsaved-count]");
    const mark = (section) => {
      const link = jump.querySelector(`a[href="#${section.getAttribute("aria-labelledby")}"]`);
      if (link.dataset.tmMarked) return;
      link.dataset.tmMarked = "true";
      const word = document.createElement("span");
      word.className = "tm-unsaved";
      word.textContent = " not saved";
      link.append(word);
      const names = Array.from(jump.querySelectorAll("[data-tm-marked]"), (one) => one.firstChild.textContent);
      told.textContent = `Not saved yet: ${names.join(", ")}`;
      count.textContent = `: ${names.length} not saved`;
    };
    editor.addEventListener("input", (event) => {
      const section = event.target.closest("section");
      if (section) mark(section);
    });

    // On a phone the list of sections opens when it is asked for, and closes when one is chosen.
    const narrow = window.matchMedia("(max-width: 62rem)");
    const fit = () => { jump.open = !narrow.matches; };
    fit();
    narrow.addEventListener("change", fit);
    jump.addEventListener("click", (event) => {
      if (narrow.matches && event.target.closest("a")) jump.open = false;
    });

    // Leaving with something unsaved asks first.
    let isChanged = "tmTyped" in editor.dataset;
    if (isChanged) told.textContent = "What you typed is not saved yet.";
    editor.addEventListener("input", () => { isChanged = true; });
    editor.addEventListener("submit", () => { isChanged = false; });
    window.addEventListener("beforeunload", (event) => { if (isChanged) event.preventDefault(); });
  }

  // Dragging modules by their numbers; dropping presses the same form as the buttons.
  const order = document.querySelector("[data-tm-order]");
  if (order) {
    const said = document.querySelector("[data-tm-order-said]");
    const rows = () => Array.from(order.children);
    let held = null;
    const rowAt = (y) => rows().find((row) => {
      const box = row.getBoundingClientRect();
      return row !== held && y >= box.top && y <= box.bottom;
    });
    const drop = () => {
      const form = held.querySelector("[data-tm-move]");
      const to = rows().indexOf(held) + 1;
      const was = Number(held.querySelector("[data-tm-grip]").textContent);
      held.classList.remove("held");
      said.textContent = `${held.dataset.tmTitle} is number ${to} now.`;
      held = null;
      if (to === was) return;
      const action = document.createElement("input");
      action.type = "hidden";
      action.name = "action";
      action.value = String(to);
      form.append(action);
      form.submit();
    };
    order.addEventListener("pointerdown", (event) => {
      const grip = event.target.closest("[data-tm-grip]");
      if (!grip || event.button !== 0) return;
      event.preventDefault();
      held = grip.closest("li");
      held.classList.add("held");
      order.setPointerCapture(event.pointerId);
    });
    order.addEventListener("pointermove", (event) => {
      const over = held && rowAt(event.clientY);
      if (!over) return;
      const all = rows();
      if (all.indexOf(over) > all.indexOf(held)) over.after(held);
      else over.before(held);
    });
    order.addEventListener("pointerup", () => { if (held) drop(); });
    order.addEventListener("pointercancel", () => { if (held) window.location.reload(); });
  }
})();
