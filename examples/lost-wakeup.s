# A watcher waits for two words, set by two runners. It wakes when the first is set, finds the second missing, and
# creates itself again. What if the second is set just then, after the watcher's snapshot and before its commit?
#
#     dvm run examples/lost-wakeup.s --print both:q
#
# prints, in whatever order the three of them run,
#
#     0x600000010: 1
#
# A watcher watches from its creator's snapshot, not from its creator's commit; so the second word is never missed. Were
# it otherwise, some runs would end with a watcher that waits for ever.

.entry main

set_first:
        mov $1:q, first
        exit:c

set_second:
        mov $1:q, second
        exit:c

wait:
        br:z first:q, wait_on
        br:z second:q, wait_on
        mov $1:q, both
        exit:c
wait_on:
        newr blocks, blocks+8, blocks+16, blocks+24
        exit:c

main:
        newr blocks, blocks+8, blocks+16, blocks+24
        newr blocks, blocks+32, blocks+40, blocks+48
        newr blocks, blocks+56, blocks+40, blocks+64
        exit:c

        .align 8
blocks:
        .quad no_stack, both_heap, words, wait_code  # the watcher
        .quad first_heap, nothing, set_first_code    # from + 32 on: the runner that sets the first word
        .quad second_heap, set_second_code           # from + 56 on: the one that sets the second
no_stack: .quad 0, 0
both_heap: .quad 1, both, 8
first_heap: .quad 1, first, 8
second_heap: .quad 1, second, 8
words:  .quad 2, first, 8, second, 8
nothing: .quad 0
wait_code: .quad wait
set_first_code: .quad set_first
set_second_code: .quad set_second

.org 0x600000000
first:
        .quad 0
second:
        .quad 0
both:
        .quad 0
