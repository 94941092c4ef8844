# NaNs that are computed are canonical; comparisons; conversions that may fault.
        .entry main
main:   mul r0:fd, r1:fd, r2:fd
        add r0:fs, $1.5:fs, r3:fs
        mov r0:fd, r4:d
        mov r5:uq, r6:fs
        br:le r2:fd, r1:fd, main
        exit:c
