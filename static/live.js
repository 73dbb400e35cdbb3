// What is drawn now: told by the server as it changes; where that does not work, the page is asked again.
(function () {
  "use strict";
  var REFRESH = 60000;
  document.querySelectorAll("[data-live]").forEach(function (box) {
    if (!window.EventSource) {
      setTimeout(function () { location.reload(); }, REFRESH);
      return;
    }
    var source = new EventSource(box.dataset.live);
    source.onmessage = function (event) {
      var told = JSON.parse(event.data);
      if (!told.kw) return;
      box.querySelector("[data-live-value]").textContent = told.kw;
      box.querySelector("[data-live-at]").textContent = told.at;
    };
    source.onerror = function () {
      if (source.readyState === EventSource.CLOSED) setTimeout(function () { location.reload(); }, REFRESH);
    };
    window.addEventListener("pagehide", function () { source.close(); });
  });
})();
