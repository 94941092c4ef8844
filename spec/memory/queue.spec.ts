import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Queue } from '../../src/memory/queue.ts';
import { runs } from '../support/runs.ts';

type Call = { readonly push: number } | { readonly pushFront: number[] } | 'shift' | 'drain';

const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.nat().map((push): Call => ({ push })) },
    { weight: 2, arbitrary: fc.array(fc.nat(), { maxLength: 4 }).map((pushFront): Call => ({ pushFront })) },
    { weight: 6, arbitrary: fc.constant<Call>('shift') },
    { weight: 1, arbitrary: fc.constant<Call>('drain') },
  ),
  { maxLength: 60 },
);

it('a queue gives back what an array would', () => {
  fc.assert(
    fc.property(calls, (drawn) => {
      const queue = new Queue<number>();
      let array: number[] = [];
      for (const call of drawn) {
        if (call === 'shift') expect(queue.shift()).toBe(array.shift());
        else if (call === 'drain') expect(queue.drain()).toEqual(array.splice(0));
        else if ('push' in call) {
          queue.push(call.push);
          array.push(call.push);
        } else {
          queue.pushFront(call.pushFront);
          array = [...call.pushFront, ...array];
        }
        expect(queue.length).toBe(array.length);
      }
    }),
    runs(500),
  );
});
