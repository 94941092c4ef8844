# Five hundred runners add 1 to one counter, each without a lock. A runner whose counter has changed under its hands has
# not happened: it runs again by itself. So the counter is exact.
#
#     dvm run examples/counter.s --print counter:q --stats
#
# prints
#
#     0x600000000: 500
#
# and how many conflicts that took.

.entry main

.equ RUNNERS, 500

increment:
        add counter:q, $1, counter
        exit:c

main:
        mov $0:q, r0
again:
        newr blocks, blocks+8, blocks+16, blocks+24
        add r0:q, $1, r0
        br:l r0:q, $RUNNERS, again
        exit:c

# All 500 are alike, so their control information is data. newr takes words that point to the blocks.
        .align 8
blocks: .quad stack, heap, watched, code
stack:  .quad 0, 0  # none
heap:   .quad 1, counter, 8
watched: .quad 0    # a plain runner
code:   .quad increment

.heap counter, 8
.org 0x600000000
counter:
        .quad 0
