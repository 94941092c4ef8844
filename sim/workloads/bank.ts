/** Transfers between accounts, each a runner of its own: no money is made or lost. */

export interface Bank {
  readonly kind: 'bank';
  /** From 2 up. */
  readonly accounts: number;
  readonly transfers: number;
  /** Of the generator that chooses accounts and amounts. */
  readonly seed: number;
}

export const BALANCE = 1000n;
export const ACCOUNTS = 0x6_0000_0000;

export function bankSource({ accounts, transfers, seed }: Bank): string {
  return `
.entry main
.equ STACKS, 0x700000000
transfer:
  mov (ctx.stack):q, r0
  mov 8(ctx.stack):q, r1
  mov 16(ctx.stack):q, r2
  sub (r0):q, r2, (r0)
  add (r1):q, r2, (r1)
  exit:c

.equ stack_base, 0x1000
.equ heap_count, 0x1010
.equ watch_count, 0x1038
.equ first_instruction, 0x1040
main:
  mov $stack_base:q, r10
  mov $heap_count:q, r11
  mov $watch_count:q, r12
  mov $first_instruction:q, r13
  mov $STACKS:q, stack_base
  mov $24:q, stack_base+8
  mov $2:q, heap_count
  mov $8:q, heap_count+16
  mov $8:q, heap_count+32
  mov $transfer:q, first_instruction
  mov $0:q, r0
  mov $${seed}:q, r1
next:
  br:ge r0:q, $${transfers}, over
  bl random, r62
  rem r2:q, $${accounts}, r3
  bl random, r62
  rem r2:q, $${accounts - 1}, r4
  add r3:q, r4, r4
  add r4:q, $1, r4
  rem r4:q, $${accounts}, r4
  bl random, r62
  rem r2:q, $100, r5
  mul r3:q, $8, r3
  add r3:q, $accounts, heap_count+8
  mul r4:q, $8, r4
  add r4:q, $accounts, heap_count+24
  newr r10, r11, r12, r13
  mov stack_base:q, r6
  mov heap_count+8:q, (r6):q
  mov heap_count+24:q, 8(r6):q
  mov r5:q, 16(r6):q
  add stack_base:q, $24, stack_base
  add r0:q, $1, r0
  br:j next
over:
  exit:c
random:
  mul r1:uq, $6364136223846793005, r1
  add r1:uq, $1442695040888963407, r1
  shr r1:uq, $33, r2
  br:j (r62)

.heap accounts, ${8 * accounts}
.org ${ACCOUNTS}
accounts: .quad ${Array.from({ length: accounts }, () => BALANCE).join(', ')}
`;
}
