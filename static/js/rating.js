/* Keeps what somebody has begun to say while they fill it in; the button does it without this file. */
(() => {
  const form = document.querySelector("form[data-tm-keep]");
  if (!form) return;
  const PAUSE_MS = 800;
  const told = form.querySelector("[data-tm-kept]");
  let waiting = null;
  let running = null;
  let isSent = false;

  const two = (number) => String(number).padStart(2, "0");
  const kept = (at) => {
    const clock = `${two(at.getHours())}:${two(at.getMinutes())}`;
    const isToday = at.toDateString() === new Date().toDateString();
    const day = at.toLocaleDateString("en-GB", { day: "numeric", month: "long" });
    return isToday ? `Kept ${clock}` : `Kept ${day}, ${clock}`;
  };
  // What is said already is not said again: a screen reader would read it after every answer.
  const text = told.appendChild(document.createTextNode(""));
  const say = (words) => {
    if (text.data !== words) text.data = words;
  };
  if (told.dataset.tmKept) {
    text.previousSibling.remove();
    say(kept(new Date(told.dataset.tmKept)));
  }
  const key = () => Array.from(window.crypto.getRandomValues(new Uint8Array(12)), (one) => one.toString(16).padStart(2, "0")).join("");

  const send = async () => {
    const answer = await fetch(form.dataset.tmKeep, {
      method: "POST",
      headers: { Accept: "application/json", "Idempotency-Key": key() },
      body: new FormData(form),
      keepalive: true,
      redirect: "error",
    });
    const kind = answer.headers.get("Content-Type") || "";
    const found = kind.startsWith("application/json") ? await answer.json() : {};
    if (answer.ok) return kept(new Date());
    return found.message || "Not kept. Load the page again before you go on.";
  };

  // One at a time, so that what was typed last is what is kept.
  const keep = async () => {
    window.clearTimeout(waiting);
    waiting = null;
    if (running) await running;
    if (isSent) return;
    running = send().catch(() => "Not kept: there is no connection. Your next answer tries again.");
    const words = await running;
    running = null;
    if (!isSent) say(words);
  };
  const soon = () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(keep, PAUSE_MS);
  };

  form.addEventListener("input", soon);
  form.addEventListener("submit", () => {
    isSent = true;
    window.clearTimeout(waiting);
  });
  // Whoever is called away may not come back to this page.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting !== null && !isSent) keep();
  });
  // Going back to it, what is kept may be newer than what the browser remembers.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
})();
