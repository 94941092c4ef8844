# A computed branch.
        .entry main
main:   and r0, $1, r1
        shl r1, $3, r1
        mov $table, r2
        add r1, r2, r1
        mov (r1), r1
        br:j (r1)
even:   exit:c
odd:    exit:a
table:  .quad even, odd
