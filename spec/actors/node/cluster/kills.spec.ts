/** Real processes under load, killed and stopped at random: nothing acknowledged is lost, nothing is applied twice. */

import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Dice } from '../../../../sim/dice.ts';
import { judgeHistory } from '../../../../sim/history/anomalies.ts';
import { brokenPromises, drawHistoryPlan, historyOf, sourceOf } from '../../../../sim/history/workload.ts';
import { seeded } from '../../../../sim/random.ts';
import { ACCOUNTS, BALANCE, bankSource } from '../../../../sim/workloads/bank.ts';
import { COUNTER, counterSource } from '../../../../sim/workloads/counter.ts';
import { sumTreeSource, totalAt } from '../../../../sim/workloads/sum-tree.ts';
import type { RemoteRun, RunReport } from '../../../../src/index.ts';
import { assemble, Cluster, type LocalCluster, type MachineOptions } from '../../../../src/index.ts';
import { type DvmProcess, harm, startMaster, startNode } from '../../../support/killing.ts';

/** A share for CI. */
const KILLS = Number(process.env.DVM_KILLS ?? 40);
const NODES = 3;
const HOUR = 3_600_000;

interface Load {
  readonly name: string;
  readonly source: string;
  readonly options?: MachineOptions;
  /** What must hold at the end. */
  check(run: RemoteRun, report: RunReport): Promise<void>;
}

const bank = (seed: number): Load => ({
  name: 'bank',
  source: bankSource({ kind: 'bank', accounts: 12, transfers: 1_500, seed }),
  async check(run, { runners }) {
    expect(runners.committed).toBe(1_501);
    const balances = await run.readWords(ACCOUNTS, 'q', 12);
    expect(balances.reduce((sum, balance) => sum + balance)).toBe(12n * BALANCE);
  },
});

const counter: Load = {
  name: 'counter',
  source: counterSource({ kind: 'counter', runners: 600 }),
  async check(run, { runners }) {
    expect(runners.committed).toBe(601);
    expect(await run.readWord(COUNTER, 'q')).toBe(600n);
  },
};

/** Each of its runners says one byte: none may be said twice, and none be lost. */
const talker: Load = {
  name: 'talker',
  source: `
        .entry main
tell:   add counter:q, $1, counter
        mov $0x2e:b, ctx.stdout:b
        exit:c
main:   mov $0:q, r0
again:  newr blocks, blocks+8, blocks+16, blocks+24
        add r0:q, $1, r0
        br:l r0:q, $400, again
        exit:c
        .align 8
blocks: .quad none, heap, none, code
none:   .quad 0, 0
heap:   .quad 1, counter, 8
code:   .quad tell
        .heap counter, 8
        .org ${COUNTER}
counter: .quad 0
`,
  async check(run, { stdout }) {
    expect(Buffer.from(stdout).toString()).toBe('.'.repeat(400));
    expect(await run.readWord(COUNTER, 'q')).toBe(400n);
  },
};

const LEAVES = 512;

const sumTree: Load = {
  name: 'sum tree',
  source: sumTreeSource({ kind: 'sum-tree', leaves: LEAVES }),
  async check(run) {
    const integers = BigInt(2 * LEAVES);
    expect(await run.readWord(totalAt({ kind: 'sum-tree', leaves: LEAVES }), 'q')).toBe(
      (integers * (integers + 1n)) / 2n,
    );
  },
};

/** Judged from the outside, by what its runners have told. */
function lists(seed: number): Load {
  const plan = drawHistoryPlan(seeded(seed));
  const { retries, serializable, lazyReads } = plan;
  return {
    name: `lists ${seed}`,
    source: sourceOf(plan),
    options: { onConflict: retries ? 'retry' : 'abort', serializable, lazyReads },
    async check(run, { stdout }) {
      const [shared, records] = await Promise.all([
        run.read(0x6_0000_0000, 2 ** 20),
        run.read(0x6_4000_0000, 2 ** 16),
      ]);
      const byteAt = (address: number) =>
        address < 0x6_4000_0000 ? shared[address - 0x6_0000_0000]! : records[address - 0x6_4000_0000]!;
      expect(judgeHistory(historyOf(plan, stdout, byteAt), { serializable }).violations).toEqual([]);
      expect(brokenPromises(plan, stdout, byteAt)).toEqual([]);
    },
  };
}

describe(`${KILLS} deaths and pauses of nodes under load`, () => {
  const seed = Number(process.env.DVM_KILLS_SEED ?? Date.now() % 2 ** 31);
  const dice = new Dice(seed);
  const events = new Map<string, number>();
  let cluster: LocalCluster;

  beforeAll(async () => {
    cluster = await Cluster.start({
      nodes: NODES,
      rcomps: 2,
      links: { beat: 100, retry: { first: 5, most: 100 } },
      log: (_, event) => events.set(event, (events.get(event) ?? 0) + 1),
    });
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  test('no program notices', { timeout: HOUR }, async () => {
    const total = { killed: 0, stopped: 0 };
    let programs = 0;
    while (total.killed + total.stopped < KILLS) {
      const load = dice.pick([bank(dice.below(10_000)), counter, sumTree, lists(dice.below(2 ** 31))]);
      const run = await cluster.submit(assemble(load.source), { ...load.options, name: load.name });
      const ended = run.report();
      const { killed, stopped } = await harm(cluster, dice, KILLS - total.killed - total.stopped, ended);
      const report = await ended;
      // Some lists are told by runners that fault, give up, or watch for ever, on purpose.
      const ends = load.name.startsWith('lists') ? ['done', 'faulted', 'aborted', 'quiescent'] : ['done'];
      expect(ends, `seed ${seed}, ${load.name}`).toContain(report.status);
      await load.check(run, report);
      await run.forget();
      total.killed += killed;
      total.stopped += stopped;
      programs += 1;
    }
    console.log(
      `seed ${seed}: ${programs} programs, ${total.killed} nodes killed, ${total.stopped} stopped; ${JSON.stringify(Object.fromEntries(events))}`,
    );
    expect(total.killed).toBeGreaterThan(0);
  });
});

describe('the master, killed again and again with its data on disk', () => {
  const seed = Number(process.env.DVM_KILLS_SEED ?? Date.now() % 2 ** 31);
  const dice = new Dice(seed);
  let master: DvmProcess;
  const nodes: DvmProcess[] = [];

  beforeAll(async () => {
    master = await startMaster(0);
    for (let i = 0; i < 2; i += 1) nodes.push(await startNode(master.url));
  });
  afterAll(async () => {
    for (const node of [master, ...nodes]) await node.kill();
  });

  test('what was told stays true, and programs go on', { timeout: HOUR }, async () => {
    const most = Math.max(4, Math.round(KILLS / 4));
    const cluster = Cluster.at(master.url);
    let kills = 0;
    let programs = 0;
    while (kills < most) {
      const load = dice.pick([
        bank(dice.below(10_000)),
        counter,
        sumTree,
        lists(dice.below(2 ** 31)),
        talker,
      ]);
      const run = await cluster.submit(assemble(load.source), { ...load.options, name: load.name });
      const ended = run.report();
      let isOver = false;
      const end = ended
        .catch(() => {})
        .then(() => {
          isOver = true;
        });
      while (!isOver && kills < most) {
        await Promise.race([end, setTimeout(dice.between(20, 400))]);
        if (isOver) break;
        await master.kill();
        kills += 1;
        master = await startMaster(Number(new URL(master.url).port));
      }
      const report = await ended;
      const ends = load.name.startsWith('lists') ? ['done', 'faulted', 'aborted', 'quiescent'] : ['done'];
      expect(ends, `seed ${seed}, ${load.name}`).toContain(report.status);
      await load.check(run, report);
      await run.forget();
      programs += 1;
    }
    console.log(`seed ${seed}: ${programs} programs, the master killed ${kills} times`);
  });
});
