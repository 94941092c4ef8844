/**
 * A runner compartment: holds at most one runner, sees it executed, stages what it wrote at the page homes and hands
 * its end to the agent.
 *
 * Who executes depends on the engine. The interpreter executes here, in slices, each a message, so that runners overlap
 * and can be dropped. Translated code runs in a thread of its own, the compartment, which may take its time; but a round
 * trip there costs more than most runners, so the first instructions of an attempt, its prelude, are executed here as
 * well. An attempt is a pure function (rule 28): one that turns out to be long begins anew in the thread.
 *
 * **Invariant:** nothing of an attempt outlives it here; the next one starts from an empty compartment (I17).
 */

import { type PagePatch, spansOf } from '../memory/patch.ts';
import type { Version } from '../memory/version.ts';
import { sometimes } from '../sometimes.ts';
import { type Address, addressOf } from './address.ts';
import { type Effect, type Step, send, trace } from './behaviour.ts';
import type { MachineConfig } from './config.ts';
import { type AttemptId, type ControlBlock, sameAttempt } from './control-block.ts';
import { dropsAt } from './drops.ts';
import { type Engine, Execution } from './execution.ts';
import type { Init } from './init.ts';
import { newerPlaces, type Places, placesAtFirst } from './places.ts';
import { preludeEngine } from './prelude-engine.ts';
import type { AttemptEnd, Outcome, SnapshotPage, ToRComp } from './protocol.ts';
import { Staging } from './staging.ts';
import type { ObservedLoad } from './trace-event.ts';

/** First instructions of long runners that are remembered, at the most. */
const MOST_LONG = 4096;

export interface RCompState {
  readonly id: number;
  readonly self: Address<'rcomp'>;
  readonly agent: Address<'agent'>;
  readonly compartment: Address<'compartment'>;
  readonly config: MachineConfig;
  readonly engine: Engine;
  /** First instructions of runners that were not over after their prelude: the next ones have none. */
  readonly long: Set<number>;
  places: Places;
  /** The newest start that was heeded. */
  sequence: number;
  incumbent: Incumbent | null;
}

/** All that a commit says but for what follows from who keeps its pages. */
type Commit = Omit<Extract<AttemptEnd, { type: 'commit' }>, 'homes' | 'generation'>;

/** The runner that the compartment holds. */
interface Incumbent {
  readonly attempt: AttemptId;
  readonly control: ControlBlock;
  readonly sv: Version;
  /** What executes it here; null where nothing does. */
  execution: Execution | null;
  /** Pages that came before the thread took over. */
  pages: SnapshotPage[];
  /** How often it has asked for pages, and whether the last time is answered. */
  needs: number;
  answered: boolean;
  /** Executing or waiting for pages here, executing or waiting in the thread, or waiting for homes. */
  phase: 'executing' | 'waiting' | 'away' | 'staging';
  /** What it has staged or is staging. */
  patches: readonly PagePatch[];
  /** What it has loaded elsewhere, if the machine observes that. */
  loads: readonly ObservedLoad[];
  /** Instructions that translated code has executed here. */
  translated: number;
  /** On its way to the homes, with what is to be said once they hold it. */
  staging: { readonly staging: Staging; readonly commit: Commit } | null;
}

export function createRComp(init: Extract<Init, { kind: 'rcomp' }>): Step<RCompState> {
  return [
    {
      id: init.id,
      self: addressOf('rcomp', init.id),
      agent: addressOf('agent', init.agent),
      compartment: addressOf('compartment', init.id),
      config: init.config,
      engine: preludeEngine(init.config, init.map),
      long: new Set(),
      places: placesAtFirst(init.config),
      sequence: 0,
      incumbent: null,
    },
  ];
}

export function receiveAsRComp(state: RCompState, message: ToRComp): Step<RCompState> {
  if (message.type === 'start') return start(state, message);
  if (message.type === 'places') return [state, ...moved(state, message.places)];
  const { incumbent } = state;
  // Whatever concerns an attempt that is no longer here came late: its end is known to the agent.
  if (incumbent === null || !sameAttempt(incumbent.attempt, message.attempt)) {
    sometimes('a word comes for an attempt that is gone');
    return [state];
  }
  switch (message.type) {
    case 'pages':
      return [state, ...supply(state, incumbent, message)];
    case 'slice':
      return [state, ...(incumbent.phase === 'executing' ? execute(state, incumbent) : [])];
    case 'compartment-needs':
      return [state, ...(incumbent.phase === 'away' ? need(state, incumbent, message.pages) : [])];
    case 'compartment-ended':
      if (incumbent.phase !== 'away') return [state];
      return [state, ...cameBack(state, incumbent, message)];
    case 'staged':
      return [state, ...staged(state, incumbent, message.replica)];
    case 'too-old':
      return [state, ...finish(state, incumbent, { type: 'snapshot-too-old', sv: incumbent.sv })];
    case 'stop':
      return [state, ...stop(state, incumbent)];
  }
}

function start(state: RCompState, message: Extract<ToRComp, { type: 'start' }>): Step<RCompState> {
  if (message.sequence <= state.sequence) {
    sometimes('a start is heard twice');
    return [state];
  }
  if (state.incumbent !== null) sometimes('a start finds an incumbent');
  state.sequence = message.sequence;
  // An incumbent that is still here was given up by the agent (it took the compartment for dead): its word counts.
  const given = state.incumbent === null ? [] : callBack(state, state.incumbent);
  if (state.incumbent !== null) leave(state.incumbent);
  const { attempt, control, sv, pages } = message;
  const incumbent: Incumbent = {
    attempt,
    control,
    sv,
    execution: null,
    pages: [...pages],
    needs: 0,
    answered: true,
    phase: 'executing',
    patches: [],
    loads: [],
    translated: 0,
    staging: null,
  };
  state.incumbent = incumbent;
  if (state.config.engine === 'wasm' && (state.config.prelude === 0 || state.long.has(control.fi)))
    return [state, ...given, ...handOver(state, incumbent)];
  incumbent.execution = new Execution(state.engine, state.config, control, sv);
  incumbent.execution.provide(pages);
  return [state, ...given, ...execute(state, incumbent)];
}

/**
 * Danger: pages may come twice. An attempt that went on with the second answer to an old need would ask again, be answered
 * again, and with every repetition there would be one question more under way.
 */
function supply(
  state: RCompState,
  incumbent: Incumbent,
  { number, pages }: Extract<ToRComp, { type: 'pages' }>,
): Effect[] {
  if (number !== incumbent.needs || incumbent.answered) {
    sometimes('pages are heard twice');
    return [];
  }
  incumbent.answered = true;
  if (incumbent.phase === 'away')
    return [send(state.compartment, { type: 'supply', attempt: incumbent.attempt, pages })];
  if (incumbent.execution === null) return [];
  incumbent.execution.provide(pages);
  if (state.config.engine === 'wasm') incumbent.pages.push(...pages);
  return incumbent.phase === 'waiting' ? execute(state, incumbent) : [];
}

/** One slice, or what is left of the prelude. */
function execute(state: RCompState, incumbent: Incumbent): Effect[] {
  const execution = incumbent.execution!;
  const { engine, slice, prelude } = state.config;
  const budget = engine === 'wasm' ? Math.max(1, prelude - execution.cpu.executed) : slice;
  const progress = execution.run(budget);
  switch (progress.type) {
    case 'going':
      if (engine === 'wasm') return handOver(state, incumbent);
      incumbent.phase = 'executing';
      return [send(state.self, { type: 'slice', attempt: incumbent.attempt })];
    case 'needs':
      incumbent.phase = 'waiting';
      return need(state, incumbent, progress.pages);
    case 'commit':
    case 'abort':
    case 'fault':
      return conclude(state, incumbent, progress);
  }
}

function need(state: RCompState, incumbent: Incumbent, pages: readonly number[]): Effect[] {
  incumbent.needs += 1;
  incumbent.answered = false;
  const { attempt, needs } = incumbent;
  return [send(state.agent, { type: 'need', rcomp: state.id, attempt, number: needs, pages })];
}

/** To the thread, from the first instruction on. */
function handOver(state: RCompState, incumbent: Incumbent): Effect[] {
  const { attempt, control, sv, pages } = incumbent;
  sometimes('an attempt goes to a compartment');
  if (state.long.size === MOST_LONG) state.long.clear();
  state.long.add(control.fi);
  incumbent.phase = 'away';
  leave(incumbent);
  incumbent.translated = 0;
  incumbent.pages = [];
  return [send(state.compartment, { type: 'execute', attempt, control, sv, pages })];
}

/** Nothing executes it here any more. */
function leave(incumbent: Incumbent): void {
  if (incumbent.execution === null) return;
  incumbent.loads = incumbent.execution.memory.loads;
  incumbent.translated = incumbent.execution.translated;
  incumbent.execution.close();
  incumbent.execution = null;
}

function callBack(state: RCompState, { attempt, phase }: Incumbent): Effect[] {
  return phase === 'away' ? [send(state.compartment, { type: 'cancel', attempt })] : [];
}

function cameBack(
  state: RCompState,
  incumbent: Incumbent,
  { outcome, loads }: Extract<ToRComp, { type: 'compartment-ended' }>,
): Effect[] {
  if (outcome === null) sometimes('a compartment dies under an attempt');
  incumbent.phase = 'executing';
  incumbent.loads = loads;
  if (outcome !== null && outcome.executed <= state.config.prelude) state.long.delete(incumbent.control.fi);
  return outcome === null
    ? finish(state, incumbent, { type: 'lost', sv: incumbent.sv })
    : conclude(state, incumbent, outcome);
}

function conclude(state: RCompState, incumbent: Incumbent, outcome: Outcome): Effect[] {
  const { sv } = incumbent;
  leave(incumbent);
  if (outcome.type === 'commit') return stage(state, incumbent, outcome);
  const { executed } = outcome;
  return outcome.type === 'abort'
    ? finish(state, incumbent, { type: 'abort', sv, detach: outcome.detach, executed })
    : finish(state, incumbent, { type: 'fault', sv, fault: outcome.fault, executed });
}

/** First half of a commit: the homes hold what the attempt wrote before anyone is asked to decide. */
function stage(
  state: RCompState,
  incumbent: Incumbent,
  outcome: Extract<Outcome, { type: 'commit' }>,
): Effect[] {
  const { attempt, sv } = incumbent;
  const { patches, reads, children, output, detach, executed } = outcome;
  incumbent.patches = patches;
  const commit: Commit = {
    type: 'commit',
    sv,
    spans: spansOf(patches),
    reads,
    children,
    output,
    detach,
    executed,
  };
  const staging = new Staging(state.self, { attempt, sv, patches }, state.places);
  incumbent.phase = 'staging';
  incumbent.staging = { staging, commit };
  return [...staging.ask(), ...finishIfHeld(state, incumbent)];
}

function staged(state: RCompState, incumbent: Incumbent, replica: number): Effect[] {
  incumbent.staging?.staging.held(replica);
  return finishIfHeld(state, incumbent);
}

/** Others keep the pages from now on: what is on its way goes to them, too. */
function moved(state: RCompState, places: Places): Effect[] {
  const { incumbent } = state;
  state.places = newerPlaces(state.places, places);
  if (incumbent === null || incumbent.staging === null) return [];
  return [...incumbent.staging.staging.moved(state.places), ...finishIfHeld(state, incumbent)];
}

function finishIfHeld(state: RCompState, incumbent: Incumbent): Effect[] {
  if (incumbent.staging === null) return [];
  const { staging, commit } = incumbent.staging;
  if (!staging.isHeld) return [];
  const { homes, generation } = staging;
  return finish(state, incumbent, { ...commit, homes, generation });
}

/** What it has staged would be held until the floor passes it: nobody else knows of it. */
function stop(state: RCompState, incumbent: Incumbent): Effect[] {
  if (incumbent.phase === 'staging') sometimes('an attempt is stopped while it stages');
  const { attempt, sv } = incumbent;
  const homes = incumbent.staging?.staging.homes ?? [];
  return [
    ...dropsAt(state.places, homes, attempt.epoch, attempt),
    ...finish(state, incumbent, { type: 'lost', sv }),
  ];
}

function finish(state: RCompState, incumbent: Incumbent, end: AttemptEnd): Effect[] {
  const { attempt, control } = incumbent;
  leave(incumbent);
  state.incumbent = null;
  return [
    ...callBack(state, incumbent),
    trace({
      type: 'attempt',
      attempt,
      control,
      end,
      patches: incumbent.patches,
      loads: incumbent.loads,
      translated: incumbent.translated,
    }),
    send(state.agent, { type: 'ended', rcomp: state.id, attempt, end }),
  ];
}
