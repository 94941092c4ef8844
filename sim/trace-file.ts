/** A run as a file: what was drawn before it, and what was decided in it. Made for replaying, and for people to read. */

import type { Decision } from './decisions.ts';
import { FAULTS } from './faults.ts';
import type { Scenario } from './scenario.ts';

export interface Trace {
  /** What the run violates, by its id; null: nothing, it must be clean. */
  readonly violates: string | null;
  /** Planted bugs. */
  readonly mutations: readonly string[];
  readonly scenario: Scenario;
  readonly decisions: readonly Decision[];
}

const FORMAT = 1;

/** JSON, one decision a line. */
export function traceText({ violates, mutations, scenario, decisions }: Trace): string {
  const lines = decisions.map((decision) => `    ${JSON.stringify(decision)}`);
  return `{
  "dvm-trace": ${FORMAT},
  "violates": ${JSON.stringify(violates)},
  "mutations": ${JSON.stringify(mutations)},
  "scenario": ${JSON.stringify(scenario)},
  "decisions": [${lines.length === 0 ? '' : `\n${lines.join(',\n')}\n  `}]
}
`;
}

/** What is no trace: the sentence says where and what. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

/** Throws a `TraceError`. */
export function readTrace(text: string): Trace {
  const trace = parsed(text);
  if (!isObject(trace) || !('dvm-trace' in trace))
    throw new TraceError('no trace: it has no field "dvm-trace"');
  if (trace['dvm-trace'] !== FORMAT)
    throw new TraceError(`trace format ${trace['dvm-trace']}; this dvm reads format ${FORMAT}`);
  const { violates, mutations, scenario, decisions } = trace;
  must(violates === null || typeof violates === 'string', '"violates" is an invariant\'s id or null');
  must(
    isListOf(mutations, (name) => typeof name === 'string'),
    '"mutations" is a list of names',
  );
  must(
    isObject(scenario) && isScenario(scenario),
    '"scenario" has workload, nodes, machine, pace and faults',
  );
  must(Array.isArray(decisions), '"decisions" is a list');
  for (const [i, decision] of (decisions as unknown[]).entries())
    must(
      isObject(decision) && isDecision(decision),
      `decision ${i + 1} is about a message, a mishap or a chunk`,
    );
  return trace as unknown as Trace;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new TraceError(`no JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function must(holds: boolean, sentence: string): void {
  if (!holds) throw new TraceError(`no trace: ${sentence}`);
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf(value: unknown, is: (element: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(is);
}

function isScenario({
  seed,
  workload,
  nodes,
  machine,
  pace,
  faults,
  faultRate,
  encodedEvery,
}: Fields): boolean {
  return (
    [seed, nodes, faultRate, encodedEvery].every((value) => typeof value === 'number') &&
    [workload, machine, pace].every(isObject) &&
    isListOf(faults, (kind) => typeof kind === 'string' && Object.hasOwn(FAULTS, kind))
  );
}

function isDecision({ message, nth, type, time, mishap, chunk, shorter }: Fields): boolean {
  if (mishap !== undefined)
    return typeof time === 'number' && isObject(mishap) && typeof mishap.kind === 'string';
  if (chunk !== undefined) return typeof chunk === 'number' && typeof shorter === 'number';
  return typeof message === 'string' && typeof nth === 'number' && typeof type === 'string';
}
