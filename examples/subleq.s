# The paper's subleq emulator (section 3.1) with four repairs, so that it runs any subleq program to its end
# (docs/decisions/0012-subleq-repairs.md). Each instruction is a triple (A, B, C): subtract the word at A from the word at B
# and, if that leaves B at 0 or less, go to C.
#
#     node examples/subleq/link.mjs < examples/subleq/hello.subleq > hello.bin
#     dvm run examples/subleq.s --in 0x500000000=hello.bin
#
# prints
#
#     Hello, subleq!
#
#     node examples/subleq/link.mjs < examples/subleq/multiply.subleq > multiply.bin
#     dvm run examples/subleq.s --in 0x500000000=multiply.bin --print 0x600000018:q
#
# prints the product of 6 and 7, which that program leaves in its fourth cell:
#
#     0x600000018: 42
#
# The input is the number of cells, then the cells: 64-bit words, to be run at 0x600000000; A, B and C are addresses.

.entry copy

.equ INPUT, 0x500000000
.equ PROGRAM, 0x600000000
.equ ROOM, 0x100000  # bytes for the program, and for what it keeps behind its end

.equ pc, 0x100001000
.equ addr1, 0x100001008
.equ addr2, 0x100001010
.equ addr3, 0x100001018

# Repair 1: a subleq program writes itself, so it is copied from the file to a heap range.
.heap PROGRAM, ROOM

copy:
        mov $INPUT+8:q, r0
        mov $PROGRAM:q, r1
        mul INPUT:q, $8, r2
        add r2:q, r1, r2  # where the copy ends
copy_cell:
        br:ge r1:q, r2, start
        mov (r0):q, (r1):q
        add r0:q, $8, r0
        add r1:q, $8, r1
        br:j copy_cell

start:
        mov $PROGRAM:q, pc
loop:
        br:l pc:q, $0, halt        # repair 2: a negative pc exits
        mov:z (pc):q, addr1:q
        mov:z 8(pc):q, addr2:q
        br:e addr2:q, $-1, output  # repair 3: the cell -1 is a port
        sub (addr2):q, (addr1), (addr2)
        br:l $0:q, (addr2), next
        mov:z 16(pc):q, addr3:q
        mov addr3:q, pc            # repair 4: printed as `mov (addr3):q, pc`
        br:j loop
next:
        add pc:q, $24, pc
        br:j loop

output:
        mov (addr1):ub, ctx.stdout:ub
        br:j next
halt:
        exit:c
