import { describe, expect, it } from 'vitest';
import { judge, judgeSeed } from '../../sim/campaign.ts';
import type { Decision } from '../../sim/decisions.ts';

const SETTINGS = { wishes: {}, mutations: [], given: null, memories: false };
const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

describe('a run is had again from its decisions', () => {
  it('whatever its seed is, and nothing of them is left over', () => {
    for (const seed of seeds(100)) {
      const { case: drawn, shown } = judgeSeed(seed, SETTINGS);
      const again = judge(drawn.scenario, drawn.decisions, SETTINGS);
      expect({ seed, shown: again.shown }).toEqual({ seed, shown });
      expect(again.ran.unused).toEqual([]);
    }
  });

  it('and with some of them left out it is another run, but always the same one', () => {
    for (const seed of seeds(25)) {
      const { scenario, decisions } = judgeSeed(seed, SETTINGS).case;
      const fewer = decisions.filter((_, i) => i % 3 !== 0);
      const [one, other] = [1, 2].map(() => judge(scenario, fewer, SETTINGS));
      expect(one!.shown).toEqual(other!.shown);
      expect(one!.ran.unused).toEqual(other!.ran.unused);
    }
  });
});

describe('a decision about what never comes up is reported', () => {
  const { scenario, decisions } = judgeSeed(3, SETTINGS).case;
  const { nodes, machine } = scenario;
  const first = decisions.find((decision) => 'message' in decision)!;

  it.each<[string, Decision]>([
    ['a message that is never sent', { message: 'home:77>home:78', nth: 1, type: 'fetch', delay: 3 }],
    ['a message beyond the last one', { ...first, nth: 100_000 } as Decision],
    ['a message that is now of another type', { ...first, type: 'another' } as Decision],
    ['a piece of input that never comes', { chunk: 100_000, shorter: 1 }],
    ['a node that is not there', { time: 1, mishap: { kind: 'pause', node: nodes, until: 9 } }],
    ['a group with such a node', { time: 1, mishap: { kind: 'partition', nodes: [0, nodes], until: 9 } }],
    ['a link to such a node', { time: 1, mishap: { kind: 'clog', from: 0, to: nodes, until: 9 } }],
    ['an RComp that is not there', { time: 1, mishap: { kind: 'rcomp-crash', rcomp: machine.rcomps } }],
    ['a device that is not there', { time: 1, mishap: { kind: 'device-failure', io: 99 } }],
  ])('%s', (_, decision) => {
    const others = decisions.filter((other) => other !== first);
    const { unused } = judge(scenario, [...others, decision], SETTINGS).ran;
    expect(unused).toContain(decision);
  });
});
