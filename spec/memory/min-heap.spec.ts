import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MinHeap } from '../../src/memory/min-heap.ts';

test('however pushes and pops alternate, a heap gives an entry of the least order', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20)), { maxLength: 60 }), (orders) => {
      const heap = new MinHeap<number>();
      const model: number[] = [];
      for (const order of orders) {
        if (order === null) {
          expect(heap.least).toBe(model[0] ?? Number.POSITIVE_INFINITY);
          expect(heap.pop()).toBe(model.shift());
        } else {
          heap.push(order, order);
          model.push(order);
          model.sort((a, b) => a - b);
        }
      }
      while (model.length > 0) expect(heap.pop()).toBe(model.shift());
      expect(heap.pop()).toBeUndefined();
    }),
  );
});
