/** Loads, stores and extensions by the size of what is accessed. */

import { OP } from './wasm.ts';

export const EXTEND = { 1: OP.i64_extend8_s, 2: OP.i64_extend16_s, 4: OP.i64_extend32_s } as const;

export const LOAD_UNSIGNED = {
  1: OP.i64_load8_u,
  2: OP.i64_load16_u,
  4: OP.i64_load32_u,
  8: OP.i64_load,
} as const;

export const LOAD_SIGNED = {
  1: OP.i64_load8_s,
  2: OP.i64_load16_s,
  4: OP.i64_load32_s,
  8: OP.i64_load,
} as const;

export const STORE = { 1: OP.i64_store8, 2: OP.i64_store16, 4: OP.i64_store32, 8: OP.i64_store } as const;
