/** Marks in the written map, whose bit `L & 7` of byte `L >>> 3` stands for the byte at the linear address L. */

import type { AccessSize } from '../value-type.ts';
import type { CodeWriter } from './code.ts';
import type { Rules } from './rules.ts';
import { OP, type Opcode } from './wasm.ts';

/** Marks `size` bytes at the linear address in a local. */
export function markWritten(
  code: CodeWriter,
  { writtenMask }: Rules,
  linear: number,
  size: AccessSize,
): void {
  const mask = writtenMask(size);
  const place = () => code.get(linear).i32(3).op(OP.i32_shr_u);
  const bit = () => code.get(linear).i32(7).op(OP.i32_and);
  const mark = (load: Opcode, store: Opcode) => {
    place();
    place().memory(load);
    code.i32(mask);
    bit().op(OP.i32_shl, OP.i32_or).memory(store);
  };
  if (size === 1) mark(OP.i32_load8_u, OP.i32_store8);
  else if (size < 8) mark(OP.i32_load16_u, OP.i32_store16);
  else
    bit().if(
      () => mark(OP.i32_load16_u, OP.i32_store16),
      () => {
        place();
        code.i32(mask).memory(OP.i32_store8);
      },
    );
}

/** As `markWritten`, `offset` bytes behind a linear address that is a multiple of 8. */
export function markFixed(
  code: CodeWriter,
  { writtenMask }: Rules,
  linear: number,
  offset: number,
  size: AccessSize,
): void {
  const at = offset >> 3;
  const bits = writtenMask(size) << (offset & 7);
  const place = () => code.get(linear).i32(3).op(OP.i32_shr_u);
  place();
  if (bits === 0xff) code.i32(bits).memory(OP.i32_store8, at);
  else {
    const [load, store] = bits < 0x100 ? NARROW : WIDE;
    place();
    code.memory(load, at).i32(bits).op(OP.i32_or).memory(store, at);
  }
}

const NARROW = [OP.i32_load8_u, OP.i32_store8] as const;
const WIDE = [OP.i32_load16_u, OP.i32_store16] as const;
