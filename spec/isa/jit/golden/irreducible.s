# A loop that is entered at two places: a dispatch loop.
        .entry main
main:   br:z r0, second
first:  add r1, $1, r1
second: sub r0, $1, r0
        br:nz r0, first
        br:nz r1, second
        exit:c
