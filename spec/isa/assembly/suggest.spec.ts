import { describe, expect, test } from 'vitest';
import { editDistance, nearest } from '../../../src/isa/assembly/suggest.ts';

describe('did you mean', () => {
  test.each([
    ['', '', 0],
    ['mov', 'mov', 0],
    ['mvo', 'mov', 1],
    ['mo', 'mov', 1],
    ['movv', 'mov', 1],
    ['nov', 'mov', 1],
    ['sum_runer', 'sum_watcher', 5],
    ['abc', '', 3],
  ])('from %j to %j are %i edits', (from, to, edits) => {
    expect(editDistance(from, to)).toBe(edits);
    expect(editDistance(to, from)).toBe(edits);
  });

  test.each([
    ['mvo', 'mov'],
    ['ADD', 'add'],
    ['R', 'r'],
    ['eq', 'e'],
  ])('%s: %s', (written, candidate) => {
    expect(nearest(written, ['unlike', candidate])).toBe(candidate);
  });

  test.each([
    ['ne', 'newr'],
    ['x', 'y'],
    ['counter', 'xyz'],
  ])('%s is nothing like %s', (written, candidate) => {
    expect(nearest(written, [candidate])).toBeNull();
  });

  test('the nearest of several, the first of equals', () => {
    expect(nearest('totl', ['tool', 'total', 'title'])).toBe('tool');
    expect(nearest('count', ['mount', 'counts', 'count_'])).toBe('mount');
  });
});
