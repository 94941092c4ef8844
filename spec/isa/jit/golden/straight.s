# Register words in locals, their own width and narrower; written back where control leaves.
        .entry main
main:   add r0, r1, r2
        add r0:b, $-3:b, r3:b
        mov r1:w, r4:q
        mov:z r1:w, r5:q
        shl r0:d, r1:d, r6:d
        exit:c
