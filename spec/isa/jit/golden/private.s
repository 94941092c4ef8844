# Private words in locals, one of them beneath a narrower access; a pointer may lead to them.
        .entry main
main:   add 0x1000, $1, 0x1000
        mov $7:b, 0x1008:b
        mov 0x1008:q, r0:q
        mov (r1), r2
        br:nz r2, main
        exit:c
