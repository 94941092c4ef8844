import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ControlBlock } from '../../src/actors/control-block.ts';
import { runnerRecord } from '../../src/actors/runner-record.ts';
import { Starvation } from '../../src/actors/starvation.ts';
import type { RunnerId } from '../../src/memory/ids.ts';
import { Place } from '../../src/memory/place.ts';
import { overlap, type Range } from '../../src/memory/ranges.ts';
import { controlBlock, SR } from '../support/actors.ts';
import {
  anyChildren,
  anyDraws,
  commit,
  ENTRY,
  endOf,
  MasterWorld,
  run,
  toTheEnd,
} from '../support/master-world.ts';
import { runs } from '../support/runs.ts';

const anyMachine = fc.record({
  starvingAfter: fc.integer({ min: 1, max: 2 }),
  dispatchAhead: fc.nat(3),
  versionBytes: fc.constantFrom(64, 256, 2 ** 30),
  deterministic: fc.nat(3).map((draw) => draw === 0),
});

const anyNodes = fc.array(fc.record({ rcomps: fc.integer({ min: 1, max: 2 }) }), {
  minLength: 1,
  maxLength: 2,
});

/** Rule 10, checked at every dispatch. */
class Rule10 {
  readonly #children = new Map<RunnerId, ControlBlock>();
  readonly #starving = new Set<RunnerId>();
  #seen = 0;

  constructor(children: readonly ControlBlock[]) {
    for (const control of children) this.#children.set(control.id, control);
  }

  check(world: MasterWorld, runner: RunnerId): void {
    for (; this.#seen < world.events.length; this.#seen++) {
      const event = world.events[this.#seen]!;
      if (event.type !== 'starving') continue;
      if (event.starving) this.#starving.add(event.runner);
      else this.#starving.delete(event.runner);
    }
    const mine = this.#children.get(runner);
    if (mine === undefined) return;
    for (const id of this.#starving) {
      const other = this.#children.get(id);
      if (other === undefined || id === runner || !overlaps(mine, other)) continue;
      // One that is not starving waits for all that are; a starving one for those of a lower place, and for any that runs.
      expect(this.#starving.has(runner)).toBe(true);
      expect(other.index).toBeGreaterThan(mine.index);
      expect([...world.master.state.out].some(({ control }) => control.id === id)).toBe(false);
    }
  }
}

const overlaps = (a: ControlBlock, b: ControlBlock): boolean => overlap(a.heap, b.heap) !== null;

test('rule 10: a starving runner’s neighbours start when it has finished, the lowest of several goes first, and all come to their end', () => {
  fc.assert(
    fc.property(anyMachine, anyNodes, anyChildren, anyDraws, (config, nodes, children, draws) => {
      const rule = new Rule10(children.filter(({ watcher }) => !watcher));
      const world: MasterWorld = new MasterWorld(config, nodes, (letter) => {
        if (letter.type === 'dispatch')
          for (const { attempt } of letter.assignments) rule.check(world, attempt.runner);
      });
      world.tell(run());
      while (world.deliver(0));
      world.end(0, ({ sv }) => commit(sv, { children }));
      for (const draw of draws) {
        if (draw % 4 === 0) world.end(draw >> 2, (running) => endOf(running, draw));
        else world.deliver(draw >> 2);
      }
      toTheEnd(world);

      const finished = world.events.filter((event) => event.type === 'runner' && event.state === 'finished');
      const runners = finished.map((event) => event.type === 'runner' && event.runner);
      expect(new Set(runners).size).toBe(runners.length);
      const stillThere = world.summary!.watchers.map(({ id }) => id);
      expect(new Set([...runners, ...stillThere])).toEqual(
        new Set([...runners, ...stillThere, ENTRY, ...children.map(({ id }) => id)]),
      );
    }),
    runs(300),
  );
});

describe('who waits for whom', () => {
  const root = Place.root();
  const record = (index: number, ...ranges: Range[]) =>
    runnerRecord(
      controlBlock({ id: 0x2000n + BigInt(index), heap: ranges.map((range) => ({ ...range, merge: 0 })) }),
      root.child(index),
    );
  const word = (n: number): Range => ({ base: SR + 8 * n, length: 8 });

  test('nobody, while nobody starves', () => {
    expect(new Starvation().delays(record(1, word(0)))).toBe(false);
  });

  test('a neighbour, until an attempt of the starving runner has ended; then it is judged anew', () => {
    const starvation = new Starvation();
    const [starving, neighbour, stranger] = [record(5, word(0)), record(1, word(0)), record(2, word(1))];
    starvation.add(starving);

    expect(starvation.delays(neighbour)).toBe(true);
    expect(starvation.delays(stranger)).toBe(false);
    expect(starvation.delays(starving)).toBe(false);
    expect(starvation.release(stranger)).toEqual([]);
    expect(starvation.release(starving)).toEqual([neighbour]);
    expect(starvation.delays(neighbour)).toBe(true);
    expect(starvation.delete(starving)).toBe(true);
    expect(starvation.delays(neighbour)).toBe(false);
    expect(starvation.delete(starving)).toBe(false);
  });

  test('one that only watches what the starving runner may write', () => {
    const starvation = new Starvation();
    starvation.add(record(5, word(0)));
    const watcher = runnerRecord(controlBlock({ watched: [word(0)] }), root.child(1));

    expect(starvation.delays(watcher)).toBe(true);
  });

  test('of two starving runners the higher place, unless it already runs', () => {
    const starvation = new Starvation();
    const [low, high] = [record(1, word(0)), record(2, word(0))];
    starvation.add(low);
    starvation.add(high);

    expect([starvation.delays(low), starvation.delays(high)]).toEqual([false, true]);
    high.state = 'running';
    expect(starvation.delays(low)).toBe(true);
  });
});
