# A loop that is left in its middle and has two ways back.
        .entry main
main:   br:ge r0, r1, out
        add r0, r2, r0
        br:z r0, main
        sub r1, $1, r1
        br:j main
out:    exit:c
