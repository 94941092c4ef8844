/** Part of the page's script: what can be asked of a run. Knows nothing of the screen. */

export const MODEL = `
// ---- What can be asked of a run ----

const SHELF = 256;

/** Steps by the shelves that they reach across, so that a look costs what it sees, not what there is. */
function shelvesOf(steps) {
  const shelves = [];
  steps.forEach((step, index) => {
    const end = step.otherEnd ?? step.at;
    const first = Math.max(0, Math.floor(Math.min(step.at, end) / SHELF));
    const last = Math.floor(Math.max(step.at, end) / SHELF);
    for (let shelf = first; shelf <= last; shelf += 1) (shelves[shelf] ??= []).push(index);
  });
  return shelves;
}

/** The steps that may be seen between two heights, each once, in order within a shelf. */
function stepsBetween(shelves, top, bottom) {
  const found = new Set();
  const last = Math.min(shelves.length - 1, Math.floor(bottom / SHELF));
  for (let shelf = Math.max(0, Math.floor(top / SHELF)); shelf <= last; shelf += 1)
    for (const index of shelves[shelf] ?? []) found.add(index);
  return found;
}

/** The first step at a height or below it; the number of steps if there is none. */
function firstFrom(steps, height) {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle].at < height) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All that could have led to a step, itself among it. */
function pastOf(steps, index) {
  const past = new Set([index]);
  for (const each of past)
    for (const origin of [steps[each].before, steps[each].cause]) if (origin !== null) past.add(origin);
  return past;
}

/** The actors' names of a step. */
function actorsOf(step) {
  if (step.type === 'message') return [step.from, step.to];
  return step.type === 'event' ? [step.actor] : [];
}

/** Whether a step has all that is asked for: 'stage, home 0'. A fault is always of interest. */
function matches(run, step, query) {
  if (step.type === 'fault') return true;
  const names = [step.name ?? step.text, ...actorsOf(step).map((actor) => run.actors[actor].name)];
  const words = query
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  return words.every((word) => names.some((name) => name.toLowerCase().includes(word)));
}

/** By actor, the steps after which its state is known. */
function statefulSteps(run) {
  const lists = run.actors.map(() => []);
  run.steps.forEach((step, index) => {
    if (step.state !== null) lists[step.to].push(index);
  });
  return lists;
}

/** The place in such a list of the last step up to \`index\`; -1 if there is none. */
function lastUpTo(list, index) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] <= index) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function timeOf(step) {
  return step.type === 'message' ? (step.received ?? step.sent) : step.time;
}

/** '3,400 µs' */
function micros(time) {
  return time.toLocaleString('en-US') + ' µs';
}

/** A step in a line. */
function headline(run, step) {
  if (step.type === 'fault') return step.text;
  if (step.type === 'event') return run.actors[step.actor].name + ': ' + step.text;
  return step.name + ', ' + run.actors[step.from].name + ' → ' + run.actors[step.to].name;
}
`;
