/* Comfort only: with the keyboard, a number from 1 to 7 rates the answer that has the focus. */
(() => {
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !/^[1-7]$/.test(event.key)) return;
    const field = event.target.closest("[data-tm-seven]");
    const chosen = field && field.querySelector(`input[value="${event.key}"]`);
    if (!chosen) return;
    event.preventDefault();
    chosen.checked = true;
    const fields = Array.from(document.querySelectorAll("[data-tm-seven]"));
    const next = fields[fields.indexOf(field) + 1];
    const input = next && (next.querySelector("input:checked") || next.querySelector("input"));
    (input || chosen).focus();
  });
})();
