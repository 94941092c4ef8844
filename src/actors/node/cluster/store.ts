/** What a master's node keeps on disk: the programs that it was given, and for each a log of what was decided. */

import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import { invariant } from '../../../invariant.ts';
import type { Version } from '../../../memory/version.ts';
import type { CommitLog, Epochs, LogRecord } from '../../commit-log.ts';
import type { Epoch } from '../../control-block.ts';
import type { PageImage } from '../../init.ts';
import type { KeptOutput } from '../company.ts';

/** A program as it was submitted. */
export interface KeptProgram {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly submitted: number;
  readonly submission: Uint8Array;
}

/** What stands in the place of the first steps of a program's log. */
export interface KeptCheckpoint {
  readonly steps: number;
  /** An encoded `Checkpoint`. */
  readonly state: Uint8Array;
  /** Those that have changed since the checkpoint before it. */
  readonly pages: readonly PageImage[];
  readonly outputs: readonly KeptOutput[];
}

/** Tables that one directory may hold. */
const TABLES = 8;

/** How what is kept is written; it says so itself since the second way. */
const FORMAT = 2;

/** Programs are counted from 1. */
const LAST_ID: [number, 'passed'] = [0, 'passed'];
const FORMAT_ID: [number, 'format'] = [0, 'format'];

type HeadName = 'epoch' | 'passed' | 'format';

/** Bytes of a value before its content: a number that goes with it. */
const HEAD = 8;

export class Store {
  readonly #root: RootDatabase;
  /** By program: submitted (8 bytes), then the submission. */
  readonly #programs: Database<Buffer, number>;
  /** By program and position. */
  readonly #records: Database<Buffer, [number, number]>;
  /** By program: the newest epoch, the newest position that is not kept. Of all of them: `LAST_ID`, `FORMAT_ID`. */
  readonly #heads: Database<number, [number, HeadName]>;

  /** By program: checkpoints' states. */
  readonly #states: Database<Buffer, number>;
  /** By program and page. */
  readonly #pages: Database<Buffer, [number, number]>;
  /** By program and channel: the offset (8 bytes), then what was put out. */
  readonly #outputs: Database<Buffer, [number, number]>;

  private constructor(root: RootDatabase) {
    this.#root = root;
    this.#states = root.openDB({ name: 'states', encoding: 'binary' });
    this.#pages = root.openDB({ name: 'pages', encoding: 'binary' });
    this.#outputs = root.openDB({ name: 'outputs', encoding: 'binary' });
    this.#programs = root.openDB({ name: 'programs', encoding: 'binary' });
    this.#records = root.openDB({ name: 'records', encoding: 'binary' });
    this.#heads = root.openDB({ name: 'heads' });
  }

  /** Throws what the system says if the directory cannot be made or opened; or that another version of dvm has written it. */
  static open(directory: string): Store {
    mkdirSync(directory, { recursive: true });
    const store = new Store(open({ path: `${directory}/dvm.mdb`, maxDbs: TABLES }));
    const format = store.#format();
    if (format === FORMAT) return store;
    void store.close();
    throw new Error(
      `written by a version of dvm that keeps its log in another way (format ${format}, not ${FORMAT}): go on with that version, or name another directory`,
    );
  }

  /** In the order of their ids. */
  programs(): KeptProgram[] {
    return [...this.#programs.getRange()].map(({ key, value }) => ({
      id: key,
      submitted: Number(value.readBigUInt64LE(0)),
      submission: new Uint8Array(value.subarray(HEAD)),
    }));
  }

  /** Fulfilled when it outlives a crash. */
  async add({ id, submitted, submission }: KeptProgram): Promise<void> {
    const value = after(submitted, submission);
    await this.#root.transaction(() => {
      this.#programs.put(id, value);
      this.#heads.put(LAST_ID, Math.max(id, this.lastId));
    });
    await this.#root.flushed;
  }

  /** The highest id that any program has had. */
  get lastId(): number {
    return this.#heads.get(LAST_ID) ?? 0;
  }

  /** The program and its log are wanted no longer. Nothing happens if the epoch is not the newest. */
  async remove(id: number, epoch: Epoch): Promise<void> {
    await this.#root.transaction(() => {
      if (this.#isFenced(id, epoch)) return;
      this.#programs.remove(id);
      for (const table of [this.#records, this.#pages, this.#outputs])
        for (const key of table.getKeys(everythingOf(id))) table.remove(key);
      this.#states.remove(id);
      for (const name of ['epoch', 'passed'] as const) this.#heads.remove([id, name]);
    });
    await this.#root.flushed;
  }

  /**
   * Fulfilled when it outlives a crash, and the steps that it stands for are kept no longer. Nothing happens if the epoch is
   * not the newest: another master may have come further.
   */
  async saveCheckpoint(
    id: number,
    epoch: Epoch,
    { steps, state, pages, outputs }: KeptCheckpoint,
  ): Promise<void> {
    await this.#root.transaction(() => {
      if (this.#isFenced(id, epoch) || !this.#log(id).pass(steps)) return;
      this.#states.put(id, Buffer.from(state));
      for (const { page, bytes } of pages) this.#pages.put([id, page], Buffer.from(bytes));
      for (const { io, offset, bytes } of outputs) this.#outputs.put([id, io], after(offset, bytes));
    });
    await this.#root.flushed;
  }

  /** The newest checkpoint of a program, with all pages that have ever changed; null if there is none. */
  checkpoint(id: number): KeptCheckpoint | null {
    const state = this.#states.get(id);
    if (state === undefined) return null;
    const pages = [...this.#pages.getRange(everythingOf(id))].map(({ key: [, page], value }) => ({
      page,
      bytes: new Uint8Array(value),
    }));
    const outputs = [...this.#outputs.getRange(everythingOf(id))].map(({ key: [, io], value }) => ({
      io,
      offset: Number(value.readBigUInt64LE(0)),
      bytes: new Uint8Array(value.subarray(HEAD)),
    }));
    return { steps: this.#heads.get([id, 'passed']) ?? 0, state: new Uint8Array(state), pages, outputs };
  }

  /** Of one program; there is one object for each at a time. */
  logOf(id: number): CommitLog & Epochs {
    return this.#log(id);
  }

  #log(id: number): StoredLog {
    return new StoredLog(this.#root, this.#records, this.#heads, id);
  }

  #format(): number {
    const format =
      this.#heads.get(FORMAT_ID) ?? (this.lastId > 0 || this.#programs.getKeysCount() > 0 ? 1 : null);
    if (format === null) this.#heads.putSync(FORMAT_ID, FORMAT);
    return format ?? FORMAT;
  }

  #isFenced(id: number, epoch: Epoch): boolean {
    return (this.#heads.get([id, 'epoch']) ?? 0) !== epoch;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

class StoredLog implements CommitLog, Epochs {
  readonly #root: RootDatabase;
  readonly #records: Database<Buffer, [number, number]>;
  readonly #heads: Database<number, [number, HeadName]>;
  readonly #id: number;

  constructor(
    root: RootDatabase,
    records: Database<Buffer, [number, number]>,
    heads: Database<number, [number, HeadName]>,
    id: number,
  ) {
    this.#root = root;
    this.#records = records;
    this.#heads = heads;
    this.#id = id;
  }

  async claim(): Promise<Epoch> {
    const epoch = await this.#root.transaction(() => {
      const next = this.#epoch + 1;
      this.#heads.put([this.#id, 'epoch'], next);
      return next;
    });
    await this.#root.flushed;
    return epoch;
  }

  async append(epoch: Epoch, batch: readonly Uint8Array[]): Promise<Version | 'fenced'> {
    const newest = await this.#root.transaction(() => {
      if (epoch !== this.#epoch) return 'fenced';
      let version = this.#newest;
      for (const bytes of batch) {
        version += 1;
        this.#records.put([this.#id, version], after(epoch, bytes));
      }
      return version;
    });
    await this.#root.flushed;
    return newest;
  }

  read(from: Version): readonly LogRecord[] | 'gone' {
    if (from <= this.#passed) return 'gone';
    const range = { start: [this.#id, from] as [number, number], end: [this.#id + 1, 0] as [number, number] };
    return [...this.#records.getRange(range)].map(({ key: [, version], value }) => ({
      version,
      epoch: Number(value.readBigUInt64LE(0)),
      bytes: new Uint8Array(value.subarray(HEAD)),
    }));
  }

  async checkpoint(version: Version): Promise<void> {
    await this.#root.transaction(() => {
      invariant(version <= this.#newest, 'a checkpoint is of a version that is in the log');
      this.pass(version);
    });
    await this.#root.flushed;
  }

  /** Within a transaction: lets go of all up to there. Whether there was anything. */
  pass(version: Version): boolean {
    const passed = this.#passed;
    if (version <= passed) return false;
    for (let at = passed + 1; at <= version; at += 1) this.#records.remove([this.#id, at]);
    this.#heads.put([this.#id, 'passed'], version);
    return true;
  }

  get #epoch(): Epoch {
    return this.#heads.get([this.#id, 'epoch']) ?? 0;
  }

  get #passed(): Version {
    return this.#heads.get([this.#id, 'passed']) ?? 0;
  }

  get #newest(): Version {
    const [last] = [...this.#records.getKeys({ ...backwards(this.#id), limit: 1 })];
    return last?.[1] ?? this.#passed;
  }
}

function everythingOf(id: number): { start: [number, number]; end: [number, number] } {
  return { start: [id, 0], end: [id + 1, 0] };
}

function backwards(id: number): { start: [number, number]; end: [number, number]; reverse: true } {
  return { start: [id, Number.MAX_SAFE_INTEGER], end: [id, 0], reverse: true };
}

/** A number of eight bytes, then the content. */
function after(number: number, content: Uint8Array): Buffer {
  const value = Buffer.alloc(HEAD + content.length);
  value.writeBigUInt64LE(BigInt(number), 0);
  value.set(content, HEAD);
  return value;
}
