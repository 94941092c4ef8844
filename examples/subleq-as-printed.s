# The paper's subleq emulator (section 3.1), as printed. Subleq is a machine of one instruction, a triple (A, B, C):
# subtract the word at A from the word at B and, if that leaves B at 0 or less, go to C.
#
#     dvm run examples/subleq-as-printed.s
#
# ends with exit code 1 and a fault, whose address is -42, the answer:
#
#     examples/subleq-as-printed.s:27: read-outside-ranges at 0xffffffffffffffd6 (runner 0xe220a8397b1dcdaf, pc 0x400000013)
#
# Three things are peculiar about the printed lines, which examples/subleq.s repairs:
#   - They have no end. Only a fault can stop them, and a runner that faults commits nothing.
#   - `mov (addr3):q, pc` jumps *through* C: the word at C holds the address to go to.
#   - The input program is both read and written, so it has to lie in a heap range; a file given by --in cannot.

.entry start

.equ pc, 0x100001000
.equ addr1, 0x100001008
.equ addr2, 0x100001010
.equ addr3, 0x100001018

# "pc initially points to the start address of the input subleq program."
start:
        mov $program:q, pc

# ---- the listing, as printed ----
loop:   mov:z (pc):q, addr1:q
        mov:z 8(pc):q, addr2:q
        sub (addr2):q, (addr1), (addr2)
        br:l $0:q, (addr2), next
        mov:z 16(pc):q, addr3:q
        mov (addr3):q, pc
        br:j loop
next:   add pc:q, $24, pc
        br:j loop
# ---- end of the listing ----

# A multiplication: subtracts a from the answer b times. Having no other way out, it jumps to the answer.
.heap program, program_end-program
.org 0x600000000
program:
again:  .quad a, answer, to_count  # answer -= a; it is below 0 now, so this always jumps
count:  .quad one, b, to_done      # b -= 1; done if it is 0
        .quad zero, zero, to_again
done:   .quad zero, zero, answer   # pc = answer
to_count: .quad count
to_done: .quad done
to_again: .quad again
a:      .quad 6
b:      .quad 7
answer: .quad 0
one:    .quad 1
zero:   .quad 0
program_end:
