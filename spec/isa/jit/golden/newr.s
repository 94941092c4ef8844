# Words are in memory where a runner is made.
        .entry main
main:   mov $none, r0
        mov $code, r1
        newr r0, r0, r0, r1
        mov ctx.child, r2
        exit:c
none:   .quad 0, 0
code:   .quad main
