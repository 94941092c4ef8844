# A pipeline of three stages over standard input. Each line that arrives is answered at once, in capitals:
#
#     printf 'hello\nworld\n' | dvm run examples/pipeline.s --stdin 0x500000000,4096
#
# prints
#
#     1: HELLO
#     2: WORLD
#
#     standard input ──> split ──> lines ──> capitalise ──> capitals ──> print ──> standard output
#
# No stage waits or polls. Each is a watcher of what the stage before it writes, and runs when that has been committed.
# Lines longer than 112 characters are cut.

.entry main

# The stream: how many bytes have arrived, whether that was all, how many have been taken; then a ring of bytes.
.equ arrived, 0x500000000
.equ no_more, arrived+8
.equ taken, arrived+16
.equ ring, arrived+64
.equ CAPACITY, 4096-64

# What a stage hands to the next one: how many lines there are, and whether those are all; then the lines, each its
# length and its characters, 128 bytes apart. Addresses are plentiful, so no slot is ever used again.
.equ lines, 0x600000000
.equ capitals, 0x700000000
.equ SLOTS, 64
.equ SLOT_BITS, 7
.equ ROOM, 0x40000000
.equ LONGEST, 112

# How far each stage is; a word of its own.
.equ under_way, 0x5f0000000  # length of the line that split has not seen the end of
.equ printed, 0x5f0001000

main:
        newr blocks, blocks+8, blocks+16, blocks+24
        newr blocks, blocks+32, blocks+40, blocks+48
        newr blocks, blocks+56, blocks+64, blocks+72
        exit:c

# ======== split ========
#
# It starts as a plain runner, so that input which has arrived before is not overlooked; then it creates itself again as
# a watcher of the stream.

split:
        mov arrived:q, r0
        mov taken:q, r1
        mov lines:q, r2             # complete lines
        mov under_way:q, r3
next_byte:
        br:e r1:q, r0, drained
        rem r1:q, $CAPACITY, r4
        add r4:q, $ring, r4
        add r1:q, $1, r1
        shl r2:q, $SLOT_BITS, r5
        add r5:q, $lines+SLOTS, r5  # the line's slot
        br:e (r4):ub, $'\n', end_of_line
        br:e r3:q, $LONGEST, next_byte
        add r5:q, r3, r6
        mov (r4):ub, 8(r6):ub
        add r3:q, $1, r3
        br:j next_byte
end_of_line:
        bl close_line, r62
        br:j next_byte

drained:
        br:nz no_more:q, last_line
        newr blocks, blocks+8, blocks+80, blocks+24
        bl save, r62
        exit:c
last_line:
        br:z r3:q, no_more_lines  # the last line need not end in a line feed
        shl r2:q, $SLOT_BITS, r5
        add r5:q, $lines+SLOTS, r5
        bl close_line, r62
no_more_lines:
        bl save, r62
        mov $1:q, lines+8
        exit:c

close_line:
        mov r3:q, (r5):q
        add r2:q, $1, r2
        mov $0:q, r3
        br:j (r62)

save:
        mov r1:q, taken
        mov r2:q, lines
        mov r3:q, under_way
        br:j (r62)

# ======== capitalise: a persistent watcher of the lines ========
#
# Each activation takes whatever there is by now. What is committed while it runs activates it again.

capitalise:
        mov capitals:q, r0  # lines done
next_line:
        br:e r0:q, lines, all_capitalised
        shl r0:q, $SLOT_BITS, r1
        add r1:q, $lines+SLOTS, r2
        add r1:q, $capitals+SLOTS, r3
        mov (r2):q, r4      # length
        mov r4:q, (r3):q
next_letter:
        br:z r4:q, line_done
        add r2:q, $1, r2
        add r3:q, $1, r3
        sub r4:q, $1, r4
        mov 7(r2):ub, r5:ub
        br:l r5:ub, $'a', keep
        br:g r5:ub, $'z', keep
        sub r5:ub, $'a'-'A', r5
keep:
        mov r5:ub, 7(r3):ub
        br:j next_letter
line_done:
        add r0:q, $1, r0
        br:j next_line
all_capitalised:
        mov r0:q, capitals
        br:nz lines+8:q, end_of_lines
        exit:c
end_of_lines:
        mov $1:q, capitals+8
        exit:cd             # the watcher ends, too

# ======== print: a persistent watcher of the capitals ========

print:
        mov printed:q, r0
print_next:
        br:e r0:q, capitals, all_printed
        shl r0:q, $SLOT_BITS, r1
        add r1:q, $capitals+SLOTS, r1
        add r0:q, $1, r0
        mov r0:q, r2
        bl print_number, r62
        mov $':':ub, ctx.stdout
        mov $' ':ub, ctx.stdout
        mov (r1):q, r4  # length
print_letter:
        br:z r4:q, line_printed
        mov 8(r1):ub, ctx.stdout
        add r1:q, $1, r1
        sub r4:q, $1, r4
        br:j print_letter
line_printed:
        mov $'\n':ub, ctx.stdout
        br:j print_next
all_printed:
        mov r0:q, printed
        br:nz capitals+8:q, end_of_capitals
        exit:c
end_of_capitals:
        exit:cd

# Prints r2, which is not negative, in decimal. Digits come out last first, so they are kept in private memory.
.equ digits_end, 0x1020
print_number:
        mov $digits_end:q, r3
next_digit:
        sub r3:q, $1, r3
        rem r2:q, $10, r4
        add r4:ub, $'0', (r3)
        div r2:q, $10, r2
        br:nz r2:q, next_digit
print_digit:
        mov (r3):ub, ctx.stdout
        add r3:q, $1, r3
        br:l r3:q, $digits_end, print_digit
        br:j (r62)

# ======== control information ========

.equ PERSISTENT, 1<<63  # flag in the count of watched ranges

        .align 8
blocks:
        .quad no_stack, split_heap, nothing, split_code
        .quad capitalise_heap, capitalise_watch, capitalise_code  # from + 32 on
        .quad print_heap, print_watch, print_code                 # from + 56 on
        .quad split_watch                                         # at + 80
no_stack: .quad 0, 0
nothing: .quad 0
split_heap: .quad 3, arrived, 4096, under_way, 8, lines, ROOM
split_watch: .quad 1, arrived, 16
split_code: .quad split
capitalise_heap: .quad 1, capitals, ROOM
capitalise_watch: .quad PERSISTENT|1, lines, ROOM
capitalise_code: .quad capitalise
print_heap: .quad 1, printed, 8
print_watch: .quad PERSISTENT|1, capitals, ROOM
print_code: .quad print
