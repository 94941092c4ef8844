# Recursion: `bl` stores the address of the next instruction in a word of your choice and branches; the rest of a calling
# convention is up to the program. Here the link is in r62, and r63 points behind the last word of the stack.
#
#     dvm run examples/fibonacci.s --print result:q
#
# prints the 20th Fibonacci number:
#
#     0x600000000: 6765

.entry main

main:
        mov ctx.stack:q, r63
        mov $20:q, r0
        bl fibonacci, r62
        mov r1:q, result
        exit:c

# r1 = fibonacci(r0). A frame is three words: the link, n, and fibonacci(n - 1).
fibonacci:
        br:l r0:q, $2, small
        add r63:q, $24, r63
        mov r62:q, -24(r63):q
        mov r0:q, -16(r63):q
        sub r0:q, $1, r0
        bl fibonacci, r62
        mov r1:q, -8(r63):q
        sub -16(r63):q, $2, r0
        bl fibonacci, r62
        add -8(r63):q, r1, r1
        mov -24(r63):q, r62
        sub r63:q, $24, r63
        br:j (r62)
small:
        mov r0:q, r1
        br:j (r62)

.heap result, 8
.org 0x600000000
result:
        .quad 0
