/** What an agent has to do with who keeps which pages: its node keeps some, and the RComps have to know of all. */

import { homeOf } from '../memory/directory.ts';
import { sometimes } from '../sometimes.ts';
import { addressOf, nameOfAddress } from './address.ts';
import { ask } from './agent-pages.ts';
import type { AgentState } from './agent-state.ts';
import { type Effect, send, spawn } from './behaviour.ts';
import { type Places, readerOf } from './places.ts';
import type { PageRequest, ToAgent } from './protocol.ts';

/** Replicas come to stand here. Danger: the word may be for an earlier life of this node, or come again. */
export function keep(
  state: AgentState,
  { incarnation, replicas }: Extract<ToAgent, { type: 'keep' }>,
): Effect[] {
  if (incarnation !== state.incarnation) {
    sometimes('a node is asked to keep what its earlier life should have kept');
    return [];
  }
  const { self, config, map } = state;
  const node = Number(self.id);
  const effects: Effect[] = [];
  for (const { home, replica } of replicas) {
    if (replica <= (state.keeps.get(home) ?? -1)) continue;
    state.keeps.set(home, replica);
    effects.push(spawn({ kind: 'home', id: home, node, replica, config, map, image: null }));
  }
  return [...effects, send(addressOf('master'), { type: 'kept', agent: self, incarnation, replicas })];
}

/** Whoever was asked for pages and keeps them no more will not answer: those who do are asked. */
export function placesChanged(state: AgentState, places: Places): Effect[] {
  if (places.generation <= state.places.generation) return [];
  const before = state.places;
  state.places = places;
  const effects: Effect[] = [];
  for (const { rcomp, running } of state.slots.values()) {
    effects.push(send(addressOf('rcomp', rcomp), { type: 'places', places }));
    if (running === null) continue;
    const again: PageRequest[] = [];
    for (const page of running.missing)
      if (readerAt(state, before, page) !== readerAt(state, places, page)) again.push({ page, have: -1 });
    if (again.length === 0) continue;
    sometimes('pages are asked for again, of another replica');
    effects.push(...ask(state, again, running.sv));
  }
  return effects;
}

function readerAt({ self, config }: AgentState, places: Places, page: number): string | null {
  const reader = readerOf(places, homeOf(page, config.homes), Number(self.id));
  return reader && nameOfAddress(reader);
}
