/** Recorded runs made by hand, and drawn ones. */

import fc from 'fast-check';
import {
  type EventStep,
  type FaultStep,
  type MessageStep,
  type RecordedRun,
  type Step,
  timeOf,
} from '../../sim/report/recorded-run.ts';

/** Two nodes: the first has the actors 0 and 1, the second 2 and 3. */
export const ACTORS: RecordedRun['actors'] = [
  { name: 'master', node: 0 },
  { name: 'home 0', node: 0 },
  { name: 'agent 0', node: 1 },
  { name: 'rcomp 0', node: 1 },
];
export const [MASTER, HOME, AGENT, RCOMP] = [0, 1, 2, 3] as const;

export function runOf(steps: readonly Step[], changes: Partial<RecordedRun> = {}): RecordedRun {
  return {
    title: 'I4: no commit overlaps what another wrote between its snapshot and itself',
    violation: 'version 2 is decided over version 1 at 0x40',
    configuration: [['page size', '64']],
    replay: 'dvm sim --seed 7',
    nodes: 2,
    actors: ACTORS,
    steps,
    ...changes,
  };
}

export function message(
  [from, to]: readonly [number, number],
  [sent, received]: readonly [number, number | null],
  name: string,
  changes: Partial<MessageStep> = {},
): MessageStep {
  return {
    type: 'message',
    from,
    to,
    sent,
    received,
    name,
    text: '',
    repeated: false,
    relevant: true,
    ...changes,
  };
}

export function event(actor: number, time: number, text: string): EventStep {
  return { type: 'event', time, actor, text, violation: false };
}

export function violation(actor: number, time: number, text: string): EventStep {
  return { type: 'event', time, actor, text, violation: true };
}

export function fault(time: number, text: string, changes: Partial<FaultStep> = {}): FaultStep {
  return { type: 'fault', time, node: null, text, ...changes };
}

const anyActor = fc.nat(ACTORS.length - 1);
/** So few that many steps share a µs. */
const anyTime = fc.nat(40);

/** Texts that would break out of a line, a string, a tag or a terminal. */
export const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<!-- <script>',
  '"quoted" \'and\' `ticked`',
  'two\u2028lines\u2029three\nfour\r\nfive',
  '\u001b[31mred\u001b[0m \u202e',
  '\\u003c \\',
  'https://example.org/x.js',
  '$& $1 $$',
];
const anyText = fc.oneof(fc.constantFrom('stage', '{version 3}', ...HOSTILE), fc.string());

const anyMessage = fc
  .record({
    ends: fc.tuple(anyActor, anyActor),
    sent: anyTime,
    took: fc.option(fc.nat(20)),
    name: anyText,
    text: anyText,
    repeated: fc.boolean(),
    relevant: fc.boolean(),
    state: anyText,
  })
  .map(({ ends, sent, took, name, ...changes }) =>
    message(ends, [sent, took === null ? null : sent + took], name, changes),
  );

const anyEvent = fc.tuple(anyActor, anyTime, anyText).map((args) => event(...args));
const anyFault = fc
  .tuple(anyTime, anyText, fc.nat(30))
  .map(([time, text, lasting]) => fault(time, text, { until: time + lasting }));

/** Any run whose steps are in the order of their happening. */
export const anyRun = fc
  .array(fc.oneof({ weight: 4, arbitrary: anyMessage }, anyEvent, anyFault), { maxLength: 24 })
  .map((steps) => runOf(steps.sort((a, b) => timeOf(a) - timeOf(b))));
