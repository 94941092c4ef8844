import { expect, test } from 'vitest';
import { Members } from '../../../../src/actors/node/cluster/members.ts';

test('of nodes that have gone the last hundred are kept, and no number is given twice', () => {
  const members = new Members('/link');
  for (let i = 0; i < 250; i += 1) {
    const { node } = members.add(`ws://${i}`, 1);
    expect(node).toBe(i + 1);
    members.gone(node, 'lost');
  }
  members.add('ws://here', 1);

  expect(members.all()).toHaveLength(101);
  expect(members.whereabouts(3)).toBe('left');
  expect(members.whereabouts(251)).toEqual({ url: 'ws://here/link' });
});

test('a node is here once it reaches all others', () => {
  const members = new Members('/link');
  const { node } = members.add('ws://a', 1);
  expect(members.active).toEqual([]);
  expect(members.met(node)).toMatchObject({ node, state: 'here' });
  expect(members.met(node)).toBeNull();
  expect(members.active).toHaveLength(1);
});
