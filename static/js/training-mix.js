/* Comforts only: every page works without this file. */
(() => {
  const root = document.documentElement;

  // Theme: system, light or dark, kept on this device.
  const themes = document.querySelector("[data-tm-themes]");
  const showTheme = () => {
    const now = root.dataset.bsTheme || "system";
    themes.querySelectorAll("[data-tm-theme]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.tmTheme === now));
    });
  };
  if (themes) {
    themes.hidden = false;
    showTheme();
    themes.addEventListener("click", (event) => {
      const button = event.target.closest("[data-tm-theme]");
      if (!button) return;
      const chosen = button.dataset.tmTheme;
      if (chosen === "system") delete root.dataset.bsTheme;
      else root.dataset.bsTheme = chosen;
      try {
        if (chosen === "system") window.localStorage.removeItem("tm-theme");
        else window.localStorage.setItem("tm-theme", chosen);
      } catch (error) { /* storage is closed: the choice holds for this page */ }
      showTheme();
    });
  }

  // Choices and groups of pages: one open at a time; a click elsewhere or Escape closes it.
  const choices = Array.from(document.querySelectorAll(".tm-choices details, .tm-nav details"));
  const closeOthers = (kept) => choices.forEach((one) => { if (one !== kept) one.open = false; });
  choices.forEach((one) => one.addEventListener("toggle", () => { if (one.open) closeOthers(one); }));
  document.addEventListener("click", (event) => {
    if (choices.length && !event.target.closest(".tm-choices details, .tm-nav details")) closeOthers(null);
  });
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && choices.find((one) => one.open);
    if (!open) return;
    open.open = false;
    open.querySelector("summary").focus();
  });

  // Copy link: the address holds every choice.
  document.querySelectorAll("[data-tm-copy]").forEach((link) => {
    link.addEventListener("click", async (event) => {
      if (!navigator.clipboard) return;
      event.preventDefault();
      try {
        await navigator.clipboard.writeText(new URL(link.getAttribute("href"), window.location.href).href);
        link.querySelector("[data-tm-copy-label]").textContent = "Copied";
      } catch (error) {
        window.location.assign(link.href);
      }
    });
  });

  // Dialogs: a link to a page that asks becomes a question on this page.
  document.querySelectorAll("[data-tm-dialog]").forEach((link) => {
    const dialog = document.getElementById(link.dataset.tmDialog);
    if (!dialog || !dialog.showModal) return;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      dialog.showModal();
    });
  });
  document.querySelectorAll("dialog [data-tm-close]").forEach((button) => {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      button.closest("dialog").close();
    });
  });

  // A double click sends once. The server acts once in any case, by the id the form carries.
  const SETTLED_MS = 5000;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    const sentAt = Number(form.dataset.tmSentAt || 0);
    if (Date.now() - sentAt < SETTLED_MS) event.preventDefault();
    else form.dataset.tmSentAt = String(Date.now());
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("[data-tm-sent-at]").forEach((form) => delete form.dataset.tmSentAt);
  });

  // Levels: both ends ask for an example, so its field opens by itself.
  document.querySelectorAll(".tm-scale").forEach((scale) => {
    const example = scale.querySelector(".tm-scale-example");
    scale.addEventListener("change", (event) => {
      if (example && (event.target.value === "10" || event.target.value === "50")) example.open = true;
    });
  });

  // Jobs: look again while one runs.
  const job = document.querySelector("[data-tm-reload-after]");
  if (job) window.setTimeout(() => window.location.reload(), Number(job.dataset.tmReloadAfter) * 1000);
})();
