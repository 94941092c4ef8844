# A pointer over a heap range: the loop's accesses are looked at once for several iterations.
        .entry main
        .heap 0x600000000, 0x1000
main:   mov $0x600000000, r1
again:  add (r1), r0, (r1)
        add r1, $8, r1
        br:l r1, $0x600001000, again
        exit:c
