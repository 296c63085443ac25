/* Comforts of the attendance sheet: it works without this file. */
(() => {
  const form = document.querySelector("form[data-tm-sheet]");
  if (!form) return;
  const present = form.querySelector("[data-tm-present]");
  const total = form.querySelector("[data-tm-minutes]");
  const elsewhere = Number.parseInt(total.dataset.tmMinutes, 10) || 0;
  const people = Array.from(form.querySelectorAll(".tm-person"));

  const words = (minutes) => {
    const whole = Math.floor(minutes / 60);
    const left = minutes % 60;
    if (!left) return `${whole}\u202fh`;
    if (!whole) return `${left}\u202fmin`;
    return `${whole}\u202fh\u202f${String(left).padStart(2, "0")}`;
  };

  // Who is absent has no minutes, and who is present no reason.
  const show = () => {
    let there = 0;
    let minutes = elsewhere;
    people.forEach((person) => {
      const chosen = person.querySelector("input[type=radio]:checked");
      const isThere = Boolean(chosen) && chosen.value === "present";
      const isAbsent = Boolean(chosen) && chosen.value === "absent";
      const field = person.querySelector("[name^='minutes-']");
      person.classList.toggle("is-absent", isAbsent);
      person.querySelector(".tm-why").hidden = !isAbsent;
      if (!isThere) return;
      there += 1;
      minutes += Number.parseInt(field.value || form.dataset.tmSheet, 10) || 0;
    });
    present.textContent = String(there);
    total.textContent = words(minutes);
  };
  show();
  form.addEventListener("input", show);

  // Who is absent without a reason is asked for it before the sheet is sent to be closed.
  form.addEventListener("submit", (event) => {
    if (!event.submitter || event.submitter.value !== "close") return;
    const unsaid = people
      .filter((person) => person.classList.contains("is-absent"))
      .map((person) => person.querySelector("[name^='reason-']"))
      .filter((field) => !field.value.trim());
    unsaid.forEach((field) => {
      field.setAttribute("aria-invalid", "true");
      document.getElementById(field.getAttribute("aria-describedby")).className = "tm-error";
    });
    if (!unsaid.length) return;
    event.preventDefault();
    unsaid[0].focus();
  });
  form.addEventListener("change", (event) => {
    const field = event.target.closest(".tm-person").querySelector("[name^='minutes-']");
    if (event.target.value === "present" && !field.value) field.value = form.dataset.tmSheet;
    show();
  });
})();
