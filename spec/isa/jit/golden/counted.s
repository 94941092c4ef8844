# A counted loop: sixteen iterations in one go, the rest one by one.
        .entry main
main:   mov $1000, r1
again:  xor r0, r1, r0
        sub r1, $1, r1
        br:nz r1, again
        exit:c
