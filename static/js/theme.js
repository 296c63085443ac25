/* The chosen theme, before anything is painted. Nothing chosen: the system decides. */
(() => {
  try {
    const chosen = window.localStorage.getItem("tm-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.bsTheme = chosen;
  } catch (error) { /* storage is closed: the system decides */ }
})();
