import { describe, expect, test } from 'vitest';
import { Peers, Rifts } from '../../../../src/actors/node/cluster/peers.ts';

describe('what a node knows of another', () => {
  test('is nothing, then where it is, then that it has left, for good', () => {
    const peers = new Peers();
    expect(peers.whereabouts(3)).toBe('unknown');
    expect(peers.add(3, 'ws://a')).toBe(true);
    expect(peers.add(3, 'ws://a')).toBe(false);
    expect(peers.whereabouts(3)).toEqual({ url: 'ws://a' });
    peers.gone(3);
    expect([peers.add(3, 'ws://a'), peers.whereabouts(3)]).toEqual([false, 'left']);
  });

  test('is told to the master when it has been out of reach for a while, and again after another while', () => {
    const peers = new Peers();
    peers.add(3, 'ws://a');
    peers.add(4, 'ws://b');
    const told = Array.from({ length: 16 }, () => peers.beat((node) => node === 4).length);

    expect(told).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(peers.beat(() => true)).toEqual([]);
  });

  test('is told as well of one that has said what is none, though there is a connection', () => {
    const peers = new Peers();
    peers.add(3, 'ws://a');
    peers.distrust(3);
    const told = Array.from({ length: 8 }, () => peers.beat(() => true).length);

    expect(told).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
  });
});

describe('of two nodes that do not reach each other', () => {
  const node = (number: number, origin = `ws://${number}`) => ({ node: number, origin });

  test('the one that came later is given up', () => {
    expect(new Rifts().between(node(1), node(2))).toBe(2);
  });

  test('the one is given up that others do not reach either', () => {
    const rifts = new Rifts();
    rifts.between(node(1), node(2));

    expect(rifts.between(node(3), node(1))).toBe(1);
  });

  test('what is mended counts no more', () => {
    const rifts = new Rifts();
    rifts.between(node(1), node(2));
    rifts.healed('ws://1');

    expect(rifts.between(node(3), node(1))).toBe(3);
  });

  test('it is always the same one, though it comes back as another node', () => {
    const rifts = new Rifts();
    const victims = [2, 3, 4, 5].map((number) => rifts.between(node(1), node(number, 'ws://2')));

    expect(victims).toEqual([2, 3, 4, 5]);
  });
});
