/** Programs of a few lines, each for one way to end. */

/** Commits the sum of 1 … 1000 to `total`, and says so. */
export const SUM = `        .entry main
        .heap total, 8
main:   mov $0, r0
        mov $1, r1
loop:   add r0, r1, r0
        add r1, $1, r1
        br:le r1, $1000, loop
        mov r0, total
        mov $0x0a6b6f:d, ctx.stdout:d
        exit:c
        .align 4096
total:  .quad 7
`;

/** Reads what it has not declared, in line 3. */
export const FAULT = `        .entry main
        .heap 0x500000000, 8
main:   mov 0x600000000, r0
        exit:c
`;

export const ABORT = `        .entry main
main:   mov $0x21:b, ctx.stdout:b
        exit:a
`;

/** Leaves a watcher of `flag` behind, which nobody will write. */
export const QUIESCENT = `        .entry main
main:   mov $none, r1
        mov $watch, r2
        mov $code, r3
        newr r1, r1, r2, r3
        exit:c
woken:  exit:c
none:   .quad 0, 0
watch:  .quad 1, flag, 8
code:   .quad woken
        .align 4096
flag:   .quad 0
`;

/** Commits and prints "go", and leaves a runner behind that never ends. */
export const ENDLESS = `        .entry main
        .heap seen, 8
main:   mov $none, r1
        mov $code, r2
        newr r1, r1, r1, r2
        mov $1, seen
        mov $0x6f67:w, ctx.stdout:w
        mov $0x0a:b, ctx.stdout:b
        exit:c
loop:   br:j loop
none:   .quad 0, 0
code:   .quad loop
        .align 4096
seen:   .quad 0
`;

/** Each runner prints four bytes and makes the next one. */
export const YES = `        .entry main
main:   mov $0x0a6a6a41:d, ctx.stdout:d
        mov $none, r1
        mov $code, r2
        newr r1, r1, r1, r2
        exit:c
none:   .quad 0, 0
code:   .quad main
`;

/** Runners, one after the other, without end; each prints 64 KiB. */
export const CHATTY = `        .entry main
main:   mov $8192:q, r1
again:  mov $0x0a6a6a416a6a6a41, ctx.stdout:q
        sub r1:q, $1, r1
        br:g r1:q, $0, again
        mov $none, r1
        mov $code, r2
        newr r1, r1, r1, r2
        exit:c
none:   .quad 0, 0
code:   .quad main
`;

/** Once the input stream at 0x600000000 has ended, copies the count of its bytes to `total`. */
export const COUNT_INPUT = `        .entry main
        .equ input, 0x600000000
main:   mov $none, r1
        mov $heap, r2
        mov $watch, r3
        mov $code, r4
        newr r1, r2, r3, r4
        exit:c
ended:  mov input, total
        exit:c
none:   .quad 0, 0
heap:   .quad 2, input, 8, total, 8
watch:  .quad 1, input + 8, 8
code:   .quad ended
        .align 4096
total:  .quad 0
`;

/** At each tick looks whether a shutdown is asked for; says "bye" and ends once it is. */
export const POLITE = `        .entry main
        .equ ticks, 0x3f0000000010
        .equ asked, 0x3f0000000018
main:   mov $none, r1
        mov $watch, r2
        mov $code, r3
        newr r1, r1, r2, r3
        mov $0x6f67:w, ctx.stdout:w
        exit:c
tick:   br:nz asked, bye
        exit:c
bye:    mov $0x0a657962:d, ctx.stdout:d
        exit:cd
none:   .quad 0, 0
watch:  .quad 0x8000000000000001, ticks, 8
code:   .quad tick
`;

/** Thirty runners add 1 to one counter, each after a while; their sum is checked by nobody but the counter. */
export const CONTENTION = `        .entry main
main:   mov $none, r1
        mov $heap, r2
        mov $code, r3
        mov $30, r4
again:  newr r1, r2, r1, r3
        sub r4, $1, r4
        br:nz r4, again
        exit:c
child:  mov counter, r0
        mov $4000, r1
wait:   sub r1, $1, r1
        br:nz r1, wait
        add r0, $1, counter
        exit:c
none:   .quad 0, 0
heap:   .quad 1, counter, 8
code:   .quad child
        .align 4096
counter: .quad 0
`;

/** A persistent watcher of the stream at 0x600000000 that moves the cursor to what has arrived. */
export const CONSUMER = `        .entry main
        .equ arrived, 0x600000000
        .equ ended, 0x600000008
        .equ cursor, 0x600000010
main:   mov $none, r1
        mov $heap, r2
        mov $watch, r3
        mov $code, r4
        newr r1, r2, r3, r4
        exit:c
eat:    mov arrived, cursor
        br:nz ended, done
        exit:c
done:   exit:cd
none:   .quad 0, 0
heap:   .quad 1, cursor, 8
watch:  .quad 0x8000000000000001, arrived, 16
code:   .quad eat
`;

/** One runner works for long and then reads, undeclared, what the others have written over and over meanwhile. */
export const OLD_READER = `        .entry main
main:   mov $none, r1
        mov $code, r3
        newr r1, r1, r1, r3
        mov $heap, r2
        mov $after, r3
        newr r1, r2, r1, r3
        exit:c
reader: mov $300000, r1
wait:   sub r1, $1, r1
        br:nz r1, wait
        mov cell, r0
        exit:c
writer: add cell, $1, cell
        br:le $200, cell, done
        mov $none, r1
        mov $heap, r2
        mov $after, r3
        newr r1, r2, r1, r3
done:   exit:c
none:   .quad 0, 0
heap:   .quad 1, cell, 8
code:   .quad reader
after:  .quad writer
        .align 4096
cell:   .quad 0
`;

/** Sums up to a number of three digits in a heap word, then reads a word that lies many pages away. */
export const LONG = `
.entry main
.heap total, 0x100000
main:
        mov $0, r0
loop:   add r0, $1, r0
        add total, r0, total
        br:l r0, $9000, loop
        add total, total + 0xff000, total
        exit:c
.org 0x600000000
total:  .quad 0
`;
