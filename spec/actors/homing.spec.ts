/** Who keeps which pages, as the master sees to it. */

import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/actors/address.ts';
import { STANDARD_IO } from '../../src/actors/boot.ts';
import type { MachineConfig } from '../../src/actors/config.ts';
import { createMaster, receiveAsMaster } from '../../src/actors/master.ts';
import type { MasterState } from '../../src/actors/master-state.ts';
import type { HomeReplica, ToMaster } from '../../src/actors/protocol.ts';
import { homeOf, pageOf } from '../../src/memory/directory.ts';
import { PageSet } from '../../src/memory/page-set.ts';
import { attemptOf, CONFIG, EMPTY_MAP, eventsIn, Hosted, type Letter, SR } from '../support/actors.ts';
import { commit, ENTRY, ends, join, run } from '../support/master-world.ts';

type Master = Hosted<MasterState, ToMaster>;

/** Two homes and two replicas of each; the master's node alone is there. */
function master(config: Partial<MachineConfig> = {}): Master {
  const one = new Hosted(
    createMaster({
      kind: 'master',
      config: { ...CONFIG, replicas: 2, ...config },
      map: { ...EMPTY_MAP, loaded: [{ base: SR, length: 8 }] },
      ios: STANDARD_IO,
    }),
    receiveAsMaster,
  );
  one.tell(join(0, 1));
  return one;
}

const SPAN = { base: SR, length: 8, merge: 0 } as const;

/** Home of `SPAN`. */
const HOME = homeOf(pageOf(SR, CONFIG.pageSize), CONFIG.homes);

const agentLost = (node: number): ToMaster => ({
  type: 'agent-lost',
  agent: addressOf('agent', node),
  incarnation: 1,
});

const leave = (node: number): ToMaster => ({
  type: 'leave',
  client: addressOf('client'),
  agent: addressOf('agent', node),
  incarnation: 1,
});

const written = (generation: number) => commit(0, { spans: [SPAN], homes: [HOME], generation });

/** The first event of the signals actor, staged as of that generation. */
const arrival = (generation: number): ToMaster => ({
  type: 'arrival',
  io: 2,
  number: 1,
  spans: [SPAN],
  homes: [HOME],
  generation,
  last: false,
});

const of = (letters: readonly Letter[], type: Letter['type']) =>
  letters.filter((letter) => letter.type === type);

/** What it asks a node to keep. */
function askedOf(letters: readonly Letter[], node: number): readonly HomeReplica[] {
  const keep = letters.find((letter) => letter.type === 'keep' && letter.to === `agent:${node}@0`);
  return keep?.type === 'keep' ? keep.replicas : [];
}

const kept = (node: number, replicas: readonly HomeReplica[]): ToMaster => ({
  type: 'kept',
  agent: addressOf('agent', node),
  incarnation: 1,
  replicas,
});

/** A node comes, and does what it is asked to until nothing more is asked of anybody. */
function settle(one: Master, letters: readonly Letter[]): void {
  const waiting = [...letters];
  for (let letter = waiting.shift(); letter !== undefined; letter = waiting.shift()) {
    if (letter.type === 'keep') waiting.push(...one.tell(kept(Number(letter.to[6]), letter.replicas)));
    if (letter.type === 'copy') {
      const [, home, node] = /home:(\d+)@(\d+)/.exec(letter.to)!.map(Number) as [number, number, number];
      const record = one.state.homing.homes[home]!.replicas.find((replica) => replica.node === node)!;
      waiting.push(...one.tell({ type: 'copied', home, replica: record.replica }));
    }
    if (letter.type === 'retire') {
      const home = Number(letter.to[5]);
      waiting.push(...one.tell({ type: 'retired', home, replica: letter.replica }));
    }
  }
}

const nodesOf = (one: Master) =>
  one.state.homing.places.homes.map((replicas) => replicas.map(({ node }) => node));

/** A cluster of so many nodes besides the master's, with all pages where they shall be. */
function settled(others: number, config: Partial<MachineConfig> = {}): Master {
  const one = master(config);
  for (let node = 1; node <= others; node += 1) settle(one, one.tell(join(node, 0)));
  return one;
}

describe('a node that comes', () => {
  test('is asked to keep pages, joins the directory once it stands ready to, and copies then', () => {
    const one = master();
    const replicas = askedOf(one.tell(join(1, 0)), 1);
    expect(replicas.map(({ home }) => home)).toEqual([0, 1]);
    expect(nodesOf(one)).toEqual([[0], [0]]);

    const letters = one.tell(kept(1, replicas));
    expect(of(letters, 'copy')).toMatchObject(
      [0, 1].map((home) => ({ to: `home:${home}@1`, source: addressOf('home', home, 0), needs: 0 })),
    );
    expect(of(letters, 'places').map(({ to }) => to)).toEqual(['agent:0@0', 'agent:1@0', 'io:2@0']);
    expect(one.state.homing.places.homes.map((all) => all.map(({ ready }) => ready))).toEqual([
      [true, false],
      [true, false],
    ]);
    one.tell({ type: 'copied', home: 0, replica: replicas[0]!.replica });
    expect(one.state.homing.places.homes[0]!.map(({ ready }) => ready)).toEqual([true, true]);
  });

  test('relieves those who keep much', () => {
    const one = settled(2);
    const loads = [0, 1, 2].map((node) => nodesOf(one).filter((nodes) => nodes.includes(node)).length);

    expect(nodesOf(one).map(({ length }) => length)).toEqual([2, 2]);
    expect(loads.sort()).toEqual([1, 1, 2]);
  });

  test('that says twice what it keeps joins once (I29)', () => {
    const one = master();
    const replicas = askedOf(one.tell(join(1, 0)), 1);
    one.tell(kept(1, replicas));
    const { generation } = one.state.homing.places;

    expect(one.tell(kept(1, replicas))).toEqual([]);
    expect(one.state.homing.places.generation).toBe(generation);
  });

  test('has no RComps and gets no runners, but keeps pages', () => {
    const one = master();
    const letters = [...one.tell(join(1, 0)), ...one.tell(run())];

    expect(askedOf(letters, 1)).toHaveLength(2);
    expect(of(letters, 'dispatch').map(({ to }) => to)).toEqual(['agent:0@0']);
  });
});

describe('a commit', () => {
  test('is told to all who keep its pages, those that still copy among them', () => {
    const one = master();
    one.tell(kept(1, askedOf(one.tell(join(1, 0)), 1)));
    one.tell(run());

    const letters = one.tell(ends(attemptOf(ENTRY), written(1)));
    expect(of(letters, 'decide').map(({ to }) => to)).toEqual([`home:${HOME}@0`, `home:${HOME}@1`]);
  });

  test('that was staged before another came to keep its pages is not decided: its runner runs again', () => {
    const one = master();
    const replicas = askedOf(one.tell(join(1, 0)), 1);
    one.tell(run());
    one.tell(kept(1, replicas));

    const letters = one.tell(ends(attemptOf(ENTRY), written(0)));
    expect(one.state.version).toBe(0);
    expect(of(letters, 'drop').map(({ to }) => to)).toEqual([`home:${HOME}@0`, `home:${HOME}@1`]);
    expect(of(letters, 'dispatch')).toMatchObject([{ assignments: [{ attempt: { number: 2 } }] }]);
    expect(eventsIn(one.effects)).toContainEqual(expect.objectContaining({ type: 'ended', why: 'moved' }));
    expect(one.state.tally.retries).toBe(0);
  });

  test('that was staged before one of those left the directory is decided: all others hold it', () => {
    const one = settled(1);
    one.tell(run());
    const { generation } = one.state.homing.places;
    one.tell(agentLost(1));

    one.tell(ends(attemptOf(ENTRY), written(generation)));
    expect(one.state.version).toBe(1);
  });

  test('that waits for memory to be freed, and was staged before another came, runs again', () => {
    const one = master({ versionBytes: 0, rcomps: 3 });
    one.tell(run());
    const child = (index: number) => ({ id: ENTRY + 1n + BigInt(index), parent: ENTRY, index });
    const heap = [{ base: SR, length: 4096, merge: 0 as const }];
    const children = [0, 1].map((index) => ({
      ...one.state.runners.get(ENTRY)!.control,
      ...child(index),
      heap,
    }));
    one.tell(ends(attemptOf(ENTRY), commit(0, { children })));
    const [first, second] = [0, 1].map((index) => attemptOf(ENTRY + 1n + BigInt(index)));
    one.state.starvation.add(one.state.runners.get(first!.runner)!);
    const replicas = askedOf(one.tell(join(1, 0)), 1);
    one.state.out.oldest!.pin = 0;
    one.tell(ends(second!, { ...written(0), sv: 1 }));
    expect(one.state.capped.size).toBe(1);

    one.tell(kept(1, replicas));
    expect(one.state.capped.size).toBe(0);
    // It waits for the one that starves.
    expect(one.state.runners.get(second!.runner)!.state).toBe('schedulable');
  });
});

test('input that was staged before another came to keep its page is taken once it is staged there, too', () => {
  const one = master();
  one.tell(kept(1, askedOf(one.tell(join(1, 0)), 1)));
  one.tell(run());
  one.tell(arrival(0));
  expect(one.state.version).toBe(0);
  one.tell(arrival(1));
  expect(one.state.version).toBe(1);
});

describe('in a round', () => {
  const round = () => {
    const one = master({ deterministic: true });
    const replicas = askedOf(one.tell(join(1, 0)), 1);
    one.tell(run());
    const control = one.state.runners.get(ENTRY)!.control;
    const children = [0, 1].map((index) => ({
      ...control,
      id: ENTRY + 1n + BigInt(index),
      parent: ENTRY,
      index,
    }));
    one.tell(ends(attemptOf(ENTRY), commit(0, { children })));
    return { one, replicas, attempts: children.map(({ id }) => attemptOf(id)) };
  };

  test('what has ended and was staged before another came to keep its pages is done again, in the same round', () => {
    const { one, replicas, attempts } = round();
    one.tell(ends(attempts[0]!, { ...written(0), sv: 1 }));
    const letters = one.tell(kept(1, replicas));

    expect(of(letters, 'copy')).toHaveLength(2);
    expect(of(letters, 'dispatch')).toMatchObject([
      { assignments: [{ attempt: { ...attempts[0], number: 2 }, at: 1 }] },
    ]);
    one.tell(ends({ ...attempts[0]!, number: 2 }, { ...written(1), sv: 1 }));
    expect(one.state.version).toBe(1);
    one.tell(ends(attempts[1]!, commit(1)));
    expect(one.state.version).toBe(3);
  });

  test('input that waits for its end, and was staged before another came, is decided once it is staged there, too', () => {
    const { one, replicas, attempts } = round();
    one.tell(arrival(0));
    one.tell(kept(1, replicas));
    const grandchild = { ...one.state.runners.get(attempts[0]!.runner)!.control, id: 0x9000n, parent: ENTRY };
    one.tell(ends(attempts[0]!, commit(1)));
    one.tell(ends(attempts[1]!, commit(1, { children: [grandchild] })));
    expect(one.state.version).toBe(3);
    one.tell(arrival(1));
    one.tell(ends(attemptOf(0x9000n), commit(3)));
    expect(one.state.version).toBe(5);
  });

  test('input that was staged there, too, before the round ends is decided with it', () => {
    const { one, replicas, attempts } = round();
    one.tell(arrival(0));
    one.tell(kept(1, replicas));
    one.tell(arrival(1));
    for (const attempt of attempts) one.tell(ends(attempt, commit(1)));
    expect(one.state.version).toBe(4);
  });

  test('a program that is cancelled hands its pages over all the same', () => {
    const { one, replicas } = round();
    one.tell({ type: 'cancel' });

    expect(of(one.tell(kept(1, replicas)), 'copy')).toHaveLength(2);
  });
});

describe('a node that dies', () => {
  test('costs nothing where another keeps the same; a third one copies from that', () => {
    const one = settled(2);
    const before = nodesOf(one);
    const letters = one.tell(agentLost(2));
    settle(one, letters);

    expect(before.flat()).toContain(2);
    expect(nodesOf(one).map((nodes) => nodes.sort())).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(one.state.phase).toBe('idle');
  });

  test('while another copies from it, is replaced by one that has everything', () => {
    const one = settled(2, { replicas: 3 });
    const replicas = askedOf(one.tell(join(3, 0)), 3);
    const copies = of(one.tell(kept(3, replicas)), 'copy');
    for (const letter of copies) {
      if (letter.type !== 'copy') continue;
      const node = letter.source!.node;
      if (node === 0) continue;
      const again = of(one.tell(agentLost(node)), 'copy').filter(({ to }) => to === letter.to);
      expect(again).toHaveLength(1);
      expect(again).not.toMatchObject([{ source: letter.source }]);
    }
    expect(one.state.phase).toBe('idle');
  });

  test('while it copies, is not waited for by the one from which it does', () => {
    const one = master();
    const replicas = askedOf(one.tell(join(1, 0)), 1);
    one.tell(kept(1, replicas));

    expect(of(one.tell(agentLost(1)), 'release')).toEqual(
      replicas.map(({ home, replica }) => ({ to: `home:${home}@0`, type: 'release', replica })),
    );
  });

  test('with a home that nobody has ever written to loses nothing: it begins anew elsewhere', () => {
    const one = settled(0, { homes: 4 });
    settle(one, one.tell(join(1, 1)));
    settle(one, one.tell(leave(0)));
    one.tell(run());
    const letters = one.tell(agentLost(1));
    // The image has a page of one home.
    expect(one.state.homing.places.lost).toEqual([homeOf(pageOf(SR, CONFIG.pageSize), 4)]);
    expect(one.state.homing.places.homes.map(({ length }) => length)).toEqual([0, 0, 0, 0]);
    const asked = askedOf([...letters, ...one.tell(join(2, 1))], 2);

    expect(asked).toHaveLength(3);
    expect(of(one.tell(kept(2, asked)), 'copy')).toMatchObject(asked.map(() => ({ source: null })));
  });

  test('takes what waits for its verdict along, if nobody else holds it', () => {
    const one = settled(1, { deterministic: true });
    settle(one, one.tell(leave(0)));
    one.tell(join(2, 1));
    one.tell(run());
    const other = SR + 2 ** 20;
    const home = homeOf(pageOf(other, CONFIG.pageSize), CONFIG.homes);
    Object.assign(one.state.homing, { pages: new PageSet(CONFIG.pageSize) });
    const { control } = one.state.runners.get(ENTRY)!;
    const children = [0, 1].map((index) => ({
      ...control,
      id: ENTRY + 1n + BigInt(index),
      parent: ENTRY,
      index,
    }));
    one.tell(ends(attemptOf(ENTRY), commit(0, { children, generation: 99 }), 2));
    const staged = commit(1, { spans: [{ ...SPAN, base: other }], homes: [home], generation: 99 });
    one.tell(ends(attemptOf(children[0]!.id), staged, 2));
    one.tell(agentLost(1));

    expect([one.state.version, one.state.round!.ends.size]).toEqual([1, 0]);
    expect(one.state.runners.get(children[0]!.id)!.attempts).toBe(2);
  });

  test('with pages that nobody else has ends the program, and it is told exactly what is lost', () => {
    const one = settled(0);
    settle(one, one.tell(join(1, 1)));
    settle(one, one.tell(leave(0)));
    one.tell(run());
    expect(nodesOf(one)).toEqual([[1], [1]]);
    one.tell(
      ends(
        attemptOf(ENTRY),
        commit(0, { spans: [SPAN, { ...SPAN, base: SR + 2 ** 20 + 60 }], homes: [0, 1], generation: 9 }),
        1,
      ),
    );
    const letters = one.tell(agentLost(1));

    // Pages of 64 bytes: those of the image, and those that were written.
    const first = SR.toString(16);
    const second = (SR + 2 ** 20).toString(16);
    const error = `too many nodes have died at once: 192 bytes of memory are lost (0x${first} + 64, 0x${second} + 128)`;
    expect(of(letters, 'done')).toMatchObject([{ summary: { status: 'failed', error } }]);
  });
});

describe('a node that is to leave', () => {
  test('leaves once others have all of its pages', () => {
    const one = settled(2);
    const letters = one.tell(leave(1));
    expect(of(letters, 'left')).toEqual([]);
    settle(one, letters);

    expect(nodesOf(one).map((nodes) => nodes.sort())).toEqual([
      [0, 2],
      [0, 2],
    ]);
    expect(one.state.agents.get(1)).toBeUndefined();
  });

  test('leaves also when the program is over: its memory is still read', () => {
    const one = settled(1);
    one.tell(run());
    one.tell(ends(attemptOf(ENTRY), commit(0)));
    settle(one, one.tell(leave(1)));

    expect(one.state.phase).not.toBe('running');
    expect(nodesOf(one)).toEqual([[0], [0]]);
    expect(one.state.agents.get(1)).toBeUndefined();
  });
});

test('where a log is made of what is staged there, the master’s node keeps everything, and nothing can be lost', () => {
  const one = settled(2, { keepsAll: true });

  expect(nodesOf(one).every((nodes) => nodes.includes(0) && nodes.length === 2)).toBe(true);
  for (const node of [1, 2]) settle(one, one.tell(agentLost(node)));
  expect([nodesOf(one), one.state.phase]).toEqual([[[0], [0]], 'idle']);
});
