/** Where bytes live: address → page → home. */

import { invariant } from '../invariant.ts';
import { end, type Range } from './ranges.ts';

/** Bytes in a page unless a machine is told otherwise; any power of two from 16 on will do. */
export const DEFAULT_PAGE_SIZE = 4096;

/** So many neighbouring pages share a home, so that a runner's ranges need few conversations. */
const BLOCK = 16;

/** The number of the page that holds `address`; page n holds `[n · pageSize, (n + 1) · pageSize)`. */
export function pageOf(address: number, pageSize: number): number {
  return Math.floor(address / pageSize);
}

/** The numbers of the pages that a range touches, ascending. */
export function* pagesOf(range: Range, pageSize: number): Generator<number, void, undefined> {
  if (range.length <= 0) return;
  const last = pageOf(end(range) - 1, pageSize);
  for (let page = pageOf(range.base, pageSize); page <= last; page++) yield page;
}

/** Which of `homes` homes, 0 … homes − 1, keeps a page: blocks of 16 pages, spread by a hash. */
export function homeOf(page: number, homes: number): number {
  invariant(homes > 0, 'a machine has a page home');
  const block = Math.floor(page / BLOCK);
  let hash = block ^ Math.imul(Math.floor(block / 2 ** 32), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % homes;
}

/** Things that concern one page each, by the home that keeps it. */
export function byHome<T extends { readonly page: number }>(
  things: Iterable<T>,
  homes: number,
): Map<number, T[]> {
  const groups = new Map<number, T[]>();
  for (const thing of things) {
    const home = homeOf(thing.page, homes);
    const group = groups.get(home);
    if (group === undefined) groups.set(home, [thing]);
    else group.push(thing);
  }
  return groups;
}
