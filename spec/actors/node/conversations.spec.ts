import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Birth, createActor } from '../../../src/actors/actor.ts';
import type { Init } from '../../../src/actors/init.ts';
import { HOSTED_KINDS, type Message } from '../../../src/actors/node/host.ts';
import { Machine } from '../../../src/actors/node/machine.ts';
import type { MachineOptions } from '../../../src/actors/node/options.ts';
import { MESSAGES } from '../../../src/actors/node/wire/messages.ts';
import { assemble } from '../../../src/index.ts';
import {
  CONSUMER,
  CONTENTION,
  ENDLESS,
  FAULT,
  LONG,
  OLD_READER,
  POLITE,
  SUM,
} from '../../support/small-programs.ts';

const directory = mkdtempSync(join(tmpdir(), 'dvm-spec-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** `kind type` of every message that nact has handed to an actor. */
const seen = new Set<string>();

interface Setting {
  readonly options?: MachineOptions;
  readonly create?: (init: Init) => Birth;
  readonly onCommit?: (machine: Machine, stop: AbortController) => void;
}

async function run(source: string, { options = {}, create = createActor, onCommit }: Setting = {}) {
  const stop = new AbortController();
  const onDispatch = (to: { kind: string }, { type }: Message) => seen.add(`${to.kind} ${type}`);
  await using machine = new Machine(assemble(source), options, { onDispatch, create });
  machine.on('commit', () => onCommit?.(machine, stop));
  return await machine.run({ signal: stop.signal });
}

/** An RComp that is told to start dies of it, so many times in all. */
function withDeaths(deaths: number): (init: Init) => Birth {
  let left = deaths;
  return (init) => {
    const birth = createActor(init);
    if (init.kind !== 'rcomp') return birth;
    const actor: Birth['actor'] = {
      receive(message) {
        if (left > 0 && message.type === 'start') {
          left -= 1;
          throw new Error('the compartment has died');
        }
        return birth.actor.receive(message);
      },
    };
    return { ...birth, actor };
  };
}

beforeAll(async () => {
  await run(SUM, {
    options: { outputs: [{ base: 0x6_0000_0000, length: 8, file: join(directory, 'out') }] },
  });
  await run(SUM.replace('total:  .quad 7', '        .equ total, 0x600000000'), {
    options: { outputs: [{ base: 0x6_0000_0000, length: 8, file: join(directory, 'out') }] },
  });
  await run(FAULT, { options: { inputs: [{ base: 0x6_0000_0000, file: new Uint8Array(8) }] } });
  await run(POLITE, { options: { tick: 1 }, onCommit: (machine) => machine.raise('shutdownAsked') });
  await run(ENDLESS, { onCommit: (_, stop) => stop.abort() });
  await run(SUM, {
    options: {
      stdout: new Writable({ write: (_, __, done) => done(new Error('gone')) }).on('error', () => {}),
    },
  });
}, 60_000);

test('a runner whose RComp dies runs again on a fresh one', async () => {
  expect(await run(SUM, { create: withDeaths(1) })).toMatchObject({ status: 'done', version: 1 });
  expect(seen).toContain('agent rcomp-lost');
});

test('a compartment that dies three times under the same runner faults it', async () => {
  expect(await run(SUM, { create: withDeaths(2) })).toMatchObject({ status: 'done' });
  expect(await run(SUM, { create: withDeaths(3) })).toMatchObject({
    status: 'faulted',
    version: 0,
    faults: [{ cause: 'compartment-lost' }],
  });
});

test('runners that overlap conflict, run again, and starve no one', async () => {
  const report = await run(CONTENTION, { options: { rcomps: 4 } });

  expect(report.status).toBe('done');
  expect(report.runners.conflicts).toBeGreaterThan(0);
});

test('a runner that takes its time is executed by a thread, which asks for the pages that it misses', async () => {
  expect(await run(LONG, { options: { engine: 'wasm' } })).toMatchObject({
    status: 'done',
    version: 1,
  });
  expect(seen).toContain('rcomp compartment-needs');
  expect(seen).toContain('rcomp compartment-ended');
});

test('a runner that the interpreter executes takes its time in slices', async () => {
  expect(await run(LONG, { options: { engine: 'interpreter' } })).toMatchObject({ status: 'done' });
  expect(seen).toContain('rcomp slice');
});

test('a stream is consumed as it arrives, and waits while its ring is full', async () => {
  const options = {
    stdin: { base: 0x6_0000_0000, length: 64 + 8, source: Readable.from(['x'.repeat(100)]) },
  };
  expect(await run(CONSUMER, { options })).toMatchObject({ status: 'done' });
});

test('past the memory cap a runner whose snapshot is too old runs again', async () => {
  const report = await run(OLD_READER, { options: { lazyReads: true, versionBytes: 0 } });

  expect(report.status).toBe('done');
});

/**
 * Only a fetch that crosses the order to collect its version is answered "too old" after its runner has started; on
 * nact both take one turn. The drawn message orders of spec/actors have it. A node that dies takes its nact with it:
 * the simulator has that.
 */
const RARE = new Set([
  'rcomp too-old',
  'master agent-lost',
  // Who starves, and whose attempt is taken away, depends on which thread was faster.
  'agent recall',
  'master returned',
  'agent revoke',
  'rcomp stop',
  'agent news',
  // They take 16 MiB of output: `machine.spec.ts` has them.
  'master congested',
  'io device-full',
  // Only nodes of a cluster leave, and only there do others come to keep the pages.
  'master leave',
  'master kept',
  'master copied',
  'master retired',
  'agent places',
  'agent keep',
  'rcomp places',
  'home copy',
  'home pull',
  'home part',
  'home release',
  'home retire',
  'io places',
]);

test('every type of message passes through nact', () => {
  const all = HOSTED_KINDS.flatMap((kind) => {
    const { form } = MESSAGES[kind];
    return form.kind === 'variants' ? form.of.map(({ type }) => `${kind} ${type}`) : [];
  });

  expect(all.filter((name) => !seen.has(name) && !RARE.has(name))).toEqual([]);
});
