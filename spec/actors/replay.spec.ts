/** A machine that begins anew from a part of its log goes on as if nothing had happened, but for what was not in it. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Dice } from '../../sim/dice.ts';
import { compile } from '../../sim/programs/compile.ts';
import { anyProgramPlan } from '../../sim/programs/plan.ts';
import { ACCOUNTS, BALANCE, bankSource } from '../../sim/workloads/bank.ts';
import { COUNTER, counterSource } from '../../sim/workloads/counter.ts';
import { GENERATED_FUEL } from '../../sim/workloads/generated.ts';
import { sumTreeSource, totalAt } from '../../sim/workloads/sum-tree.ts';
import type { Decided } from '../../src/actors/decided.ts';
import { decodeDecided, encodeDecided } from '../../src/actors/node/wire/decided.ts';
import { assemble, type Machine } from '../../src/index.ts';
import type { PatchRun } from '../../src/memory/patch.ts';
import { checkpointOf, type Kept, runKept } from '../support/journals.ts';
import { runs } from '../support/runs.ts';

const seed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

/** Not a drawn double: most of these are nearly 0. */
const anyShare = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000);

/** What had been put out when a crash left so many steps. */
function toldBefore({ stdout }: Kept, steps: number): number[] {
  return stdout.filter(({ safe }) => safe <= steps).map(({ byte }) => byte);
}

const bytesOf = ({ stdout }: Kept) => stdout.map(({ byte }) => byte);

const tree = { kind: 'sum-tree', leaves: 12 } as const;
const TREE = sumTreeSource(tree);

/** Each of its runners says its own number, after a while of its own: in what order depends on who runs beside whom. */
const TELLER = `
        .entry main
        .equ STACKS, 0x700000000
tell:   mov (ctx.stack):q, r0
        mul r0:q, $7919, r1
        rem r1:q, $13, r1
        mul r1:q, $100, r1
wait:   sub r1:q, $1, r1
        br:g r1:q, $0, wait
        mov r0:b, ctx.stdout:b
        exit:c
main:   mov $STACKS:q, 0x1000
        mov $8:q, 0x1008
        mov $0x1000:q, r10
        mov $0x1010:q, r11
        mov $0x1010:q, r12
        mov $tell:q, 0x1018
        mov $0x1018:q, r13
        mov $0:q, r0
again:  newr r10, r11, r12, r13
        mov 0x1000:q, r1
        mov r0:q, (r1):q
        add 0x1000:q, $8, 0x1000
        add r0:q, $1, r0
        br:l r0:q, $40, again
        exit:c
`;

const TICKS = 0x3f00_0000_0010;

/** A watcher of the timer that has had enough after a while. */
const SIGNALLED = `
        .entry main
        .equ ticks, 0x3f0000000010
        .equ asked, 0x3f0000000018
main:   mov $none, r1
        mov $watch, r2
        mov $code, r3
        newr r1, r1, r2, r3
        exit:c
tick:   br:l ticks:q, $20, more
        exit:cd
more:   exit:c
none:   .quad 0, 0
watch:  .quad 0x8000000000000001, ticks, 8
code:   .quad tick
`;

/** Other bytes in the same places. */
function spoiled(runs: readonly PatchRun[]): readonly PatchRun[] {
  return runs.map((run) => ({ ...run, bytes: run.bytes.map((byte, i) => (i === 6 ? 7 : byte)) }));
}

/** Runners whose end is in the log. */
function finishedIn(steps: readonly (readonly Decided[])[]): Set<bigint> {
  return new Set(
    steps.flat().flatMap((record) => {
      if (record.type === 'committed') return [record.attempt.runner];
      return record.type === 'finished' ? [record.runner] : [];
    }),
  );
}

describe('after a crash at any step', () => {
  test.each<[string, string, (machine: Machine) => Promise<unknown>, unknown]>([
    [
      'no money is made or lost',
      bankSource({ kind: 'bank', accounts: 5, transfers: 30, seed: 7 }),
      async (machine) => (await machine.readWords(ACCOUNTS, 'q', 5)).reduce((sum, word) => sum + word),
      5n * BALANCE,
    ],
    [
      'each runner counts once',
      counterSource({ kind: 'counter', runners: 30 }),
      (machine) => machine.readWord(COUNTER, 'q'),
      30n,
    ],
    ['watchers still wake up', TREE, (machine) => machine.readWord(totalAt(tree), 'q'), 300n],
    ['each byte is told once', TELLER, async () => 0, 0],
  ])('%s', async (_, source, look, wanted) => {
    const program = assemble(source);
    await fc.assert(
      fc.asyncProperty(seed, anyShare, async (number, share) => {
        const dice = new Dice(number);
        const first = await runKept(program, { rcomps: dice.between(1, 4) }, dice);
        const cut = Math.round(share * first.steps.length);
        // As often as not it begins with a checkpoint.
        const checkpoint = dice.chance(0.5) ? checkpointOf(first, dice.between(0, cut)) : null;
        const second = await runKept(program, {}, dice, first.steps.slice(0, cut), checkpoint);
        expect(second.report.status).toBe('done');
        expect(await look(second.machine)).toBe(wanted);
        const finished = finishedIn(first.steps.slice(0, cut));
        expect(second.started.filter((runner) => finished.has(runner))).toEqual([]);
        const told = toldBefore(first, cut);
        expect(bytesOf(second).slice(0, told.length)).toEqual(told);
        expect(bytesOf(second).length).toBe(bytesOf(first).length);
        // A watcher that finds too little watches again, so how many there are depends on who came first.
        if (source !== TREE) expect(second.report.runners.committed).toBe(first.report.runners.committed);
      }),
      runs(40),
    );
  });

  test('a drawn program in deterministic rounds comes to the same end', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyProgramPlan,
        seed,
        fc.array(anyShare, { minLength: 1, maxLength: 3 }),
        async (plan, number, shares) => {
          const dice = new Dice(number);
          const { program } = compile(plan, false);
          const options = { deterministic: true, fuel: GENERATED_FUEL, seed: BigInt(number) };
          const first = await runKept(program, options, dice);
          let last = first;
          let before: readonly (readonly Decided[])[] = first.steps;
          // Whoever has crashed may crash again.
          for (const share of shares) {
            before = last.steps.slice(0, Math.round(share * last.steps.length));
            const checkpoint = dice.chance(0.5) ? checkpointOf(last, dice.between(0, before.length)) : null;
            last = await runKept(program, options, dice, before, checkpoint);
            const finished = finishedIn(before);
            expect(last.started.filter((runner) => finished.has(runner))).toEqual([]);
          }
          const { conflicts: _, ...counts } = first.report.runners;
          expect(last.report).toMatchObject({
            status: first.report.status,
            version: first.report.version,
            faults: first.report.faults,
            watchers: first.report.watchers,
            runners: counts,
          });
          expect(bytesOf(last)).toEqual(bytesOf(first));
          for (const { base, length } of program.heap)
            expect(await last.machine.read(base, length)).toEqual(await first.machine.read(base, length));
        },
      ),
      runs(60),
    );
  });

  test('a program that was cancelled and had said nothing is told to be over', async () => {
    const program = assemble(counterSource({ kind: 'counter', runners: 12 }));
    const dice = new Dice(9);
    const first = await runKept(program, {}, dice);
    const closed = { type: 'closed', status: 'cancelled', error: '' } as const;
    const { report } = await runKept(program, {}, dice, [...first.steps.slice(0, 6), [closed]]);

    expect(report).toMatchObject({ status: 'cancelled', version: expect.any(Number) });
  });

  test('an arrival that was staged and never decided is not taken for the next one', async () => {
    const program = assemble(SIGNALLED);
    const dice = new Dice(2);
    const first = await runKept(program, { tick: 1 }, dice);
    const at = first.steps.findIndex((step) => step.some(({ type }) => type === 'arrived'));
    // The process died when it had staged another count than the next process did.
    const stale = first.steps
      .slice(0, at)
      .flat()
      .flatMap((record) => (record.type === 'staged' && record.sv === null ? [record] : []))
      .map((record) => ({
        ...record,
        patches: record.patches.map((patch) => ({ ...patch, runs: spoiled(patch.runs) })),
      }));
    expect(stale.length).toBeGreaterThan(0);
    const second = await runKept(program, { tick: 1 }, dice, [stale, ...first.steps.slice(0, at + 1)]);

    expect(await second.machine.readWord(TICKS, 'q')).toBeLessThan(1_000n);
  });

  test('in deterministic rounds, losses count on', async () => {
    const program = assemble(counterSource({ kind: 'counter', runners: 12 }));
    const dice = new Dice(5);
    const first = await runKept(program, { deterministic: true }, dice);
    const second = await runKept(program, { deterministic: true }, dice, first.steps.slice(0, 8));

    expect(first.report.runners.retries).toBeGreaterThan(50);
    expect(second.report.runners.retries).toBe(first.report.runners.retries);
  });

  test('signals go on from what they had come to', async () => {
    const program = assemble(SIGNALLED);
    const dice = new Dice(1);
    const first = await runKept(program, { tick: 1 }, dice);
    const second = await runKept(program, { tick: 1 }, dice, first.steps.slice(0, first.steps.length >> 1));
    const arrivals = second.steps.flat().filter(({ type }) => type === 'arrived').length;

    expect(second.report.status).toBe('done');
    const ticks = await second.machine.readWord(TICKS, 'q');
    expect(ticks).toBeGreaterThanOrEqual(20n);
    // Each arrival has counted up what all before it had come to.
    expect(arrivals).toBeLessThanOrEqual(Number(ticks));
  });
});

test('what goes into the log comes out of it', async () => {
  const { steps } = await runKept(assemble(TELLER), {}, new Dice(3));

  expect(steps.length).toBeGreaterThan(10);
  for (const step of steps) expect(decodeDecided(encodeDecided(step))).toEqual({ ok: true, value: step });
});
