# Divisions: by a constant, by −1, by anything; and a remainder by quotient, product and difference.
        .entry main
main:   div r0, $10, r1
        div r0, $-1, r2
        div r0:ud, r3:ud, r4:ud
        rem r0, r3, r5
        div r0, r3, r6
        mul r6, r3, r6
        sub r0, r6, r6
        exit:c
