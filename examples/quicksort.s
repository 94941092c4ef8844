# A quicksort that forks: a runner partitions its heap range and makes two runners, one for each part; they start when it
# has committed. Short parts are sorted on the spot, by plain recursion with `bl` and the stack.
#
#     dvm run examples/quicksort.s --print numbers:qx5
#
# prints the least five of a thousand pseudo-random numbers:
#
#     0x600000000: 906953
#     0x600000008: 13237930
#     0x600000010: 17090394
#     0x600000018: 18343984
#     0x600000020: 26979331

.entry main

.equ COUNT, 1000
.equ SHORT, 32*8  # bytes of a part that is sorted without forking

# ======== the entry runner fills its heap range, then sorts it like any other ========

main:
        mov $numbers:q, r0
        mov $2012:q, r1
fill:
        mul r1:uq, $6364136223846793005, r1  # a linear congruential generator, of which
        add r1:uq, $1442695040888963407, r1
        shr r1:uq, $33, (r0)                 # the upper 31 bits count
        add r0:q, $8, r0
        br:l r0:q, $numbers+COUNT*8, fill

# ======== sorts the runner's own heap range ========

sort:
        mov (ctx.heap_list):q, r0  # first number
        mov 8(ctx.heap_list):q, r1
        br:le r1:q, $SHORT, sort_here
        add r0:q, r1, r1           # behind the last number
        bl partition, r62
        sub r2:q, r0, r3           # bytes before the pivot
        bl fork, r62
        add r2:q, $8, r0           # and those behind it
        sub r1:q, r0, r3
        bl fork, r62
        exit:c

sort_here:
        add r0:q, r1, r1
        mov ctx.stack:q, r63
        bl quicksort, r62
        exit:c

# Makes a runner that sorts the r3 bytes at r0. Every runner has the same stack range, and its own content there.
fork:
        mov $stack:q, r10
        mov $heap_count:q, r11
        mov $watched:q, r12
        mov $code:q, r13
        mov $1:q, heap_count
        mov r0:q, heap_count+8
        mov r3:q, heap_count+16
        newr r10, r11, r12, r13
        br:j (r62)

# ======== subroutines: the link is in r62, and r63 points behind the last word of the stack ========

# Sorts the numbers from r0 up to r1. A frame is three words: the link, the end, and the pivot's place.
quicksort:
        sub r1:q, r0, r3
        br:le r3:q, $8, sorted
        add r63:q, $24, r63
        mov r62:q, -24(r63):q
        mov r1:q, -16(r63):q
        bl partition, r62
        mov r2:q, -8(r63):q
        mov r2:q, r1
        bl quicksort, r62
        add -8(r63):q, $8, r0
        mov -16(r63):q, r1
        bl quicksort, r62
        mov -24(r63):q, r62
        sub r63:q, $24, r63
sorted:
        br:j (r62)

# Moves what is less than the last number to the front, and that number, the pivot, behind it; r2 is its place.
partition:
        mov -8(r1):q, r4  # the pivot
        mov r0:q, r2      # the numbers before this one are less
        mov r0:q, r5
look:
        br:ge (r5):q, r4, go_on
        mov (r2):q, r6
        mov (r5):q, (r2):q
        mov r6:q, (r5):q
        add r2:q, $8, r2
go_on:
        add r5:q, $8, r5
        br:l r5:q, r1, look
        mov (r2):q, -8(r1):q
        mov r4:q, (r2):q
        br:j (r62)

        .align 8
stack:  .quad 0x700000000, 0x1000
watched: .quad 0
code:   .quad sort

.equ heap_count, 0x1000  # private: (base, length) follow

.heap numbers, COUNT*8
.org 0x600000000
numbers:
        .space COUNT*8
