import { describe, expect, it } from 'vitest';
import { addressOf } from '../../src/actors/address.ts';
import { agentOf, MASTER_NODE, nodeOf, rcompsOf } from '../../src/actors/placement.ts';

describe('where actors live', () => {
  it('each RComp belongs to one agent, on its node, and every agent has its share', () => {
    for (let nodes = 1; nodes <= 5; nodes += 1)
      for (let rcomps = nodes; rcomps <= 12; rcomps += 1) {
        const shares = Array.from({ length: nodes }, (_, agent) => rcompsOf(agent, { nodes, rcomps }));
        expect(shares.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: rcomps }, (_, i) => i));
        for (const [agent, share] of shares.entries())
          for (const rcomp of share) {
            expect(agentOf(rcomp, { nodes })).toBe(agent);
            const places = [
              addressOf('rcomp', rcomp),
              addressOf('compartment', rcomp),
              addressOf('agent', agent),
            ];
            expect(places.map((place) => nodeOf(place, { nodes }))).toEqual([agent, agent, agent]);
          }
        const sizes = shares.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }
  });

  it('a home’s address says on which node it stands, as there may be several replicas', () => {
    const places = [2, 0].map((node) => nodeOf(addressOf('home', 1, node), { nodes: 3 }));
    expect(places).toEqual([2, 0]);
  });

  it('what there is one of, and what touches the outside, stands beside the master', () => {
    for (const kind of ['master', 'watcher', 'io', 'device', 'client'] as const)
      expect(nodeOf(addressOf(kind, 7), { nodes: 3 })).toBe(MASTER_NODE);
  });
});
