/** A thread that runs seeds: it is told how many, and answers with what each has shown. */

import { parentPort, workerData } from 'node:worker_threads';
import { judgeSeed, type Settings, type Shown } from '../../sim/campaign.ts';

/** Main thread → worker: run these; answered by one `Batch`. */
export interface Order {
  readonly first: number;
  readonly count: number;
}

export interface Batch {
  readonly shown: readonly (readonly [seed: number, shown: Shown])[];
}

const settings = workerData as Settings;

parentPort!.on('message', ({ first, count }: Order) => {
  const shown: [number, Shown][] = [];
  for (let seed = first; seed < first + count; seed += 1) {
    const one = shownBy(seed);
    shown.push([seed, one]);
    // What comes after a failure nobody will ask about.
    if (one.failure !== null) break;
  }
  parentPort!.postMessage({ shown } satisfies Batch);
});

function shownBy(seed: number): Shown {
  try {
    return judgeSeed(seed, settings).shown;
  } catch (error) {
    throw new Error(`the simulator fails at seed ${seed}`, { cause: error });
  }
}
