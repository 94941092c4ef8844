import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { wordBytes } from '../../src/actors/arrivals.ts';
import type { ToStream } from '../../src/actors/protocol.ts';
import {
  createStream,
  receiveAsStream,
  STREAM_CURSOR,
  STREAM_HEADER,
  type StreamState,
} from '../../src/actors/stream.ts';
import type { PagePatch } from '../../src/memory/patch.ts';
import { CONFIG, Hosted, type Letter, lettersIn } from '../support/actors.ts';
import { runs } from '../support/runs.ts';

const ID = 3;
const BASE = 0x6_0000_0000;
const PAGE = CONFIG.pageSize;
const HEADER_PAGE = BASE / PAGE;

const streamOf = (capacity: number) =>
  createStream(ID, { base: BASE, length: STREAM_HEADER + capacity, io: ID }, CONFIG);

/** All that a stream deals with: a device with `input`, homes, the master, and a runner that consumes. */
class World {
  readonly capacity: number;
  readonly input: Uint8Array;
  readonly #stream;
  /** By sender, in the order of sending. */
  readonly #underWay = new Map<string, ToStream[]>();
  readonly #told: ToStream[] = [];
  readonly #memory = new Map<number, number>();
  readonly #staged = new Map<number, PagePatch[]>();
  /** The cursor by version. */
  readonly #cursors = [0];
  #headerVersion = 0;
  #credit = 0;
  #given = 0;
  ends = 0;
  stalls = 0;
  readonly consumed: number[] = [];

  constructor(capacity: number, input: Uint8Array) {
    this.capacity = capacity;
    this.input = input;
    const birth = streamOf(capacity);
    this.#stream = new Hosted(birth, receiveAsStream);
    this.#heed(lettersIn(birth.slice(1) as Parameters<typeof lettersIn>[0]));
  }

  get arrived(): number {
    return this.#word(0);
  }

  get cursor(): number {
    return this.#cursors.at(-1)!;
  }

  /** The device hands over up to `bytes` bytes; with the last of them, the end. */
  give(bytes: number): void {
    const part = this.input.slice(this.#given, this.#given + Math.min(bytes, this.#credit));
    this.#credit -= part.length;
    if (part.length > 0) this.#send('device', { type: 'input', offset: this.#given, bytes: part });
    this.#given += part.length;
    if (part.length > 0 && this.#given === this.input.length) this.#send('device', { type: 'input-ended' });
  }

  /** A runner reads up to `bytes` bytes behind the cursor and moves it. */
  consume(bytes: number): void {
    const { arrived, cursor } = this;
    const next = Math.min(arrived, cursor + bytes);
    if (next === cursor) return;
    for (let at = cursor; at < next; at++)
      this.consumed.push(this.#memory.get(BASE + STREAM_HEADER + (at % this.capacity)) ?? 0);
    wordBytes(next).forEach((byte, i) => {
      this.#memory.set(BASE + STREAM_CURSOR + i, byte);
    });
    this.#cursors.push(next);
    this.#headerVersion = this.#version;
    this.#send('master', { type: 'consumed', version: this.#version });
  }

  /** The next message of one of those who have sent any; false if there is none. */
  deliver(draw: number): boolean {
    const senders = [...this.#underWay].filter(([, messages]) => messages.length > 0);
    const [, messages] = senders[draw % Math.max(1, senders.length)] ?? [];
    const message = messages?.shift();
    if (message === undefined) return false;
    this.#told.push(message);
    this.#heed(this.#stream.tell(message));
    return true;
  }

  /** A message that was delivered before comes once more. */
  repeat(draw: number): void {
    const message = this.#told[draw % Math.max(1, this.#told.length)];
    if (message !== undefined) this.#heed(this.#stream.tell(message));
  }

  get #version(): number {
    return this.#cursors.length - 1;
  }

  #send(sender: string, message: ToStream): void {
    this.#underWay.set(sender, [...(this.#underWay.get(sender) ?? []), message]);
  }

  #heed(letters: readonly Letter[]): void {
    for (const letter of letters) {
      switch (letter.type) {
        case 'device-credit':
          this.#credit += letter.bytes;
          break;
        case 'stage':
          this.#mayBeWritten(letter.patches);
          this.#staged.set(letter.attempt.number, [
            ...(this.#staged.get(letter.attempt.number) ?? []),
            ...letter.patches,
          ]);
          this.#send(letter.to, { type: 'staged', replica: Number(letter.to[5]), attempt: letter.attempt });
          break;
        case 'arrival':
          this.#decide(letter.number, letter.last);
          break;
        case 'fetch':
          expect(letter.needs).toBeLessThanOrEqual(this.#version);
          this.#send(letter.to, {
            type: 'fetched',
            home: Number(letter.to[5]),
            at: letter.at,
            pages: [
              {
                page: HEADER_PAGE,
                state: 'bytes',
                bytes: Uint8Array.from({ length: PAGE }, (_, i) => this.#memory.get(BASE + i) ?? 0),
                from: this.#headerVersion,
                through: letter.at,
              },
            ],
          });
          break;
        case 'stalled':
          // From where that commit left the cursor nothing can arrive, and something waits.
          expect(this.arrived - this.#cursors[letter.consumed]!).toBe(this.capacity);
          expect(this.#given).toBeGreaterThan(this.arrived);
          this.stalls += 1;
          break;
        default:
          expect.fail(`a stream does not send ${letter.type}`);
      }
    }
  }

  /** Bytes that have arrived and that the cursor has not passed. */
  #mayBeWritten(patches: readonly PagePatch[]): void {
    const unread = new Set<number>();
    for (let at = this.cursor; at < this.arrived; at++)
      unread.add(BASE + STREAM_HEADER + (at % this.capacity));
    for (const { address, bytes } of patches.flatMap((patch) => patch.runs))
      for (let i = 0; i < bytes.length; i++) expect(unread.has(address + i)).toBe(false);
  }

  #decide(number: number, last: boolean): void {
    expect(this.#staged.has(number)).toBe(true);
    for (const { address, bytes } of this.#staged.get(number)!.flatMap((patch) => patch.runs))
      bytes.forEach((byte, i) => {
        this.#memory.set(address + i, byte);
      });
    this.#staged.delete(number);
    this.#cursors.push(this.cursor);
    this.#headerVersion = this.#version;
    if (last) this.ends += 1;
    expect(this.#word(8)).toBe(last ? 1 : 0);
    if (last) expect(this.arrived).toBe(this.input.length);
    this.#send('master', { type: 'arrived', number, version: this.#version });
  }

  #word(offset: number): number {
    return (this.#memory.get(BASE + offset) ?? 0) + 256 * (this.#memory.get(BASE + offset + 1) ?? 0);
  }
}

const anyStep = fc.record({
  type: fc.constantFrom('give', 'consume', 'deliver', 'deliver', 'deliver', 'repeat'),
  draw: fc.nat(40),
});

function take(world: World, steps: readonly { type: string; draw: number }[], repeats: boolean): void {
  for (const { type, draw } of steps) {
    if (type === 'give') world.give(draw);
    else if (type === 'consume') world.consume(draw);
    else if (type === 'deliver') world.deliver(draw);
    else if (repeats) world.repeat(draw);
  }
}

describe('rule 27: an input stream', () => {
  test('brings all input, in order, through a ring that is never overrun, and its end once, however messages come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 120 }),
        fc.array(anyStep, { maxLength: 80 }),
        (capacity, length, steps) => {
          const world = new World(
            capacity,
            Uint8Array.from({ length }, (_, i) => 1 + (i % 250)),
          );
          take(world, steps, true);
          for (let idle = 0; idle < 2; ) {
            world.give(7);
            world.consume(5);
            idle = world.deliver(idle) ? 0 : idle + 1;
          }

          expect(world.consumed).toEqual([...world.input]);
          expect(world.ends).toBe(1);
        },
      ),
      runs(300),
    );
  });

  test('that nobody consumes stalls when its ring is full and more has come', () => {
    const world = new World(8, new Uint8Array(9).fill(1));
    for (let i = 0; i < 20; i++) {
      world.give(9);
      world.deliver(i);
    }

    expect([world.arrived, world.ends]).toEqual([8, 0]);
    expect(world.stalls).toBeGreaterThan(0);
  });

  test('that holds all of its input does not stall: its end still comes', () => {
    const world = new World(8, new Uint8Array(8).fill(1));
    for (let i = 0; i < 20; i++) {
      world.give(9);
      world.deliver(i);
    }

    expect([world.arrived, world.ends, world.stalls]).toEqual([8, 1, 0]);
  });
});

describe('the cursor', () => {
  const header = (cursor: bigint, from: number): ToStream => {
    const bytes = new Uint8Array(PAGE);
    bytes.set(wordBytes(cursor), STREAM_CURSOR);
    return {
      type: 'fetched',
      home: 0,
      at: from,
      pages: [{ page: HEADER_PAGE, state: 'bytes', bytes, from, through: from }],
    };
  };

  /** A ring of 4 bytes, full, with two more waiting. */
  function full() {
    const stream = new Hosted(streamOf(4), receiveAsStream);
    const [stage] = stream.tell({ type: 'input', offset: 0, bytes: Uint8Array.of(1, 2, 3, 4) });
    stream.tell({ type: 'input', offset: 4, bytes: Uint8Array.of(5, 6) });
    decide(stream, stage, 1);
    return stream;
  }

  /** What is staged becomes the next version. */
  function decide(stream: Hosted<StreamState, ToStream>, stage: Letter | undefined, number: number): void {
    if (stage?.type !== 'stage') throw new Error('input is staged');
    for (const replica of [0, 1]) stream.tell({ type: 'staged', replica, attempt: stage.attempt });
    stream.tell({ type: 'arrived', number, version: number });
  }

  const typesOf = (letters: readonly Letter[]) => [...new Set(letters.map(({ type }) => type))];

  test('is read when a commit has moved it; until then nobody is told that the stream stalls', () => {
    const stream = full();

    expect(stream.tell({ type: 'consumed', version: 2 })).toMatchObject([{ type: 'fetch', needs: 2 }]);
    expect(stream.tell({ type: 'input', offset: 6, bytes: Uint8Array.of(7) })).toEqual([]);
    expect(typesOf(stream.tell(header(1n, 2)))).toContain('stage');
  });

  test.each([
    ['beyond what has arrived', 5n],
    ['far beyond it', 2n ** 63n],
    ['where it was', 0n],
  ])('%s frees nothing', (_, cursor) => {
    const stream = full();
    stream.tell({ type: 'consumed', version: 2 });

    expect(stream.tell(header(cursor, 2))).toMatchObject([{ type: 'stalled', consumed: 2 }]);
  });

  test('that goes back frees nothing, nor does an answer that comes after a newer one', () => {
    const stream = full();
    stream.tell({ type: 'consumed', version: 3 });

    const [stage] = stream.tell(header(1n, 3));
    decide(stream, stage, 2);
    expect(stream.tell(header(4n, 2))).toEqual([]);
    stream.tell({ type: 'consumed', version: 5 });
    expect(stream.tell(header(0n, 5))).toMatchObject([{ type: 'stalled', consumed: 5 }]);
  });

  test('I29: a commit that is told twice is read once', () => {
    const stream = full();
    stream.tell({ type: 'consumed', version: 2 });

    expect(stream.tell({ type: 'consumed', version: 2 })).toEqual([]);
    expect(stream.tell({ type: 'consumed', version: 1 })).toEqual([]);
  });
});

test('what is welcome is what the ring takes, and then what it has taken', () => {
  const stream = new Hosted(streamOf(4), receiveAsStream);
  const credit = (bytes: number) => ({ to: 'device:3@0', type: 'device-credit', bytes });

  expect(lettersIn(stream.effects)).toEqual([credit(4)]);
  expect(stream.tell({ type: 'input', offset: 0, bytes: Uint8Array.of(1, 2, 3) })).toContainEqual(credit(3));
  expect(stream.tell({ type: 'input', offset: 0, bytes: Uint8Array.of(1, 2, 3) })).toEqual([]);
});

test('the outside’s failure ends the program', () => {
  expect(new Hosted(streamOf(4), receiveAsStream).tell({ type: 'device-failed', error: 'gone' })).toEqual([
    { to: 'master:0@0', type: 'io-failed', io: ID, error: 'gone' },
  ]);
});
