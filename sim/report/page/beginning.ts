/** Part of the page's script: what happens first. The last part: it uses all others. */

export const BEGINNING = `
// ---- The beginning ----

function resize() {
  view.width = canvas.clientWidth;
  view.height = canvas.clientHeight;
  canvas.width = view.width * devicePixelRatio;
  canvas.height = view.height * devicePixelRatio;
  const fair = (view.width - MARGIN) / Math.max(1, run.actors.length);
  view.lane = Math.max(LEAST_LANE, Math.min(MOST_LANE, fair));
  settle();
  // A canvas that changes its size is empty, and what asks for frames has already been heard in this one.
  draw();
}

function selectByAddress() {
  const wrong = run.steps.findLastIndex((step) => step.violation === true);
  const asked = /^#\\d+$/.test(location.hash) ? Number(location.hash.slice(1)) : -1;
  select(asked in run.steps ? asked : wrong < 0 ? run.steps.length - 1 : wrong);
}

byId('title').textContent = run.title;
byId('violation').textContent = run.violation ?? '';
byId('replay').textContent = run.replay;
for (const pair of run.configuration) {
  const row = element('div');
  row.append(element('dt', pair[0]), element('dd', pair[1]));
  byId('configuration').append(row);
}
byId('states').hidden = run.states.length === 0;
readColours();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  readColours();
  redraw();
});
addEventListener('hashchange', selectByAddress);
new ResizeObserver(resize).observe(canvas);
resize();
filterSteps();
selectByAddress();
`;
