/** The order of a key's appends, as its reads tell it: the longest read, and of what nobody has read only that it is later. */

import { type Anomaly, anomaly } from './anomaly.ts';
import type { Footprint } from './footprints.ts';

/** A footprint and whose it is. */
export interface Visit extends Footprint {
  readonly id: number;
}

export interface VersionOrder {
  readonly key: number;
  /** Committed transactions in the order of their appends. Twice if another one's append lies between. */
  readonly writers: readonly number[];
  /** Where in the list the appends of each begin. */
  readonly starts: readonly number[];
  /** Committed transactions with appends that no read has: they come after all of `writers`, in an unknown order. */
  readonly unread: readonly number[];
}

/** By value: who appended it, and whether that committed. */
export type Appenders = ReadonlyMap<number, { readonly id: number; readonly committed: boolean }>;

/** The version order of one key. What contradicts itself goes to `found`. */
export function versionOrderOf(
  key: number,
  visits: readonly Visit[],
  appenders: Appenders,
  found: Anomaly[],
): VersionOrder {
  const longest = longestRead(key, visits, found);
  examine(key, longest, visits, appenders, found);
  const writers: number[] = [];
  const starts: number[] = [];
  longest.forEach((value, at) => {
    const appender = appenders.get(value);
    if (appender?.committed !== true || writers.at(-1) === appender.id) return;
    writers.push(appender.id);
    starts.push(at);
  });
  const read = new Set(longest);
  const unread = visits
    .filter(({ appends }) => appends.some((value) => !read.has(value)))
    .map(({ id }) => id);
  return { key, writers, starts, unread };
}

/** What others' reads found; each must be a prefix of the longest. */
function longestRead(key: number, visits: readonly Visit[], found: Anomaly[]): readonly number[] {
  let longest: readonly number[] = [];
  let reader = -1;
  for (const { id, base } of visits)
    if (base !== null && base.length > longest.length) [longest, reader] = [base, id];
  for (const { id, base } of visits)
    if (base?.some((value, i) => value !== longest[i])) {
      const lines = [`T${id} finds key ${key} as [${base}]`, `T${reader} finds it as [${longest}]`];
      found.push(anomaly('incompatible-order', [id, reader], lines));
    }
  return longest;
}

/** Each value once, by somebody who committed; each transaction's in its program order. */
function examine(
  key: number,
  longest: readonly number[],
  visits: readonly Visit[],
  appenders: Appenders,
  found: Anomaly[],
): void {
  const places = new Map<number, number>();
  longest.forEach((value, at) => {
    const appender = appenders.get(value);
    const where = `key ${key} is [${longest}]`;
    if (appender === undefined) found.push(anomaly('garbage-read', [], [`nobody appended ${value}`, where]));
    else if (!appender.committed)
      found.push(anomaly('G1a', [appender.id], [`T${appender.id} aborted and appended ${value}`, where]));
    if (places.has(value))
      found.push(anomaly('duplicate-append', [appender?.id ?? -1], [`${value} is there twice`, where]));
    places.set(value, at);
  });
  for (const { id, appends } of visits)
    for (let i = 1; i < appends.length; i += 1) {
      const [earlier, later] = [places.get(appends[i - 1]!), places.get(appends[i]!)];
      if (later !== undefined && (earlier === undefined || earlier > later))
        found.push(
          anomaly('internal', [id], [`T${id} appends ${appends} to key ${key}`, `it is [${longest}]`]),
        );
    }
}
