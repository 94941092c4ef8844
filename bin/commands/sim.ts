/** `dvm sim`: clusters in virtual time, with faults; what breaks an invariant is found, made small and shown. */

import { availableParallelism } from 'node:os';
import type { Settings } from '../../sim/campaign.ts';
import { Totals } from '../../sim/totals.ts';
import { UsageError } from '../../src/errors.ts';
import type { Program } from '../../src/isa/program.ts';
import { isTerminal, print, say } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { loadProgram } from '../load.ts';
import { showDifference } from '../sim/differing.ts';
import { everyOrder } from '../sim/every-order.ts';
import { expectations } from '../sim/expectations.ts';
import { showFailure } from '../sim/failing.ts';
import { Memories } from '../sim/memories.ts';
import { runSeeds } from '../sim/pool.ts';
import { replay } from '../sim/replay.ts';
import { jobsOf, listing, mutationsOf, type SimFlags, seedsOf, wishesOf } from '../sim/request.ts';
import { StatusLine } from '../status-line.ts';

/** Seeds after which there should be no fault and no point that no run has met. */
const MANY = 2_000;

export async function sim(file: string | undefined, flags: SimFlags): Promise<number> {
  const list = listing(flags);
  if (list !== null) {
    print(list);
    return EXIT.ok;
  }
  const given = file === undefined ? null : loadProgram(file, {});
  if (given === null && (flags.expect.length > 0 || flags.confluent === true))
    throw new UsageError('--expect and --confluent are about a program', 'name its file: dvm sim FILE …');
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
  const expect = expectations(given, flags.expect);
  return {
    wishes: { ...wishes, workload: { kind: 'given', name: file, expect } },
    mutations,
    given,
    memories,
  };
}

async function campaign(settings: Settings, flags: SimFlags): Promise<number> {
  const seeds = seedsOf(flags, Date.now() >>> 0);
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const totals = new Totals();
  const memories = new Memories();
  const line = isTerminal(process.stderr)
    ? new StatusLine(process.stderr, () => totals.line(seconds()))
    : null;
  const failing = await runSeeds({
    seeds,
    jobs: jobsOf(flags, availableParallelism()),
    settings,
    onShown: (seed, shown) => {
      totals.add(shown);
      return memories.heed(seed, shown);
    },
  });
  line?.stop();
  if (memories.difference !== null) return showDifference(memories.difference, settings, flags);
  if (failing !== null) return showFailure(failing, settings, flags, totals);
  if (flags.json === true)
    print(`${JSON.stringify({ first: seeds.first, failure: null, ...totals.object() })}\n`);
  else print(`no violation from seed ${seeds.first} on: ${totals.line(seconds())}\n`);
  // Fewer seeds need not meet everything, and a program has its own courses.
  if (totals.seeds >= MANY && settings.given === null)
    for (const missing of totals.missing()) say(`dvm: note: ${missing}`);
  return EXIT.ok;
}
