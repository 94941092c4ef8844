/** One drawn case in both runtimes, under the same choices. */

import { DEFAULT_OPTIONS, simulate } from '../../../sim/cluster.ts';
import { memoryOf } from '../../../sim/meaning.ts';
import { compile } from '../../../sim/programs/compile.ts';
import { chosen } from '../../../sim/random.ts';
import type { SimResult } from '../../../sim/result.ts';
import { STANDARD_IO } from '../../../src/actors/boot.ts';
import { pageOf } from '../../../src/memory/directory.ts';
import { type Case, configOf } from '../cases.ts';
import type { Account } from './account.ts';
import { Course } from './course.ts';
import { MailboxNetwork } from './mailbox-network.ts';
import { type NactAccount, runOnNact } from './nact-cluster.ts';

export interface Both {
  readonly simulated: Account;
  readonly hosted: NactAccount;
  /** Every one that the program's image or log has written. */
  readonly addresses: readonly number[];
}

export async function runOnBoth({ program: plan, knobs, weather, choices }: Case): Promise<Both> {
  const { program } = compile(plan, knobs.lazyReads);
  const config = configOf(knobs, plan);
  const result = simulate(program, {
    ...DEFAULT_OPTIONS,
    ios: STANDARD_IO,
    config,
    network: new MailboxNetwork(new Course(weather, chosen(choices))),
    choose: () => 0,
    stepLimit: 60_000,
  });
  const addresses = [...memoryOf(result).addresses()];
  const pages = [...new Set(addresses.map((address) => pageOf(address, config.pageSize)))];
  const course = new Course(weather, chosen(choices));
  return {
    simulated: accountOf(result),
    hosted: await runOnNact(program, { config, course, pages }),
    addresses,
  };
}

function accountOf({ deliveries, trace, summary, written, deaths, byteAt }: SimResult): Account {
  const reading = deliveries.findIndex(
    ({ from, message }) => from.kind === 'client' && message.type === 'fetch',
  );
  return {
    deliveries: deliveries
      .slice(0, reading < 0 ? deliveries.length : reading)
      .map(({ to, message }) => ({ to, message })),
    trace: trace.map(({ step, event }) => ({ step, event })),
    summary,
    written,
    deaths,
    byteAt,
  };
}
