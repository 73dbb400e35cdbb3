// Comfort only: every page works without this file.
(function () {
  "use strict";

  function each(root, selector, work) {
    root.querySelectorAll(selector).forEach(work);
  }

  // The theme changes at once; the server keeps it for the next page.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    var button = event.submitter;
    if (!form.matches("[data-theme-form]") || !button) return;
    event.preventDefault();
    document.documentElement.dataset.theme = button.value;
    window.applyTheme();
    each(form, "button", function (other) {
      other.classList.toggle("active", other === button);
      other.setAttribute("aria-pressed", String(other === button));
    });
    fetch(form.action, {
      method: "POST",
      body: new URLSearchParams({ theme: button.value, back: "/" }),
      redirect: "manual",
    });
  });

  // A second press of a submit button sends nothing; the one-time key guards what still gets through.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[data-repeat]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    if (event.submitter) event.submitter.classList.add("is-sending");
  });
  window.addEventListener("pageshow", function () {
    each(document, "form[data-sent]", function (form) {
      delete form.dataset.sent;
      each(form, ".is-sending", function (button) { button.classList.remove("is-sending"); });
    });
  });

  // A chosen filter applies at once.
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    if (form && form.matches("[data-autosubmit]") && event.target.matches("select, [type=date], [type=month]")) {
      form.requestSubmit();
    }
  });

  // Empty filters stay out of the address.
  document.addEventListener("formdata", function (event) {
    if (event.target.method !== "get") return;
    Array.from(event.formData.keys()).forEach(function (name) {
      if (event.formData.get(name) === "") event.formData.delete(name);
    });
  });

  // A menu closes by Escape and by a press outside of it.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    each(document, "details.menu[open]", function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });
  document.addEventListener("click", function (event) {
    each(document, "details.menu[open]", function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // The current section is in sight where the navigation scrolls; a refusal is read first.
  var current = document.querySelector(".topnav .topnav-link[aria-current]");
  var nav = current && current.closest(".topnav");
  if (nav && nav.scrollWidth > nav.clientWidth) {
    var from = current.getBoundingClientRect().left - nav.getBoundingClientRect().left;
    nav.scrollLeft += from - (nav.clientWidth - current.offsetWidth) / 2;
  }
  var alert = document.querySelector("[data-focus]");
  if (alert) alert.focus();

  // The answer to a form with mistakes carries 422 and belongs on the page as well.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.xhr.status === 422 || event.detail.xhr.status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
})();
