// SPDX-License-Identifier: Apache-2.0
package io.millrace.benchmark.page;

/** How a page looks, and how it tells values where the pointer is. */
final class PageStyle {

  /** Colours have a contrast of at least 3 with the ground, text of at least 4.5. */
  static final String CSS =
      """
      :root {
        --ground: #ffffff; --panel: #f6f7f9; --ink: #1b1f24; --soft: #57606a; --rule: #dde1e6;
        --blue: #0062ad; --orange: #b84a00; --purple: #8a3fa0; --green: #1a7f4b; --grey: #6e7781;
        --good: #1a6e3c; --bad: #b3261e;
      }
      @media (prefers-color-scheme: dark) {
        :root {
          --ground: #14171b; --panel: #1c2026; --ink: #e8eaed; --soft: #a5adb8; --rule: #353b44;
          --blue: #6cb6ff; --orange: #ff9d5c; --purple: #d7a1e8; --green: #5fd097; --grey: #9aa4b0;
          --good: #6fd39b; --bad: #ff8f87;
        }
      }
      * { box-sizing: border-box; }
      body { margin: 0; background: var(--ground); color: var(--ink);
        font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
      main { max-width: 1220px; margin: 0 auto; padding: 24px 20px 64px; }
      h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 4px; }
      h2 { font-size: 1.2rem; margin: 0 0 4px; }
      p { margin: 0 0 14px; max-width: 78ch; color: var(--soft); }
      section { margin-top: 36px; }
      .charts { display: grid; gap: 16px;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 500px), 1fr)); }
      figure { margin: 0; padding: 12px 14px 8px; background: var(--panel);
        border: 1px solid var(--rule); border-radius: 8px; max-width: 640px; }
      figcaption { font-weight: 600; font-size: .95rem; margin-bottom: 6px; }
      svg { display: block; width: 100%; height: auto; overflow: visible; }
      .narrow { display: none; }
      .legend { display: flex; flex-wrap: wrap; gap: 2px 14px; font-size: .82rem;
        margin-bottom: 6px; }
      .key { display: inline-flex; align-items: center; gap: 6px; }
      .key svg { width: 22px; height: 12px; }
      text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
      text.name { font-weight: 600; }
      .grid { stroke: var(--rule); stroke-width: 1; }
      .axisline { stroke: var(--soft); stroke-width: 1; }
      .c-blue { fill: var(--blue); stroke: var(--blue); }
      .c-orange { fill: var(--orange); stroke: var(--orange); }
      .c-purple { fill: var(--purple); stroke: var(--purple); }
      .c-green { fill: var(--green); stroke: var(--green); }
      .c-grey { fill: var(--grey); stroke: var(--grey); }
      .c-ink { fill: var(--ink); stroke: var(--ink); }
      text.name { stroke: none; }
      .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
      .dashed { stroke-width: 1.6; stroke-dasharray: 6 5; }
      .area { stroke: var(--panel); stroke-width: 1; fill-opacity: .82; }
      .spot { stroke-width: 0; }
      .unmarked { opacity: 0; }
      .spot.near { opacity: 1; stroke: var(--ink); stroke-width: 2; }
      details { margin-top: 12px; }
      summary { cursor: pointer; color: var(--blue); }
      .scroll { overflow-x: auto; margin-top: 10px; }
      table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
      caption { text-align: left; color: var(--soft); padding-bottom: 6px; }
      details caption { display: none; }
      th, td { padding: 5px 12px; border-bottom: 1px solid var(--rule); text-align: right;
        white-space: nowrap; }
      th:first-child { text-align: left; padding-left: 0; white-space: normal; min-width: 9em; }
      th { font-weight: 600; }
      tbody th { font-weight: 400; }
      .reached { color: var(--good); }
      .missed { color: var(--bad); font-weight: 700; }
      #tip { position: fixed; z-index: 1; pointer-events: none; white-space: pre-line;
        max-width: 320px; padding: 6px 10px; border-radius: 6px; background: var(--ink); color: var(--ground);
        font-size: .82rem; font-variant-numeric: tabular-nums; }
      @media (max-width: 720px) {
        main { padding: 16px 12px 48px; }
        table { font-size: .78rem; }
        th, td { padding: 4px 5px; }
        .wide { display: none; }
        .narrow { display: block; }
      }
      @media print { .narrow { display: none; } details > * { display: block; } }
      """;

  /** The nearest value of the chart that the pointer is over; without it, titles tell them. */
  static final String SCRIPT =
      """
      (() => {
        const tip = document.getElementById('tip');
        let near = null;
        const show = (spot, event) => {
          if (near !== spot) {
            if (near) near.classList.remove('near');
            if (spot) spot.classList.add('near');
            near = spot;
          }
          tip.hidden = !spot;
          if (!spot) return;
          tip.textContent = spot.dataset.tip;
          const x = event.clientX, y = event.clientY;
          const right = x + 16 + tip.offsetWidth < innerWidth;
          tip.style.left = Math.max(4, right ? x + 16 : x - 16 - tip.offsetWidth) + 'px';
          tip.style.top = Math.max(4, Math.min(y + 12, innerHeight - tip.offsetHeight - 4)) + 'px';
        };
        for (const svg of document.querySelectorAll('figure svg')) {
          const spots = [...svg.querySelectorAll('.spot')];
          for (const spot of spots) {
            const title = spot.querySelector('title');
            spot.dataset.tip = title.textContent;
            title.remove();
          }
          svg.addEventListener('pointermove', event => {
            const box = svg.getBoundingClientRect();
            const scale = box.width / svg.viewBox.baseVal.width;
            let best = null, least = 40 * 40;
            for (const spot of spots) {
              const dx = spot.dataset.x * scale + box.left - event.clientX;
              const dy = spot.dataset.y * scale + box.top - event.clientY;
              const distance = dx * dx + dy * dy / 9;
              if (distance < least) { least = distance; best = spot; }
            }
            show(best, event);
          });
          svg.addEventListener('pointerleave', event => show(null, event));
        }
      })();
      """;

  private PageStyle() {}
}
