import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopwatch } from '../measure.ts';
import type { Pool, PoolKind } from './pool.ts';

/** A worker-pool library for Node: tasks by structured clone to worker threads. */
export const piscina: PoolKind = {
  name: 'piscina',
  batch: 50_000,
  row: 2_000,
  absent: 'piscina, a pool of worker threads, is not installed (npm install piscina)',
  async open(workers) {
    const library = await import('piscina').catch(() => null);
    if (library === null) return null;
    const folder = mkdtempSync(join(tmpdir(), 'dvm-bench-'));
    const filename = join(folder, 'empty.mjs');
    writeFileSync(filename, 'export default () => {};');
    const threads = { minThreads: workers, maxThreads: workers, maxQueue: Number.POSITIVE_INFINITY };
    return new PiscinaPool(folder, new library.Piscina({ filename, ...threads }));
  },
};

/** As much of it as is used. */
interface Library {
  run(task: unknown): Promise<unknown>;
  destroy(): Promise<void>;
}

class PiscinaPool implements Pool {
  readonly #folder: string;
  readonly #pool: Library;

  constructor(folder: string, pool: Library) {
    this.#folder = folder;
    this.#pool = pool;
  }

  async batch(count: number): Promise<number> {
    const time = await stopwatch(() =>
      Promise.all(Array.from({ length: count }, () => this.#pool.run(null))),
    );
    return (count / time) * 1000;
  }

  async oneAtATime(count: number): Promise<number> {
    const time = await stopwatch(async () => {
      for (let i = 0; i < count; i++) await this.#pool.run(null);
    });
    return (time * 1000) / count;
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
