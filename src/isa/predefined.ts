/** The names that every source knows. */

import { type Layout, REGISTER_COUNT } from './layout.ts';

/** `r0` … `r63` and `ctx.id`, `ctx.stdout` and so on, with their addresses. */
export function predefinedNames(layout: Layout): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (let i = 0; i < REGISTER_COUNT; i += 1) names.set(`r${i}`, layout.registers + 8 * i);
  for (const [name, address] of Object.entries(layout.words)) names.set(`ctx.${name}`, address);
  return names;
}
