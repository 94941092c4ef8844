/** What a page knows of a run, as JSON that may stand within HTML. */

import { originsOf } from './causality.ts';
import type { RecordedRun, Step } from './recorded-run.ts';
import { timeAxis } from './time-axis.ts';

/** JSON without any character that could end or open a tag, or a line: `<` and the line separators of Unicode are escaped. */
export function inertJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * The run with what the page would have to compute: places and direct predecessors. A state is the index of its text in
 * `states`; null if it has none.
 */
export function pageData(run: RecordedRun): object {
  const { title, violation, configuration, replay, actors } = run;
  const { at, otherEnd, breaks, height } = timeAxis(run);
  const origins = originsOf(run);
  const states = new Map<string, number>();
  const steps = run.steps.map((step, i) => {
    // A state may be made when it is read: once is enough.
    const copy = { ...step };
    return { ...copy, state: stateOf(copy, states), at: at[i], otherEnd: otherEnd[i], ...origins[i] };
  });
  return {
    title,
    violation,
    configuration,
    replay,
    actors,
    breaks,
    height,
    steps,
    states: [...states.keys()],
  };
}

/** Most messages leave a state as it was, so equal texts are kept once. */
function stateOf(step: Step, states: Map<string, number>): number | null {
  const text = step.type === 'message' && step.received !== null ? step.state : undefined;
  if (text === undefined) return null;
  const known = states.get(text) ?? states.size;
  states.set(text, known);
  return known;
}
