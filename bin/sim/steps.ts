/** A recorded run as lines, and where two part ways. */

import type { RecordedRun, Step } from '../../sim/report/recorded-run.ts';

/** The first `until` messages, and what happened between them; with what each left of its receiver's state. */
export function* stepLines(run: RecordedRun, until: number): Iterable<string> {
  let messages = 0;
  for (const step of run.steps) {
    if (step.type === 'message') messages += 1;
    if (messages > until) return;
    yield lineOf(run, step, messages);
    if (step.type === 'message' && step.state !== undefined)
      for (const line of step.state.split('\n')) yield `        ${line}`;
  }
}

/** The first step that differs, in both, with those before it; null: none does. */
export function firstDifference(one: RecordedRun, other: RecordedRun): string | null {
  const [a, b] = [one, other].map((run) => run.steps.map((step, i) => lineOf(run, step, i + 1)));
  const at = a!.findIndex((line, i) => line !== b![i]);
  const place = at < 0 && a!.length < b!.length ? a!.length : at;
  if (place < 0) return null;
  const before = a!.slice(Math.max(0, place - CONTEXT), place).map((line) => `  ${line}`);
  return [...before, `- ${a![place] ?? 'nothing more'}`, `+ ${b![place] ?? 'nothing more'}`].join('\n');
}

const CONTEXT = 5;

function lineOf({ actors }: RecordedRun, step: Step, number: number): string {
  switch (step.type) {
    case 'message': {
      const { from, to, sent, received, name, text, repeated } = step;
      const way = `${actors[from]!.name} → ${actors[to]!.name}`;
      return `${number}. ${sent}–${received ?? 'never'} µs ${way}${repeated ? ' (again)' : ''}: ${name} ${text}`;
    }
    case 'fault':
      return `${step.time} µs ✱ ${step.text}`;
    case 'event':
      return `${step.time} µs ${actors[step.actor]!.name}: ${step.text}`;
  }
}
