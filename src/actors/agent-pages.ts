/** How an agent sets snapshots up: pages from its cache, the rest from their homes. */

import { byHome, homeOf, pageOf, pagesOf } from '../memory/directory.ts';
import type { Version } from '../memory/version.ts';
import { sometimes } from '../sometimes.ts';
import { addressOf } from './address.ts';
import type { AgentState, Running, Slot } from './agent-state.ts';
import { type Effect, send } from './behaviour.ts';
import type { ControlBlock } from './control-block.ts';
import { readerOf } from './places.ts';
import type { FetchedPage, PageRequest } from './protocol.ts';

/** Pages that go with a start, at the most: its first instruction's and the first ones of its ranges. */
const START_PAGES = 8;

export function firstPages(control: ControlBlock, pageSize: number): number[] {
  const pages = new Set([pageOf(control.fi, pageSize)]);
  for (const range of [...control.watched, ...control.heap].slice(0, START_PAGES)) {
    for (const page of pagesOf(range, pageSize)) {
      if (pages.size === START_PAGES) return [...pages];
      pages.add(page);
    }
  }
  return [...pages];
}

/** Pages for an attempt: at once what the cache holds for its version, the rest from the homes. */
export function supply(state: AgentState, slot: Slot, running: Running, pages: readonly number[]): Effect[] {
  const requests: PageRequest[] = [];
  for (const page of pages) {
    const bytes = cached(state, page, running.sv);
    if (bytes !== undefined) {
      sometimes('a page is taken from the cache');
      running.pages.push({ page, bytes });
    } else {
      const have = state.cache.get(page)?.from ?? -1;
      if (have >= 0) sometimes('a cached page is asked for again');
      running.missing.add(page);
      requests.push({ page, have });
    }
  }
  return [...ask(state, requests, running.sv), ...deliver(slot, running)];
}

/** The content of a page as of `sv`, null being the zero page; undefined if nobody here knows. */
function cached(state: AgentState, page: number, sv: Version): Uint8Array | null | undefined {
  const entry = state.cache.get(page);
  if (entry === undefined || entry.from > sv) return undefined;
  if (entry.through >= sv) return entry.bytes;
  // Nothing has touched its home since the home last vouched for it.
  const touched = state.touched.get(homeOf(page, state.config.homes)) ?? 0;
  return touched <= entry.through ? entry.bytes : undefined;
}

export function ask(state: AgentState, requests: readonly PageRequest[], at: Version): Effect[] {
  return [...byHome(requests, state.config.homes)].flatMap(([home, pages]) => {
    const reader = readerOf(state.places, home, Number(state.self.id));
    // Nobody keeps them: the master ends the program, or a home begins anew and the next `places` says where.
    if (reader === null) return [];
    const needs = state.touched.get(home) ?? 0;
    return [send(reader, { type: 'fetch', from: state.self, pages, at, needs })];
  });
}

/** Once nothing is missing: the start, or the pages that the running attempt asked for. */
export function deliver(slot: Slot, running: Running): Effect[] {
  if (running.missing.size > 0) return [];
  const { attempt, control, sv, pages, need } = running;
  running.pages = [];
  const rcomp = addressOf('rcomp', slot.rcomp);
  if (running.started) return [send(rcomp, { type: 'pages', attempt, number: need, pages })];
  running.started = true;
  slot.sequence += 1;
  return [send(rcomp, { type: 'start', sequence: slot.sequence, attempt, control, sv, pages })];
}

/** What a page's home has answered, put into the cache; undefined where it vouched for something that is gone. */
export function contentOf(state: AgentState, page: FetchedPage): Uint8Array | null | undefined {
  if (page.state === 'too-old') return undefined;
  const { from, through } = page;
  let bytes: Uint8Array | null = null;
  if (page.state === 'bytes') bytes = page.bytes;
  if (page.state === 'same') {
    const held = state.cache.get(page.page);
    if (held?.from !== from) return undefined;
    sometimes('a home answers that a page is the same');
    bytes = held.bytes;
  }
  state.cache.put(page.page, { bytes, from, through });
  return bytes;
}
