/**
 * Every order of the messages of a small program. What an actor does is a function of the messages that it has had;
 * so orders that give every actor the same sequence lead to the same, and one of them is executed for all (dynamic
 * partial-order reduction with source sets and sleep sets: Abdulla, Aronis, Jonsson, Sagonas, POPL 2014).
 */

import { createActor } from '../../src/actors/actor.ts';
import { addressOf, nameOfAddress } from '../../src/actors/address.ts';
import type { MachineConfig } from '../../src/actors/config.ts';
import type { IoKind } from '../../src/actors/init.ts';
import type { Program } from '../../src/isa/program.ts';
import { type Create, DEFAULT_OPTIONS, type RunObserver, SimulationError, simulate } from '../cluster.ts';
import type { SimResult } from '../result.ts';
import { Violated } from '../violated.ts';
import { deathOf, type Event, isDeath, type Step } from './event.ts';
import { type Race, racesOf } from './races.ts';
import { Schedule } from './schedule.ts';
import { Tree } from './tree.ts';

export interface ExploreOptions {
  /** Its engine is the interpreter: what threads do is not explored. */
  readonly config: MachineConfig;
  /** No streams: how input is cut into pieces is not explored. */
  readonly ios: readonly IoKind[];
  /** Whether an RComp may die, once, at any time. */
  readonly death: boolean;
  /** Asked before each execution; false ends the exploration. */
  readonly goOn: () => boolean;
  /** Called once an execution: what makes the actors. */
  readonly create: () => Create;
  /** Called once an execution: who follows it; what they throw is a violation. */
  readonly observers: () => readonly RunObserver[];
  /** Each order and what it has come to. */
  readonly seen: (result: SimResult, order: readonly Step[]) => void;
}

/** All orders without deaths, and nobody who judges. */
export const DEFAULT_EXPLORATION: Omit<ExploreOptions, 'config'> = {
  ios: [],
  death: false,
  goOn: () => true,
  create: () => createActor,
  observers: () => [],
  seen: () => {},
};

export interface Exploration {
  /** Orders seen, of which no two give every actor the same messages in the same order. */
  readonly orders: number;
  /** States that have been come through on different ways. */
  readonly states: number;
  /** Runs from the beginning: one an order, and some that turned out to repeat one. */
  readonly executions: number;
  /** Whether there is no other order. */
  readonly complete: boolean;
  readonly violation: OrderViolation | null;
}

export interface OrderViolation {
  readonly what: string;
  /** The order that leads there: for `replay`. */
  readonly choices: readonly Step[];
}

type Run = { readonly result: SimResult } | { readonly error: SimulationError | Violated };

/** An execution that repeats, from here on, what has been seen. */
class Seen extends SimulationError {}

export function explore(program: Program, options: ExploreOptions): Exploration {
  const tree = new Tree();
  const mortal = options.death ? rcompsOf(options.config) : [];
  let orders = 0;
  let executions = 0;
  const exploration = (complete: boolean, violation: OrderViolation | null): Exploration => {
    return { orders, states: tree.states, executions, complete, violation };
  };
  do {
    if (!options.goOn()) return exploration(false, null);
    executions += 1;
    const schedule = new Schedule((enabled) => {
      const step = tree.next(enabled, schedule.events);
      if (step === null) throw new Seen('seen', []);
      return step;
    }, mortal);
    const run = execute(program, options, schedule);
    const { events } = schedule;
    const choices = events.map(({ step }) => step);
    if ('result' in run) options.seen(run.result, choices);
    const what = wrongWith(run);
    if (what !== null) return exploration(false, { what, choices });
    if (!('error' in run)) orders += 1;
    for (const race of racesOf(events, tree.executed(events))) tree.want(race);
    for (const race of missedDeaths(events, mortal)) tree.want(race);
  } while (tree.backtrack());
  return exploration(true, null);
}

/** Runs one order again: what `choices` names, then whatever is oldest. */
export function replay(
  program: Program,
  options: Pick<ExploreOptions, 'config' | 'ios' | 'death' | 'create' | 'observers'>,
  choices: readonly Step[],
): SimResult {
  let next = 0;
  const pick = (enabled: readonly Step[]) => {
    const step = choices[next++];
    return step !== undefined && enabled.includes(step) ? step : enabled[0]!;
  };
  return runWith(program, options, new Schedule(pick, options.death ? rcompsOf(options.config) : []));
}

/** In a run without a death, each one as if it had come too late: it could have come before the end. */
function missedDeaths(events: readonly Event[], mortal: readonly string[]): Race[] {
  if (events.some(({ step }) => isDeath(step))) return [];
  return mortal.flatMap((name) => {
    const death = { step: deathOf(name), at: name, cause: -1, sends: [] };
    return racesOf([...events, death], events.length);
  });
}

function runWith(
  program: Program,
  { config, ios, create, observers }: Parameters<typeof replay>[1],
  network: Schedule,
): SimResult {
  return simulate(program, {
    ...DEFAULT_OPTIONS,
    config,
    ios,
    create: create(),
    observers: observers(),
    network,
    choose: () => 0,
  });
}

function execute(program: Program, options: ExploreOptions, schedule: Schedule): Run {
  try {
    return { result: runWith(program, options, schedule) };
  } catch (error) {
    if (error instanceof SimulationError || error instanceof Violated) return { error };
    throw error;
  }
}

function wrongWith(run: Run): string | null {
  return 'result' in run || run.error instanceof Seen ? null : run.error.message;
}

function rcompsOf({ rcomps }: MachineConfig): string[] {
  return Array.from({ length: rcomps }, (_, id) => nameOfAddress(addressOf('rcomp', id)));
}
