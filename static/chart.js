// Time series, and what lies behind them.
(function () {
  "use strict";
  var PHONE = 560;

  function css(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function hatch(ctx, colour) {
    var size = 8 * devicePixelRatio;
    var tile = document.createElement("canvas");
    tile.width = tile.height = size;
    var pen = tile.getContext("2d");
    pen.strokeStyle = colour;
    pen.lineWidth = devicePixelRatio;
    pen.beginPath();
    pen.moveTo(0, size);
    pen.lineTo(size, 0);
    pen.moveTo(-size / 2, size / 2);
    pen.lineTo(size / 2, -size / 2);
    pen.moveTo(size / 2, size * 1.5);
    pen.lineTo(size * 1.5, size / 2);
    pen.stroke();
    return ctx.createPattern(tile, "repeat");
  }

  function label(ctx, text, x, y, colour, align) {
    ctx.font = 11 * devicePixelRatio + "px " + getComputedStyle(document.body).fontFamily;
    ctx.fillStyle = colour;
    ctx.textAlign = align;
    ctx.fillText(text, x, y);
  }

  function spansPlugin(data) {
    function paint(u) {
      var ctx = u.ctx, box = u.bbox;
      ctx.save();
      ctx.beginPath();
      ctx.rect(box.left, box.top, box.width, box.height);
      ctx.clip();
      (data.spans || []).forEach(function (span) {
        var from = u.valToPos(span.from, "x", true), to = u.valToPos(span.to, "x", true);
        var colour = css("--chart-" + span.kind);
        ctx.fillStyle = span.kind === "estimated" ? hatch(ctx, colour) : colour;
        ctx.fillRect(from, box.top, Math.max(to - from, devicePixelRatio), box.height);
      });
      ctx.restore();
    }
    function write(u) {
      var ctx = u.ctx, box = u.bbox, edge = -Infinity;
      ctx.save();
      if (data.contract) {
        var y = u.valToPos(data.contract.value, "y", true);
        ctx.strokeStyle = css("--chart-contract");
        ctx.lineWidth = devicePixelRatio;
        ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
        ctx.beginPath();
        ctx.moveTo(box.left, y);
        ctx.lineTo(box.left + box.width, y);
        ctx.stroke();
        label(ctx, data.contract.label, box.left + box.width, y - 6 * devicePixelRatio, css("--chart-text"), "right");
      }
      var named = (data.spans || []).filter(function (span) { return span.label; });
      named.sort(function (a, b) { return a.from - b.from; }).forEach(function (span) {
        var x = u.valToPos((span.from + span.to) / 2, "x", true);
        var half = ctx.measureText(span.label).width / 2 + 6 * devicePixelRatio;
        if (x - half < edge || x + half > box.left + box.width + half) return;
        edge = x + half;
        var colour = css("--chart-" + span.kind + "-text") || css("--chart-text");
        label(ctx, span.label, x, box.top + box.height - 7 * devicePixelRatio, colour, "center");
      });
      ctx.restore();
    }
    return { hooks: { drawClear: paint, draw: write } };
  }

  function times(data, lang) {
    function form(options) {
      options.timeZone = data.zone;
      return new Intl.DateTimeFormat(lang, options);
    }
    var hour = form({ hour: "2-digit", minute: "2-digit" });
    var day = form({ weekday: "short", day: "numeric" });
    var month = form({ month: "short", year: "numeric" });
    var date = form({ day: "numeric", month: "short" });
    var full = form({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
    return {
      full: function (t) { return full.format(t * 1000); },
      axis: function (u, splits, index, space, step) {
        var span = u.scales.x.max - u.scales.x.min;
        return splits.map(function (t) {
          if (step >= 27 * 86400) return month.format(t * 1000);
          if (step < 86400) {
            var text = hour.format(t * 1000);
            return text === "00:00" || text === "24:00" ? date.format(t * 1000) : text;
          }
          return (span > 10 * 86400 ? date : day).format(t * 1000).replace(",", "");
        });
      },
    };
  }

  function range(data) {
    return function (u, min, max) {
      if (min == null) return [0, (data.contract ? data.contract.value : 1) * 1.1];
      var top = data.contract ? Math.max(max, data.contract.value) : max;
      var bottom = data.zero === false ? min : 0;
      var room = (top - bottom || 1) * 0.08;
      return [bottom === 0 ? 0 : Math.max(0, bottom - room), top + room];
    };
  }

  function readout(box) {
    var tip = document.createElement("div");
    tip.className = "chart-tip";
    tip.hidden = true;
    box.appendChild(tip);
    return tip;
  }

  function options(box, data, lang) {
    var time = times(data, lang);
    var number = new Intl.NumberFormat(lang, { maximumFractionDigits: 3 });
    var tip = readout(box);
    var grid = { stroke: css("--chart-grid"), width: 1 };
    var axis = { stroke: css("--chart-text"), font: "11px " + getComputedStyle(document.body).fontFamily, ticks: { show: false } };
    var bars = data.kind === "bars";
    return {
      width: box.clientWidth,
      height: box.clientHeight,
      tzDate: function (t) { return uPlot.tzDate(new Date(t * 1000), data.zone); },
      legend: { show: false },
      padding: [12, 4, 0, 0],
      cursor: { y: false, drag: { x: true, y: false } },
      scales: { y: { range: range(data) } },
      plugins: [spansPlugin(data)],
      axes: [
        Object.assign({ grid: { show: false }, size: 26, gap: 8, values: time.axis, space: box.clientWidth < PHONE ? 56 : 72 }, axis),
        Object.assign({ grid: grid, size: 52, values: function (u, all) { return all.map(number.format); } }, axis),
      ],
      series: [{}, {
        stroke: css("--chart-line"),
        fill: css(bars ? "--chart-line" : "--chart-fill"),
        width: bars ? 0 : 1.5,
        points: { show: false },
        paths: bars ? uPlot.paths.bars({ size: [0.8, 40], align: 1 }) : uPlot.paths.stepped({ align: 1 }),
      }].concat(data.with ? [{
        stroke: css("--leg-1"),
        width: 1.5,
        dash: [5, 3],
        points: { show: false },
        paths: uPlot.paths.stepped({ align: 1 }),
      }] : []),
      hooks: {
        setCursor: [function (u) {
          var at = u.cursor.idx;
          var value = at == null ? null : u.data[1][at];
          tip.hidden = value == null;
          if (value == null) return;
          var t = u.data[0][at];
          var about = (data.spans || []).filter(function (span) { return span.label && span.from <= t && t < span.to; });
          tip.textContent = time.full(t) + " · " + number.format(value) + " " + data.unit +
            about.map(function (span) { return " · " + span.label; }).join("");
        }],
      },
    };
  }

  function start(box) {
    var data, plot;
    function draw() {
      if (!data || !box.clientWidth) return;
      if (plot) plot.destroy();
      box.replaceChildren();
      plot = new uPlot(options(box, data, document.documentElement.lang), [data.t, data.y].concat(data.with ? [data.with.y] : []), box);
    }
    function ready(value) {
      data = value;
      draw();
      var width = box.clientWidth;
      new ResizeObserver(function () {
        if (box.clientWidth === width) return;
        width = box.clientWidth;
        draw();
      }).observe(box);
      document.addEventListener("themechange", draw);
      document.fonts.ready.then(draw);
    }
    if (box.dataset.chart) ready(JSON.parse(box.dataset.chart));
    else fetch(box.dataset.chartSrc).then(function (answer) { return answer.json(); }).then(ready);
  }

  function startAll(root) {
    root.querySelectorAll("[data-chart]:not([data-drawn]), [data-chart-src]:not([data-drawn])").forEach(function (box) {
      box.dataset.drawn = "1";
      start(box);
    });
  }
  startAll(document);
  document.querySelectorAll("[data-live]").forEach(function (box) {
    if (!window.EventSource) return setTimeout(function () { location.reload(); }, 60000);
    new EventSource(box.dataset.live).onmessage = function (event) {
      var told = JSON.parse(event.data);
      if (!told.kw) return;
      box.querySelector("span").textContent = told.kw;
      box.querySelector(".stat-note").textContent = told.at;
    };
  });
  document.addEventListener("htmx:load", function (event) { startAll(event.target); });
})();
