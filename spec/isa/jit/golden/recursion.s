# A function that calls itself, its return address on the stack.
        .entry main
main:   mov $0x3e0000010000, r2
        mov $10, r0
        bl sum, r1
        exit:c
sum:    br:z r0, done
        sub r2, $8, r2
        mov r1, (r2)
        add r3, r0, r3
        sub r0, $1, r0
        bl sum, r1
        mov (r2), r1
        add r2, $8, r2
done:   br:j (r1)
