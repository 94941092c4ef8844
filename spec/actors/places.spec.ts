import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/actors/address.ts';
import { keepersOf, type Places, placesAtFirst, readerOf } from '../../src/actors/places.ts';
import { CONFIG } from '../support/actors.ts';

const PLACES: Places = {
  generation: 3,
  lost: [],
  homes: [
    [
      { node: 0, replica: 4, ready: true },
      { node: 2, replica: 7, ready: true },
      { node: 5, replica: 9, ready: false },
    ],
    [],
  ],
};

describe('whoever looks for pages', () => {
  test('asks the replica on its own node', () => {
    expect(readerOf(PLACES, 0, 2)).toEqual(addressOf('home', 0, 2));
    expect(readerOf(PLACES, 0, 0)).toEqual(addressOf('home', 0, 0));
  });

  test('asks another one if that still copies, and not all ask the same', () => {
    const asked = [5, 6, 7, 8].map((node) => readerOf(PLACES, 0, node)?.node);
    expect(new Set(asked)).toEqual(new Set([0, 2]));
  });

  test('asks nobody where nobody keeps them', () => {
    expect(readerOf(PLACES, 1, 0)).toBeNull();
  });

  test('writes to all of them, those that still copy among them', () => {
    expect(keepersOf(PLACES, 0)).toEqual([0, 2, 5].map((node) => addressOf('home', 0, node)));
  });
});

describe('at first', () => {
  test('all pages are with the master on one node, however many shall keep them', () => {
    const { homes } = placesAtFirst({ ...CONFIG, nodes: 1, replicas: 2 });
    expect(homes).toEqual([0, 1].map((replica) => [{ node: 0, replica, ready: true }]));
  });

  test('on several nodes each home is at as many of them as it shall be, each replica with a number of its own', () => {
    const { homes } = placesAtFirst({ ...CONFIG, nodes: 3, homes: 3, replicas: 2 });
    expect(homes.map((replicas) => replicas.map(({ node }) => node))).toEqual([
      [0, 1],
      [1, 2],
      [2, 0],
    ]);
    expect(new Set(homes.flat().map(({ replica }) => replica)).size).toBe(6);
  });
});
