import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../../../src/actors/config.ts';
import { Compartments } from '../../../../src/actors/node/compartments/compartments.ts';
import { ThreadPool } from '../../../../src/actors/node/compartments/thread-pool.ts';
import { Machine, type Observer } from '../../../../src/actors/node/machine.ts';
import type { MachineOptions } from '../../../../src/actors/node/options.ts';
import type { ToRComp } from '../../../../src/actors/protocol.ts';
import { addressOfLabel, assemble } from '../../../../src/index.ts';
import { attemptOf, controlBlock, EMPTY_MAP } from '../../../support/actors.ts';
import { assembleExample } from '../../../support/example.ts';
import { ENDLESS, FAULT, LONG, SUM } from '../../../support/small-programs.ts';

/** Every attempt is executed by a thread, from its first instruction on. */
const THREADED: MachineOptions = { engine: 'wasm', prelude: 0, rcomps: 2 };

/** Writes its whole heap, many times what a ring holds, then reads and counts it. */
const LARGE = `
.entry main
.heap data, 0x400000
main:
        mov $data, r1
fill:   mov r1, (r1)
        add r1, $8, r1
        br:l r1, $data + 0x400000, fill
        exit:c
        .equ data, 0x600000000
`;

/** Reads a range of many pages that nobody has written, page by page. */
const SCAN = `
.entry main
.heap data, 0x400000
main:
        mov $data, r1
next:   add (r1), r2, r2
        add r1, $64, r1
        br:l r1, $data + 0x400000, next
        mov $1, data
        exit:c
        .equ data, 0x600000000
`;

async function run(source: string, options: MachineOptions = {}, observer: Observer = {}) {
  await using machine = new Machine(assemble(source), { ...THREADED, ...options }, observer);
  return await machine.run();
}

describe.each(['block', 'await'] as const)('a thread that waits by %s', (wait) => {
  const pool = new ThreadPool({ wait });

  test('executes attempts, one after the other, to any end', async () => {
    expect(await run(SUM, {}, { pool })).toMatchObject({ status: 'done', version: 1 });
    expect(await run(FAULT, {}, { pool })).toMatchObject({
      status: 'faulted',
      faults: [{ cause: 'read-outside-ranges', pc: 0x4_0000_0000, address: 0x6_0000_0000n, line: 3 }],
    });
    expect((await run('.entry main\nmain: exit:a', {}, { pool })).status).toBe('aborted');
  });

  test('asks for pages as it goes', async () => {
    expect((await run(LONG, {}, { pool })).status).toBe('done');
    expect((await run(SCAN, {}, { pool })).status).toBe('done');
  });

  test('brings back more than a ring holds', async () => {
    const program = assemble(LARGE);
    await using machine = new Machine(program, THREADED, { pool });
    await machine.run();

    expect(await machine.readWord(0x6_0000_0000, 'q')).toBe(0x6_0000_0000n);
    expect(await machine.readWord(0x6_0000_0000 + 0x3f_fff8, 'q')).toBe(0x6_0000_0000n + 0x3f_fff8n);
  });

  test('lets go of a runner that never ends, within 50 ms, and is used again', async () => {
    const started = pool.started;
    const stop = new AbortController();
    let asked = 0;
    const onExecute = () => {
      if (executions++ < 1) return;
      asked = performance.now();
      stop.abort();
    };
    let executions = 0;
    await using machine = new Machine(assemble(ENDLESS), THREADED, { pool, onExecute });
    const report = await machine.run({ signal: stop.signal });

    expect(report.status).toBe('cancelled');
    expect(performance.now() - asked).toBeLessThan(50);
    expect((await run(SUM, { rcomps: 1 }, { pool })).status).toBe('done');
    expect(pool.started).toBeLessThanOrEqual(started + 1);
  });
});

describe('a thread that dies', () => {
  const TRANSFERS = 1_000;

  /** Kills every `nth` thread that is given an attempt. */
  const killing = (nth: number) => {
    let executions = 0;
    const killed = { count: 0, lost: 0 };
    const observer: Observer = {
      onExecute: (_, thread) => {
        executions += 1;
        if (executions % nth !== 0) return;
        killed.count += 1;
        thread.kill();
      },
      onCompartmentLost: () => {
        killed.lost += 1;
      },
    };
    return { killed, observer };
  };

  test('is replaced, and its runner runs again: no money is made or lost', async () => {
    const { killed, observer } = killing(150);
    const program = assembleExample('bank.s');
    await using machine = new Machine(program, THREADED, observer);
    const report = await machine.run();
    const accounts = await machine.readWords(addressOfLabel(program, 'accounts'), 'q', 10);

    expect(report).toMatchObject({ status: 'done', runners: { committed: TRANSFERS + 1 } });
    expect(accounts.reduce((sum, money) => sum + money, 0n)).toBe(10_000n);
    expect(killed.count).toBeGreaterThan(5);
    expect(killed.lost).toBeGreaterThan(0);
  });

  test('three times under the same runner faults it', async () => {
    const { killed, observer } = killing(1);
    const report = await run('.entry main\nmain: br:j main', {}, observer);

    expect(report).toMatchObject({ status: 'faulted', faults: [{ cause: 'compartment-lost' }] });
    expect(killed.count).toBe(3);
  });

  test('of a mistake of its own tells which', async () => {
    const errors: (Error | null)[] = [];
    const wrong = new ThreadPool({ entry: scriptOf("throw new Error('out of its mind');") });
    const report = await run(SUM, {}, { pool: wrong, onCompartmentLost: (error) => errors.push(error) });

    expect(report.faults).toMatchObject([{ cause: 'compartment-lost' }]);
    expect(errors.map((error) => error?.message)).toEqual(new Array(3).fill('out of its mind'));
  });
});

describe('a thread that hangs', () => {
  const hung = () => new ThreadPool({ entry: scriptOf('for (;;);') });
  const attempt = attemptOf(0x1000n);
  const start = { attempt, control: controlBlock(), sv: 0, pages: [] };
  const settings = { config: DEFAULT_CONFIG, map: EMPTY_MAP, translations: [] };

  test('is killed, and its RComp hears that it has died', async () => {
    const heard = await new Promise<ToRComp>((toRComp) => {
      const compartments = new Compartments(settings, {
        pool: hung(),
        round: 1,
        toRComp: (_, message) => toRComp(message),
        onDeath: () => {},
      });
      compartments.receive(0, { type: 'execute', ...start });
    });

    expect(heard).toEqual({ type: 'compartment-ended', attempt, outcome: null, loads: [] });
  });

  test('over an attempt that was dropped is killed without a word', async () => {
    const pool = hung();
    const thread = pool.take();
    const gone = new Promise<void>((resolve) => {
      pool.give(thread);
      const compartments = new Compartments(settings, {
        pool,
        round: 1,
        toRComp: () => expect.unreachable(),
        onDeath: () => expect.unreachable(),
        onExecute: (_, given) => {
          expect(given).toBe(thread);
          const died = compartments.died.bind(compartments);
          compartments.died = (...words) => {
            died(...words);
            resolve();
          };
        },
      });
      compartments.receive(0, { type: 'execute', ...start });
      compartments.receive(0, { type: 'cancel', attempt });
    });

    await gone;
    expect(thread.isDead).toBe(true);
  });
});

test('many machines one after the other use the same threads', async () => {
  const pool = new ThreadPool();
  for (let i = 0; i < 5; i++) await run(LONG, {}, { pool });

  expect(pool.started).toBeLessThanOrEqual(2);
});

test('short runners start no thread at all', async () => {
  const pool = new ThreadPool();
  const program = assembleExample('bank.s');
  await using machine = new Machine(program, { engine: 'wasm', prelude: 1_000_000 }, { pool });
  await machine.run();

  expect(pool.started).toBe(0);
});

test('more RComps than threads take their turns', async () => {
  const pool = new ThreadPool({ most: 1 });
  const program = assembleExample('counter.s');
  await using machine = new Machine(program, { ...THREADED, rcomps: 20 }, { pool });
  const report = await machine.run();

  expect(report.status).toBe('done');
  expect(await machine.readWord(addressOfLabel(program, 'counter'), 'q')).toBe(500n);
  expect(pool.started).toBe(1);
});

test('a command ends by itself, with threads that are idle or have died', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `
      import { assemble, Machine } from ${JSON.stringify(new URL('../../../../dist/src/index.js', import.meta.url).href)};
      const forever = '.entry main\\nmain: br:j main';
      for (const [kill, source] of [[false, ${JSON.stringify(SUM)}], [true, forever]]) {
        const machine = new Machine(assemble(source), { engine: 'wasm', prelude: 0 }, {
          onExecute: (_, thread) => kill && thread.kill(),
        });
        const { status } = await machine.run();
        console.log(status);
      }
    `,
    ],
    { encoding: 'utf8', timeout: 20_000 },
  );

  expect([status, stdout]).toEqual([0, 'done\nfaulted\n']);
});

/** A thread that runs this text. */
function scriptOf(text: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`);
}
