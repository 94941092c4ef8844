/** Runs seeds on several threads, in batches, until all are run, time is up or one fails. */

import { Worker } from 'node:worker_threads';
import type { Settings, Shown } from '../../sim/campaign.ts';
import type { Seeds } from './request.ts';
import type { Batch, Order } from './worker.ts';

/** Seeds a message. */
const BATCH = 16;

export interface Campaign {
  readonly seeds: Seeds;
  readonly jobs: number;
  readonly settings: Settings;
  /** Answers whether to go on. */
  readonly onShown: (seed: number, shown: Shown) => boolean;
}

/** The lowest failing seed of those that were run, so that the answer does not depend on which thread was faster; null if there is none. */
export async function runSeeds({ seeds, jobs, settings, onShown }: Campaign): Promise<number | null> {
  const { first, count, time } = seeds;
  const ends = performance.now() + time;
  let next = first;
  let failing: number | null = null;
  let stopped = false;
  const orderOf = (): Order | null => {
    const left = Math.min(first + count, failing ?? Number.POSITIVE_INFINITY) - next;
    if (stopped || left <= 0 || performance.now() >= ends) return null;
    const order = { first: next, count: Math.min(BATCH, left) };
    next += order.count;
    return order;
  };
  const heed = ({ shown }: Batch) => {
    for (const [seed, one] of shown) {
      if (one.failure !== null) failing = Math.min(failing ?? seed, seed);
      if (!onShown(seed, one)) stopped = true;
    }
  };
  const workers = Array.from({ length: Math.min(jobs, Math.ceil(count / BATCH)) }, () =>
    work(settings, orderOf, heed),
  );
  await Promise.all(workers);
  return failing;
}

/** One thread, from its first order to its end. */
function work(settings: Settings, orderOf: () => Order | null, heed: (batch: Batch) => void): Promise<void> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: settings,
    // Runs are short and leave much behind: collected young, it costs least.
    resourceLimits: { maxYoungGenerationSizeMb: 128 },
  });
  return new Promise((resolve, reject) => {
    const goOn = () => {
      const order = orderOf();
      if (order !== null) worker.postMessage(order);
      else worker.terminate().then(() => resolve(), reject);
    };
    worker.on('message', (batch: Batch) => {
      heed(batch);
      goOn();
    });
    worker.once('error', reject);
    goOn();
  });
}
