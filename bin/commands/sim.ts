/** `dvm sim`: clusters in virtual time, with faults; what breaks an invariant is found, made small and shown. */

import { availableParallelism } from 'node:os';
import type { Settings } from '../../sim/campaign.ts';
import { Totals } from '../../sim/totals.ts';
import { UsageError } from '../../src/errors.ts';
import type { Program } from '../../src/isa/program.ts';
import { isTerminal, print, say } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { loadProgram } from '../load.ts';
import { expectations } from '../sim/expectations.ts';
import { showFailure } from '../sim/failing.ts';
import { runSeeds } from '../sim/pool.ts';
import { replay } from '../sim/replay.ts';
import { jobsOf, listing, mutationsOf, type SimFlags, seedsOf, wishesOf } from '../sim/request.ts';
import { StatusLine } from '../status-line.ts';

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
  return campaign(settings, flags);
}

function settingsOf(file: string | undefined, given: Program | null, flags: SimFlags): Settings {
  const wishes = wishesOf(flags);
  const mutations = mutationsOf(flags);
  if (given === null || file === undefined) return { wishes, mutations, given: null };
  const expect = expectations(given, flags.expect);
  return { wishes: { ...wishes, workload: { kind: 'given', name: file, expect } }, mutations, given };
}

async function campaign(settings: Settings, flags: SimFlags): Promise<number> {
  const seeds = seedsOf(flags, Date.now() >>> 0);
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const totals = new Totals();
  const line = isTerminal(process.stderr)
    ? new StatusLine(process.stderr, () => totals.line(seconds()))
    : null;
  const failing = await runSeeds({
    seeds,
    jobs: jobsOf(flags, availableParallelism()),
    settings,
    onShown: (shown) => totals.add(shown),
  });
  line?.stop();
  if (failing !== null) return showFailure(failing, settings, flags, totals);
  if (flags.json === true)
    print(`${JSON.stringify({ first: seeds.first, failure: null, ...totals.object() })}\n`);
  else print(`no violation from seed ${seeds.first} on: ${totals.line(seconds())}\n`);
  for (const missing of totals.missing()) say(`dvm: note: ${missing}`);
  return EXIT.ok;
}
