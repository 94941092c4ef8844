/** `dvm sim`: clusters in virtual time, with faults; what breaks an invariant is found, made small and shown. */

import { availableParallelism } from 'node:os';
import type { Settings } from '../../sim/campaign.ts';
import { Totals } from '../../sim/totals.ts';
import type { Program } from '../../src/isa/program.ts';
import { isTerminal, print, say } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { loadProgram } from '../load.ts';
import { showDifference } from '../sim/differing.ts';
import { everyOrder } from '../sim/every-order.ts';
import { showFailure } from '../sim/failing.ts';
import { givenWorkload } from '../sim/given.ts';
import { Memories } from '../sim/memories.ts';
import { runSeeds } from '../sim/pool.ts';
import { replay } from '../sim/replay.ts';
import {
  checkTogether,
  jobsOf,
  listing,
  mutationsOf,
  type Seeds,
  type SimFlags,
  seedsOf,
  wishesOf,
} from '../sim/request.ts';
import { StatusLine } from '../status-line.ts';

/** Seeds after which there should be no fault and no point that no run has met. */
const MANY = 2_000;

export async function sim(file: string | undefined, flags: SimFlags): Promise<number> {
  const list = listing(flags);
  if (list !== null) {
    print(list);
    return EXIT.ok;
  }
  checkTogether(file, flags);
  const given = file === undefined ? null : loadProgram(file, {});
  const settings = settingsOf(file, given, flags);
  if (flags.replay !== undefined) return replay(flags.replay, settings, flags);
  if (flags.mode === 'exhaustive') return everyOrder(settings, flags);
  return campaign(settings, flags);
}

function settingsOf(file: string | undefined, given: Program | null, flags: SimFlags): Settings {
  const wishes = wishesOf(flags);
  const mutations = mutationsOf(flags);
  const memories = flags.confluent === true;
  if (given === null || file === undefined) return { wishes, mutations, given: null, memories };
  return { wishes: { ...wishes, workload: givenWorkload(file, given, flags) }, mutations, given, memories };
}

async function campaign(settings: Settings, flags: SimFlags): Promise<number> {
  const seeds = seedsOf(flags, Date.now());
  const jobs = jobsOf(flags, availableParallelism());
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const totals = new Totals();
  const memories = new Memories();
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  // So that it can be had again, whatever becomes of it.
  if (flags.seed === undefined) say(`dvm: from seed ${seeds.first} on`);
  const line = isTerminal(process.stderr)
    ? new StatusLine(process.stderr, () => totals.line(seconds()))
    : null;
  try {
    const failing = await runSeeds({
      seeds,
      jobs,
      settings,
      onShown: (seed, shown) => {
        totals.add(shown);
        return memories.heed(seed, shown);
      },
      signal: interrupted.signal,
    });
    // From now on everything happens on this thread: an interrupt ends it as it ends any other program.
    process.off('SIGINT', interrupt);
    line?.stop();
    const { difference } = memories;
    if (failing !== null && (difference === null || failing.seed < difference.seeds[1]))
      return showFailure(failing, seeds.first, settings, flags);
    if (difference !== null) return showDifference(difference, settings, flags);
  } finally {
    process.off('SIGINT', interrupt);
    line?.stop();
  }
  return conclude(seeds, totals, seconds(), interrupted.signal.aborted, settings, flags);
}

function conclude(
  { first }: Seeds,
  totals: Totals,
  seconds: number,
  isInterrupted: boolean,
  settings: Settings,
  flags: SimFlags,
): number {
  const [status, exit] = isInterrupted ? ['interrupted', EXIT.cancelled] : ['clean', EXIT.ok];
  if (flags.json === true) print(`${JSON.stringify({ status, exit, first, ...totals.object() })}\n`);
  else {
    const what = isInterrupted ? 'interrupted; no violation so far' : 'no violation';
    print(`${what} from seed ${first} on: ${totals.line(seconds)}\n`);
  }
  // Fewer seeds need not meet everything, and a program has its own courses.
  if (totals.seeds >= MANY && settings.given === null)
    for (const missing of totals.missing()) say(`dvm: note: ${missing}`);
  return exit;
}
