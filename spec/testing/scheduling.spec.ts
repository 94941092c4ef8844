import { describe, expect, test } from 'vitest';
import { LocalityPolicy } from '../../src/actors/locality.ts';
import type { RunnerRecord } from '../../src/actors/runner-record.ts';
import { Queue } from '../../src/memory/queue.ts';
import { schedulingSuite } from '../../testing/suites/scheduling.ts';
import { failureIn } from '../support/failing.ts';
import { scale } from '../support/runs.ts';

const SEED = 5;

/** Whoever came last goes first, but now and then whoever came first. */
class MostlyLast extends Queue<RunnerRecord> {
  #given = 0;

  override shift(): RunnerRecord | undefined {
    this.#given += 1;
    if (this.#given % 2 === 0) return super.shift();
    const all = this.drain();
    const last = all.pop();
    this.pushFront(all);
    return last;
  }
}

class Last extends Queue<RunnerRecord> {
  override shift(): RunnerRecord | undefined {
    const all = this.drain();
    const last = all.pop();
    this.pushFront(all);
    return last;
  }
}

class Twice extends Queue<RunnerRecord> {
  #before: RunnerRecord | undefined;

  override shift(): RunnerRecord | undefined {
    const again = this.#before;
    this.#before = undefined;
    if (again !== undefined && again.state === 'running') return again;
    this.#before = super.shift();
    return this.#before;
  }
}

class Forgetful extends Queue<RunnerRecord> {
  override pushFront(runners: readonly RunnerRecord[]): void {
    super.pushFront(runners.slice(1));
  }
}

describe('first in, first out', () => {
  for (const { name, run } of schedulingSuite(() => new Queue(), { scale, patience: 1 })) test(name, run);
});

describe('near whoever has the pages', () => {
  for (const { name, run } of schedulingSuite(() => new LocalityPolicy(), { scale })) test(name, run);
});

describe('another order', () => {
  for (const { name, run } of schedulingSuite(() => new MostlyLast(), { scale })) test(name, run);
});

describe('the suite finds', () => {
  test('a policy under which a runner may wait for ever', async () => {
    const tests = schedulingSuite(() => new Last(), { seed: SEED });

    expect(await failureIn(tests, 'nobody starves')).toContain('still waits');
  });

  test('a policy that gives a runner out twice', async () => {
    const tests = schedulingSuite(() => new Twice(), { seed: SEED });

    expect(await failureIn(tests, 'all invariants')).toContain('expected');
  });

  test('a policy that loses a runner', async () => {
    const tests = schedulingSuite(() => new Forgetful(), { seed: SEED });

    expect(await failureIn(tests, 'each runner')).toContain('the number of runners that wait');
  });
});
