/** What the page consists of before its script fills it. */

export const MARKUP = `<header>
  <h1 id="title"></h1>
  <p id="violation"></p>
  <p class="replay"><code id="replay"></code> <button type="button" id="copy">Copy</button></p>
  <details><summary>Configuration</summary><dl id="configuration"></dl></details>
</header>
<div class="bar" role="toolbar" aria-label="Diagram">
  <span class="group">
    <button type="button" id="first" title="First step (Home)" aria-label="First step">«</button>
    <button type="button" id="back" title="Step back (←)" aria-label="Step back">‹</button>
    <output id="place"></output>
    <button type="button" id="forward" title="Step forward (→)" aria-label="Step forward">›</button>
    <button type="button" id="last" title="Last step (End)" aria-label="Last step">»</button>
  </span>
  <span class="group">
    <button type="button" id="out" title="Zoom out (−)" aria-label="Zoom out">−</button>
    <button type="button" id="fit" title="All of the run (0)">All</button>
    <button type="button" id="in" title="Zoom in (+)" aria-label="Zoom in">+</button>
  </span>
  <button type="button" id="past" title="Only what led to this step (P)" aria-pressed="false">Only its past</button>
  <label class="search">Show only
    <input id="search" type="search" placeholder="stage, home 0" autocomplete="off" spellcheck="false"
      title="Message types and actors, all of which must match (/)">
  </label>
  <output id="count"></output>
</div>
<main>
  <canvas id="diagram" tabindex="0" role="img" aria-describedby="help"
    aria-label="Space-time diagram: a lane for each actor, time downwards, messages as arrows"></canvas>
  <aside aria-label="Step and states">
    <section id="step" aria-live="polite"></section>
    <section id="states" hidden><h2>States as of this step</h2></section>
    <p id="help">← → step · Home End first, last · ↑ ↓ scroll · + − zoom · 0 all · P only its past · / search ·
      Esc show all. Click a message to select it; drag to move, wheel or pinch to zoom.</p>
  </aside>
</main>
<noscript><p>This page draws its diagram by a script.</p></noscript>
`;
