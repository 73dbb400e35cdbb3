// Runs before the first paint, so that a dark page never flashes white.
(function () {
  "use strict";
  var root = document.documentElement;
  var system = window.matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var wish = root.dataset.theme;
    root.dataset.bsTheme = wish === "dark" || (wish === "auto" && system.matches) ? "dark" : "light";
    document.dispatchEvent(new CustomEvent("themechange"));
  }
  system.addEventListener("change", apply);
  window.applyTheme = apply;
  apply();
})();
