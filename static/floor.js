// Comfort for the floor: a slider for the date, arrows between racks, dragging in the editor.
// Everything that it does can be done without it, by links and fields.
(function () {
  "use strict";

  var DAY = 86400000;

  // The slider stands beside the date once there is a script to move it.
  function slider() {
    document.querySelectorAll(".floor-slider[hidden]").forEach(function (box) { box.hidden = false; });
  }
  function dated(input) {
    var at = new Date(input.dataset.today + "T00:00:00Z").getTime() + Number(input.value) * DAY;
    return new Date(at).toISOString().slice(0, 10);
  }
  document.addEventListener("input", function (event) {
    if (!event.target.matches("[data-floor-days]")) return;
    event.target.form.elements.date.value = dated(event.target);
  });
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-floor-days]")) event.target.form.requestSubmit();
  });
  document.addEventListener("htmx:afterSettle", slider);
  slider();

  // A chosen rack opens beside the hall, and the hall stays where it is.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a.rack-link");
    if (!link || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    var href = link.getAttribute("href");
    var rack = link.dataset.rack;
    window.htmx.ajax("GET", href, { target: "#floor", select: "#floor", swap: "outerHTML" }).then(function () {
      history.pushState({}, "", href);
      var again = document.querySelector('a.rack-link[data-rack="' + rack + '"]');
      if (again) again.focus({ preventScroll: true });
    });
  });

  // Arrows go to the nearest rack that way.
  var WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  document.addEventListener("keydown", function (event) {
    var here = document.activeElement;
    var way = WAYS[event.key];
    if (!way || !here || !here.matches || !here.matches("a.rack-link")) return;
    var x = Number(here.dataset.column), y = Number(here.dataset.line);
    var best = null, least = Infinity;
    document.querySelectorAll("a.rack-link").forEach(function (link) {
      var along = (link.dataset.column - x) * way[0] + (link.dataset.line - y) * way[1];
      var aside = Math.abs((link.dataset.column - x) * way[1]) + Math.abs((link.dataset.line - y) * way[0]);
      if (along > 0 && along + aside * 3 < least) {
        least = along + aside * 3;
        best = link;
      }
    });
    if (best) {
      event.preventDefault();
      best.focus();
    }
  });

  // The editor: a rack that is dragged fills its fields, a field that is typed moves its rack.
  var editor = document.querySelector("[data-floor-editor]");
  if (!editor) return;
  var size = {
    width: Number(editor.dataset.cellWidth), height: Number(editor.dataset.cellHeight),
    left: Number(editor.dataset.left), top: Number(editor.dataset.top),
    columns: Number(editor.dataset.columns), lines: Number(editor.dataset.lines),
  };
  var moving = null, from = "";

  function field(name, rack) { return document.getElementById("f-" + name + "-" + rack); }
  function put(group, x, y) {
    group.setAttribute("transform", "translate(" + (size.left + x * size.width + 2) + " " + (size.top + y * size.height + 2) + ")");
  }
  function cell(event) {
    var point = new DOMPoint(event.clientX, event.clientY).matrixTransform(editor.getScreenCTM().inverse());
    var x = Math.floor((point.x - size.left) / size.width), y = Math.floor((point.y - size.top) / size.height);
    return [Math.max(0, Math.min(size.columns - 1, x)), Math.max(0, Math.min(size.lines - 1, y))];
  }
  editor.addEventListener("pointerdown", function (event) {
    var group = event.target.closest("[data-drag]");
    if (!group || event.button) return;
    moving = group;
    from = group.getAttribute("transform");
    editor.setPointerCapture(event.pointerId);
    group.parentNode.appendChild(group);
    group.classList.add("is-moving");
    event.preventDefault();
  });
  editor.addEventListener("pointermove", function (event) {
    if (!moving) return;
    var at = cell(event);
    put(moving, at[0], at[1]);
  });
  function drop(event) {
    if (!moving) return;
    var at = cell(event), rack = moving.dataset.drag;
    field("x", rack).value = at[0];
    field("y", rack).value = at[1];
    put(moving, at[0], at[1]);
    moving.classList.remove("is-moving", "is-loose", "is-wrong");
    moving = null;
  }
  editor.addEventListener("pointerup", drop);
  editor.addEventListener("pointercancel", function () {
    if (!moving) return;
    moving.setAttribute("transform", from);
    moving.classList.remove("is-moving");
    moving = null;
  });
  document.addEventListener("change", function (event) {
    var found = /^f-[xy]-(\d+)$/.exec(event.target.id || "");
    if (!found) return;
    var x = field("x", found[1]).value, y = field("y", found[1]).value;
    var group = editor.querySelector('[data-drag="' + found[1] + '"]');
    if (group && x !== "" && y !== "" && Number(x) >= 0 && Number(y) >= 0) put(group, Number(x), Number(y));
  });
})();
