/** Runs seeds on several threads, in batches, until all are run, time is up, one fails or somebody has had enough. */

import { Worker } from 'node:worker_threads';
import type { Settings, Shown } from '../../sim/campaign.ts';
import type { Seeds } from './request.ts';
import type { Batch, Order } from './worker.ts';

/** Seeds a message, at the most. */
const BATCH = 16;

export interface Campaign {
  readonly seeds: Seeds;
  readonly jobs: number;
  readonly settings: Settings;
  /** Answers whether to go on. */
  readonly onShown: (seed: number, shown: Shown) => boolean;
  /** Ends it at once: what is being run is not waited for. */
  readonly signal: AbortSignal;
}

export interface Failing {
  readonly seed: number;
  readonly shown: Shown;
}

/** The lowest failing seed of those that were run, so that the answer does not depend on which thread was faster; null if there is none. */
export async function runSeeds({
  seeds,
  jobs,
  settings,
  onShown,
  signal,
}: Campaign): Promise<Failing | null> {
  const { first, count, time } = seeds;
  const ends = performance.now() + time;
  // So that few seeds are spread over all threads as well.
  const batch = Math.max(1, Math.min(BATCH, Math.floor(count / jobs)));
  let next = first;
  let failing: Failing | null = null;
  let stopped = false;
  const orderOf = (): Order | null => {
    const left = Math.min(first + count, failing?.seed ?? Number.POSITIVE_INFINITY) - next;
    if (stopped || left <= 0 || performance.now() >= ends) return null;
    const order = { first: next, count: Math.min(batch, left) };
    next += order.count;
    return order;
  };
  const heed = ({ shown }: Batch) => {
    for (const [seed, one] of shown) {
      if (one.failure !== null && (failing === null || seed < failing.seed)) failing = { seed, shown: one };
      if (!onShown(seed, one)) stopped = true;
    }
  };
  const workers = Array.from({ length: Math.min(jobs, Math.ceil(count / batch)) }, () =>
    startWorker(settings),
  );
  const stop = () => Promise.all(workers.map((worker) => worker.terminate()));
  signal.addEventListener('abort', stop, { once: true });
  try {
    await Promise.all(workers.map((worker) => work(worker, orderOf, heed)));
  } finally {
    await stop();
  }
  return failing;
}

function startWorker(settings: Settings): Worker {
  return new Worker(new URL('./worker.js', import.meta.url), {
    workerData: settings,
    // Runs are short and leave much behind: collected young, it costs least.
    resourceLimits: { maxYoungGenerationSizeMb: 128 },
  });
}

/** One thread, from its first order until there is none or it is stopped. */
function work(worker: Worker, orderOf: () => Order | null, heed: (batch: Batch) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const goOn = () => {
      const order = orderOf();
      if (order === null) resolve();
      else worker.postMessage(order);
    };
    worker.on('message', (batch: Batch) => {
      heed(batch);
      goOn();
    });
    worker.once('error', reject).once('exit', () => resolve());
    goOn();
  });
}
