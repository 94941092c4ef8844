import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Birth } from '../../../src/actors/actor.ts';
import { addressOf, nameOfAddress } from '../../../src/actors/address.ts';
import { type Effect, STOP, send, spawn } from '../../../src/actors/behaviour.ts';
import { DEFAULT_CONFIG } from '../../../src/actors/config.ts';
import type { Init } from '../../../src/actors/init.ts';
import { Host, type Message } from '../../../src/actors/node/host.ts';
import { InvariantError, invariant } from '../../../src/invariant.ts';

const map = { assembled: [], loaded: [], files: [], outputs: [], streams: [] };
const settings = { config: DEFAULT_CONFIG, map };
const home = (id: number): Init => ({
  kind: 'home',
  id,
  node: 0,
  replica: id,
  ...settings,
  image: [],
});
const rcomp = (id: number): Init => ({ kind: 'rcomp', id, agent: 0, ...settings });
const agent: Init = { kind: 'agent', id: 0, incarnation: 1, rcomps: [0], ...settings };
const master: Init = { kind: 'master', ...settings, ios: [] };
const watcher = (id: bigint): Init => ({ kind: 'watcher', id, ranges: [], since: 0 });

const tick = (word: number): Message => ({ type: 'signal', word });

/** A host whose actors answer by `script`, and what it was seen to do. */
function staged(script: (at: string, message: Message) => readonly Effect[], birth: readonly Effect[] = []) {
  const seen: string[] = [];
  const clients: unknown[] = [];
  const broken: unknown[] = [];
  const lost: string[] = [];
  const host = new Host({
    create: (init): Birth => {
      const at = nameOfAddress(addressOf(init.kind, init.kind === 'master' ? 0 : init.id));
      return {
        actor: { receive: (message) => script(at, message) },
        effects: init.kind === 'master' ? birth : [],
      };
    },
    toDevice: () => {},
    toCompartment: () => {},
    toClient: (_, message) => clients.push(message),
    onTrace: () => {},
    onBroken: (error, at) => broken.push([error, at.kind]),
    onRCompLost: (_, at) => lost.push(nameOfAddress(at)),
    onDispatch: (to, message) => seen.push(`${nameOfAddress(to)} ${message.type}`),
  });
  return { host, seen, clients, broken, lost };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await setImmediate();
}

test('each actor is one actor of nact, of its kind', async () => {
  const { host } = staged(() => []);
  for (const init of [master, agent, rcomp(0), rcomp(1), home(0), watcher(7n), watcher(2n ** 63n)])
    host.spawn(init);

  expect(host.liveActors()).toEqual({ master: 1, agent: 1, rcomp: 2, home: 1, watcher: 2, io: 0 });
  host.close();
  expect(host.liveActors()).toEqual({ master: 0, agent: 0, rcomp: 0, home: 0, watcher: 0, io: 0 });
});

test('effects are carried out in their order, those of the birth first', async () => {
  const client = addressOf('client');
  const done = (error: string) => send(client, { type: 'done', summary: { error } } as never);
  const { host, seen, clients } = staged(
    (at) =>
      at === 'master:0@0'
        ? [spawn(home(3)), send(addressOf('home', 3), { type: 'settle', version: 1 }), done('step')]
        : [done('home')],
    [done('birth')],
  );
  host.spawn(master);
  host.send(addressOf('master'), { type: 'cancel' });
  await settle();

  expect(seen).toEqual(['master:0@0 cancel', 'home:3@0 settle']);
  expect(clients).toMatchObject([
    { summary: { error: 'birth' } },
    { summary: { error: 'step' } },
    { summary: { error: 'home' } },
  ]);
  host.close();
});

test('messages from one sender to one receiver arrive first in, first out', async () => {
  const arrived: number[] = [];
  const { host } = staged((at, message) => {
    if (at === 'io:0@0' && message.type === 'signal') arrived.push(message.word);
    if (at !== 'master:0@0') return [];
    return Array.from({ length: 10 }, (_, i) =>
      send(addressOf('io', 0), { type: 'signal', word: arrived.length * 100 + i }),
    );
  });
  host.spawn(master);
  host.spawn({ kind: 'io', id: 0, config: DEFAULT_CONFIG, io: { type: 'signals' } });
  host.send(addressOf('master'), { type: 'cancel' });
  await settle();
  host.send(addressOf('master'), { type: 'cancel' });
  for (let word = 0; word < 3; word++) host.send(addressOf('io', 0), tick(word));
  await settle();

  expect(arrived).toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009,
  ]);
  host.close();
});

test('an actor that stops itself hears nothing more, not even what waited in its mailbox', async () => {
  const { host, seen } = staged((_, message) => (message.type === 'committed' ? [STOP] : []));
  host.spawn(watcher(9n));
  const to = addressOf('watcher', 9n);
  host.send(to, { type: 'finished', activation: 1, since: 0 });
  host.send(to, { type: 'committed', version: 1, spans: [] });
  host.send(to, { type: 'finished', activation: 1, since: 0 });
  await settle();
  host.send(to, { type: 'finished', activation: 1, since: 0 });
  await settle();

  expect(seen).toEqual(['watcher:0x9@0 finished', 'watcher:0x9@0 committed']);
  expect(host.liveActors().watcher).toBe(0);
  host.close();
});

test('an RComp that dies is replaced by a fresh one, and its agent is told', async () => {
  let deaths = 0;
  const { host, seen, lost, broken } = staged((at, message) => {
    if (at === 'rcomp:4@0' && message.type === 'too-old' && deaths++ === 0)
      throw new Error('compartment died');
    return [];
  });
  host.spawn(agent);
  host.spawn(rcomp(4));
  const to = addressOf('rcomp', 4);
  const message: Message = { type: 'too-old', attempt: { runner: 1n, epoch: 1, number: 1 } };
  host.send(to, message);
  await settle();
  host.send(to, message);
  await settle();

  expect(seen).toEqual(['rcomp:4@0 too-old', 'agent:0@0 rcomp-lost', 'rcomp:4@0 too-old']);
  expect(lost).toEqual(['rcomp:4@0']);
  expect(host.liveActors().rcomp).toBe(1);
  expect(broken).toEqual([]);
  host.close();
});

test.each([['master'], ['home']])(
  'a broken invariant in a %s ends everything and is surfaced',
  async (kind) => {
    const { host, broken } = staged((at) => {
      invariant(!at.startsWith(kind), 'pages only grow newer');
      return [];
    });
    host.spawn(master);
    host.spawn(home(0));
    host.send(addressOf('master'), { type: 'cancel' });
    host.send(addressOf('home', 0), { type: 'settle', version: 1 });
    await settle();

    expect(broken).toEqual([[new InvariantError('pages only grow newer'), kind]]);
    expect(Object.values(host.liveActors())).toEqual([0, 0, 0, 0, 0, 0]);
  },
);

test('a closed host leaves no actor, no timer and no handle behind', async () => {
  const { host } = staged((_, message) => [send(addressOf('home', 0), message as never)]);
  host.spawn(home(0));
  host.send(addressOf('home', 0), { type: 'settle', version: 1 });
  await settle();
  host.close();
  await settle();

  expect(process.getActiveResourcesInfo().filter((name) => name === 'Immediate')).toEqual([]);
});
