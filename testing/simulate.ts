/** One simulated run of a program, from a test. */

import { mutated } from '../sim/campaign.ts';
import { Inspection } from '../sim/checkers/inspection.ts';
import { type Create, SimulationError } from '../sim/cluster.ts';
import type { Decision } from '../sim/decisions.ts';
import { type Failure, failureOf } from '../sim/failure.ts';
import { FAULT_KINDS, type FaultKind } from '../sim/faults.ts';
import { type Commit, outputOf, type SimResult } from '../sim/result.ts';
import { PLAIN_RUN, runScenario } from '../sim/run.ts';
import { drawScenario, type Scenario } from '../sim/scenario.ts';
import { transcriptOf } from '../sim/transcript.ts';
import { type Expectation, GIVEN_FUEL } from '../sim/workloads/given.ts';
import type { Summary } from '../src/actors/summary.ts';
import { ProgramError } from '../src/errors.ts';
import { assemble } from '../src/isa/assembler.ts';
import type { Channel } from '../src/isa/layout.ts';
import type { Program } from '../src/isa/program.ts';
import { VALUE_TYPES, type ValueType } from '../src/isa/value-type.ts';
import { type WordOf, wordsIn } from '../src/isa/words.ts';

export interface SimulateOptions {
  /** The whole run follows from it: cluster, orders, faults. 0 if absent. */
  readonly seed?: number;
  /** What may go wrong: some kinds, `all`, or `none` (if absent). */
  readonly faults?: readonly FaultKind[] | 'all' | 'none';
  /** How often, as a multiple of what is usual; drawn if absent. */
  readonly faultRate?: number;
  /** Drawn if absent; RComps are counted per node. */
  readonly nodes?: number;
  readonly rcomps?: number;
  readonly homes?: number;
  /** Words that the final memory must hold, if the program comes to its own end. */
  readonly expect?: readonly Expectation[];
  /** Planted bugs, by their names in `MUTATIONS`; not together with `create`. */
  readonly mutations?: readonly string[];
  /** What makes the actors; our own if absent. */
  readonly create?: Create;
}

/** A run in which nothing was wrong. */
export interface Simulated {
  /** How the program ended, as the machine tells it. */
  readonly summary: Summary;
  /** What was decided: `log[v − 1]` is version v. */
  readonly log: readonly Commit[];
  /** A word of the final memory. */
  readWord<T extends ValueType>(address: number, type: T): WordOf<T>;
  /** What reached an output channel. */
  output(channel: Channel): Uint8Array;
  /** Every delivery, one a line. */
  transcript(): string;
  /** Equal for runs in which the same was delivered at the same times. */
  readonly fingerprint: string;
  /** Microseconds. */
  readonly virtualTime: number;
  /** What has gone wrong, and how often. */
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly scenario: Scenario;
  readonly decisions: readonly Decision[];
  /** All that is known of the run. */
  readonly result: SimResult;
}

/** What a simulated run was found to be: wrong. Its message names the seed and the sentence that does not hold. */
export class SimulationFailed extends Error {
  override readonly name = 'SimulationFailed';
  readonly failure: Failure;
  readonly scenario: Scenario;
  /** The last deliveries, one a line; empty where a checker found it. */
  readonly transcript: string;

  constructor(failure: Failure, scenario: Scenario, transcript: string) {
    const { id, sentence, text, step } = failure;
    super(`seed ${scenario.seed}, after ${step} deliveries: ${text} (${id}: ${sentence})`);
    this.failure = failure;
    this.scenario = scenario;
    this.transcript = transcript;
  }
}

/**
 * Runs a program, or its source, on a drawn cluster under all checkers, in virtual time: the same arguments give the same
 * run. Throws `SimulationFailed` for a broken invariant, a run that does not end, or an expectation that is not met, and
 * `ProgramError` for a source with mistakes.
 */
export function simulate(program: Program | string, options: SimulateOptions = {}): Simulated {
  const { seed = 0, faults = 'none', expect = [], mutations = [], create } = options;
  const { faultRate, nodes, rcomps, homes } = options;
  const scenario = drawScenario(seed, {
    workload: { kind: 'given', name: 'program', expect, fuel: GIVEN_FUEL, digest: '' },
    faults: faults === 'all' ? FAULT_KINDS : faults === 'none' ? [] : faults,
    ...(faultRate !== undefined && { faultRate }),
    ...(nodes !== undefined && { nodes }),
    ...(rcomps !== undefined && { rcomps }),
    ...(homes !== undefined && { homes }),
  });
  const given = typeof program === 'string' ? assembled(program) : program;
  const ran = runScenario(scenario, {
    ...PLAIN_RUN,
    ...(create === undefined ? mutated(mutations) : { create }),
    observers: [new Inspection({ onViolation: 'throw' })],
    given,
  });
  const failure = failureOf(ran);
  if (failure !== null)
    throw new SimulationFailed(
      failure,
      scenario,
      ran.thrown instanceof SimulationError ? ran.thrown.transcript : '',
    );
  const result = ran.result!;
  const { fingerprint, virtualTime, counts, decisions } = ran;
  return {
    summary: result.summary,
    log: result.log,
    readWord: (address, type) => wordAt(result, address, type),
    output: (channel) => outputOf(result, channel),
    transcript: () => transcriptOf(result.deliveries),
    fingerprint,
    virtualTime,
    faults: new Map(counts.entries()),
    scenario,
    decisions,
    result,
  };
}

function assembled(source: string): Program {
  const result = assemble(source, { file: 'source' });
  if (!result.ok) throw new ProgramError(result.diagnostics);
  return result.program;
}

function wordAt<T extends ValueType>({ byteAt }: SimResult, address: number, type: T): WordOf<T> {
  const bytes = Uint8Array.from({ length: VALUE_TYPES[type].bytes }, (_, i) => byteAt(address + i));
  return wordsIn(bytes, type)[0]!;
}
