/** A run as a file: what was drawn before it, and what was decided in it. Made for replaying, and for people to read. */

import type { Decision } from './decisions.ts';
import { FAULTS } from './faults.ts';
import type { Mishap } from './mishap.ts';
import { drawScenario, type Scenario } from './scenario.ts';
import type { Workload } from './workloads/workload.ts';

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
  must(isObject(scenario), '"scenario" is an object');
  mustBeScenario(scenario as Fields);
  must(Array.isArray(decisions), '"decisions" is a list');
  for (const [i, decision] of (decisions as unknown[]).entries())
    must(
      isObject(decision) && isDecision(decision),
      `decision ${i + 1} is about a message, a mishap or a chunk, and not ${JSON.stringify(decision)}`,
    );
  return { violates, mutations, scenario, decisions } as unknown as Trace;
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

/** A drawn one shows which fields there are. */
function mustBeScenario(scenario: Fields): void {
  const drawn: Fields = { ...drawScenario(0) };
  mustBeLike(scenario, drawn, '"scenario"');
  for (const part of ['machine', 'pace'] as const)
    mustBeLike(scenario[part] as Fields, drawn[part] as Fields, `"scenario" has a "${part}" that`);
  const { kind } = scenario.workload as Fields;
  must(typeof kind === 'string' && Object.hasOwn(WORKLOADS, kind), `there is no workload ${kind}`);
  const unknown = (scenario.faults as unknown[]).find((fault) => !Object.hasOwn(FAULTS, String(fault)));
  must(unknown === undefined, `there is no fault ${unknown}`);
}

function mustBeLike(fields: Fields, model: Fields, what: string): void {
  for (const [name, value] of Object.entries(model)) {
    const is = kindOf(fields[name]);
    const fits = is === kindOf(value) || (NUMBER_OR_NULL.has(name) && (is === 'number' || is === 'null'));
    must(fits, `${what} has "${name}", of type ${kindOf(value)}`);
  }
}

const NUMBER_OR_NULL: ReadonlySet<string> = new Set(['healAt'] satisfies (keyof Scenario)[]);

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

const WORKLOADS: Readonly<Record<Workload['kind'], true>> = {
  generated: true,
  bank: true,
  counter: true,
  'list-append': true,
  'sum-tree': true,
  stream: true,
  given: true,
};

function isDecision({ message, nth, type, time, mishap, chunk, shorter, ...treatment }: Fields): boolean {
  if (mishap !== undefined) return isNatural(time) && isObject(mishap) && isMishap(mishap);
  if (chunk !== undefined) return isNatural(chunk) && isNatural(shorter);
  return (
    typeof message === 'string' &&
    isNatural(nth) &&
    typeof type === 'string' &&
    Object.entries(treatment).every(([name, value]) =>
      name === 'deadly'
        ? value === true
        : ['delay', 'drops', 'repeat', 'replay'].includes(name) && isNatural(value),
    )
  );
}

function isMishap({ kind, ...fields }: Fields): boolean {
  const wanted = Object.hasOwn(MISHAPS, String(kind)) ? MISHAPS[kind as Mishap['kind']] : null;
  return wanted?.every((name) => isField(name, fields[name])) ?? false;
}

function isField(name: string, value: unknown): boolean {
  if (name === 'nodes') return isListOf(value, isNatural);
  return name === 'loses' ? typeof value === 'boolean' : isNatural(value);
}

/** Times, places and counts are all naturals. */
function isNatural(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const MISHAPS: Readonly<Record<Mishap['kind'], readonly string[]>> = {
  partition: ['nodes', 'until'],
  'one-way-partition': ['nodes', 'until'],
  isolate: ['nodes', 'until'],
  clog: ['from', 'to', 'until'],
  'half-open': ['from', 'to', 'until'],
  reset: ['from', 'to', 'until'],
  'slow-node': ['node', 'factor', 'until'],
  pause: ['node', 'until'],
  'node-crash': ['node', 'until', 'noticedAfter', 'loses'],
  'node-restart': ['node'],
  'node-leave': ['node'],
  'master-crash': ['unsynced', 'since'],
  'rcomp-crash': ['rcomp'],
  'clock-jump': ['word', 'events'],
  cancel: [],
  'device-failure': ['io'],
};
