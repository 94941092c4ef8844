# Every instruction, type, option and addressing mode, each checked against the result it has to have.
#
#     dvm run examples/tour.s
#
# prints
#
#     ok
#
# or, if something is not as it has to be, the number of the first check that fails.

.entry main

# ======== places: private words, and registers that point to them ========

.equ x, 0x1000
.equ y, 0x1010
.equ z, 0x1020
.equ wide, 0x1030

.macro point_registers
        mov $x:q, r10    # (r10) is x
        mov $y:q, r11    # (r11) is y
        mov $z:q, r12    # (r12) is z
        mov $x-8:q, r13  # 8(r13) is x
        mov $y+8:q, r14  # -8(r14) is y
        mov $z-8:q, r15  # 8(r15) is z
.endm

# ======== checks: r0 counts them ========

.macro check type, actual, expected
        add r0:q, $1, r0
        br:ne \actual:\type, $\expected, failed
.endm

# a op b = expected, with each of the addressing modes for a, for b and for the result.
.macro operation op, type, a, b, expected
        mov $\a:\type, x
        mov $\b:\type, y
        \op $\a:\type, y, z               # immediate, direct, direct
        check \type, z, \expected
        \op x:\type, (r11), (r12)         # direct, indirect, indirect
        check \type, (r12), \expected
        \op (r10):\type, -8(r14), 8(r15)  # indirect, displacement, displacement
        check \type, 8(r15), \expected
        \op 8(r13):\type, $\b, r1         # displacement, immediate, a register word
        check \type, r1, \expected
.endm

# a moved as another type becomes expected.
.macro move from, a, to, expected
        mov $\a:\from, x:\from
        mov x:\from, z:\to
        check \to, z, \expected
        mov (r10):\from, (r12):\to
        check \to, z, \expected
        mov 8(r13):\from, 8(r15):\to
        check \to, z, \expected
.endm

# The branch is taken; its target is direct, indirect or displaced, and so are its operands.
.macro branches condition, type, a, b
        add r0:q, $1, r0
        mov $\a:\type, x
        mov $\b:\type, y
        mov $indirect\@:q, r20
        mov $displaced\@-16:q, r21
        br:\condition $\a:\type, y, direct\@
        br:j failed
direct\@:
        br:\condition x:\type, (r11), (r20)
        br:j failed
indirect\@:
        br:\condition (r10):\type, -8(r14), 16(r21)
        br:j failed
displaced\@:
        br:\condition 8(r13):\type, $\b, taken\@
        br:j failed
taken\@:
.endm

# The branch is not taken.
.macro stays condition, type, a, b
        add r0:q, $1, r0
        mov $\a:\type, x
        br:\condition x:\type, $\b, failed
.endm

.macro integer type
        operation add, \type, 100, 27, 127
        operation sub, \type, 100, 27, 73
        operation mul, \type, 11, 11, 121
        operation div, \type, 100, 7, 14
        operation rem, \type, 100, 7, 2
        operation and, \type, 0b1100, 0b1010, 0b1000
        operation or, \type, 0b1100, 0b1010, 0b1110
        operation xor, \type, 0b1100, 0b1010, 0b0110
        operation shl, \type, 3, 4, 48
        operation shr, \type, 100, 3, 12
.endm

# Comparisons of 2 and 3; a type's decimals are given as text, `.0` or nothing.
.macro comparisons type, point
        branches l, \type, 2\point, 3\point
        branches le, \type, 2\point, 3\point
        branches le, \type, 3\point, 3\point
        branches g, \type, 3\point, 2\point
        branches ge, \type, 3\point, 2\point
        branches ge, \type, 3\point, 3\point
        branches e, \type, 3\point, 3\point
        branches ne, \type, 2\point, 3\point
        stays l, \type, 3\point, 3\point
        stays le, \type, 3\point, 2\point
        stays g, \type, 3\point, 3\point
        stays ge, \type, 2\point, 3\point
        stays e, \type, 2\point, 3\point
        stays ne, \type, 3\point, 3\point
        zeros \type, 2\point, 0\point
.endm

.macro zeros type, some, none
        add r0:q, $1, r0
        mov $\none:\type, x
        mov $\some:\type, y
        mov $zero\@:q, r20
        mov $nonzero\@+8:q, r21
        br:nz x:\type, failed
        br:z (r11):\type, failed
        br:z 8(r13):\type, (r20)
        br:j failed
zero\@:
        br:nz y:\type, -8(r21)
        br:j failed
nonzero\@:
        br:z $\none:\type, immediate\@
        br:j failed
immediate\@:
.endm

# ======== the tour ========

main:
        mov $0:q, r0
        point_registers

        # Integers, with sign and without.
        integer b
        integer w
        integer d
        integer q
        integer ub
        integer uw
        integer ud
        integer uq
        comparisons b,
        comparisons w,
        comparisons d,
        comparisons q,
        comparisons ub,
        comparisons uw,
        comparisons ud,
        comparisons uq,

        # Results wrap; a product keeps its low half; division truncates toward zero, and a remainder has the sign of what
        # is divided; shr copies the sign of signed types; counts are modulo the width.
        operation add, b, 127, 1, -128
        operation add, ub, 255, 1, 0
        operation sub, uw, 0, 1, 65535
        operation mul, d, 0x10000, 0x10001, 0x10000
        operation mul, uq, 0xffffffffffffffff, 0xffffffffffffffff, 1
        operation div, q, -7, 2, -3
        operation rem, q, -7, 2, -1
        operation div, uq, -7, 2, 0x7ffffffffffffffc
        operation shr, b, -128, 3, -16
        operation shr, ub, 128, 3, 16
        operation shl, w, 1, 17, 2
        branches l, b, -1, 1
        branches g, ub, 255, 1

        # Floats.
        operation add, fs, 1.5, 2.25, 3.75
        operation sub, fs, 1.5, 2.25, -0.75
        operation mul, fs, 1.5, 2.5, 3.75
        operation div, fs, 1.0, 4.0, 0.25
        operation add, fd, 1.5, 2.25, 3.75
        operation sub, fd, 1.5, 2.25, -0.75
        operation mul, fd, 1.0e300, 1.0e-300, 1.0
        operation div, fd, 1.0, 4.0, 0.25
        comparisons fs, .0
        comparisons fd, .0

        # x / 0 is infinity or NaN, and NaN is unequal to itself.
        div $1.0:fd, $0.0, x
        add r0:q, $1, r0
        br:le x:fd, $1.0e308, failed
        div $0.0:fd, $0.0, x
        add r0:q, $1, r0
        br:e x:fd, x, failed
        br:z x:fd, failed

        # mov converts: it widens by the source's sign, or by zeros if told to, and narrows by truncation.
        move b, -1, q, -1
        move ub, 255, q, 255
        move w, -2, d, -2
        move uw, 65535, d, 65535
        move d, -3, uq, 0xfffffffffffffffd
        move ud, 0xffffffff, uq, 0xffffffff
        move q, 0x1234567890, uw, 0x7890
        move uq, 0x1ff, b, -1
        move q, 0x180, ub, 0x80
        move uq, 0xffffffff80000000, d, 0x80000000
        move uq, 0x100000001, ud, 1
        move d, 0x18000, w, -0x8000
        mov:z $-1:b, z:q
        check q, z, 255
        mov:z $-1:d, z:uq
        check uq, z, 0xffffffff

        # Between integers and floats: to nearest even, and toward zero.
        move q, 3, fd, 3.0
        move q, 0x20000000000001, fd, 9007199254740992.0
        move fd, -3.75, q, -3
        move fs, 3.75, ub, 3
        move fd, 0.1, fs, 0.1
        move fs, 0.5, fd, 0.5
        move uq, 0xffffffffffffffff, fs, 18446744073709551616.0

        # A narrow type uses the low bytes of a word, a register word's too; an access need not be aligned.
        mov $0x1122334455667788:q, r2
        mov r2:q, wide
        check ub, r2, 0x88
        check uw, wide+1, 0x6677
        mov $0:ub, r2
        check q, r2, 0x1122334455667700
        mov $-1:w, wide+3
        check uq, wide, 0x112233ffff667788

        # Calls, which store the address to return to in a word of the program's choice. The procedure counts them in r4.
        mov $procedure:q, r20
        mov $procedure-16:q, r21
        bl procedure, r3
        check q, r4, 1
        bl (r20), (r10)
        check q, r4, 2
        bl 16(r21), 8(r15)
        check q, r4, 3

        # Runners: `aborts` does; two persistent watchers of `go` end for good, one by a commit and one by an abort; `sets_go`
        # wakes them; and `sees` waits for these three ends, then reports.
        newr no_stack_at, a_heap_at, plain_with_status_at, aborts_at
        mov $no_stack_at:q, r20
        mov $c_heap_at:q, r21
        mov $watches_go_at:q, r22
        mov $ends_and_commits_at:q, r23
        newr (r20), (r21), (r22), (r23)
        mov $no_stack_at-8:q, r20
        mov $a_heap_at-8:q, r21
        mov $watches_go_with_status_at-8:q, r22
        mov $ends_and_aborts_at-8:q, r23
        newr 8(r20), 8(r21), 8(r22), 8(r23)
        newr no_stack_at, go_heap_at, plain_at, sets_go_at
        newr no_stack_at, no_heap_at, watches_ends_at, sees_at
        exit  # the same as exit:c

procedure:
        add r4:q, $1, r4
        br:e r4:q, $2, return_by_x
        br:e r4:q, $3, return_by_z
        br:j (r3)
return_by_x:
        br:j (x)
return_by_z:
        sub z:q, $8, r5
        br:j 8(r5)

# ======== the other runners ========

aborts:
        mov $1:q, a  # nobody will see this
        exit:a
ends_and_commits:
        mov $1:q, c
        exit:cd
ends_and_aborts:
        mov $1:q, a
        exit:ad
sets_go:
        mov $1:q, go
        exit:c

sees:
        br:z c:q, see_again
        br:z first_status:q, see_again
        br:z second_status:q, see_again
        mov $1:q, r0
        br:ne first_status:q, $2, failed  # both records say: aborted
        br:ne second_status:q, $2, failed
        br:nz a:q, failed
        mov $'o':ub, ctx.stdout
        mov $'k':ub, ctx.stdout
        mov $'\n':ub, ctx.stdout
        exit:c
see_again:
        newr no_stack_at, no_heap_at, watches_ends_at, sees_at
        exit:c

# Prints the number of the check, and ends without making any runner.
failed:
        mov $0x2000:q, r1  # digits come out last first
        mov $0x2000:q, r2
digit:
        sub r1:q, $1, r1
        rem r0:q, $10, r3
        add r3:ub, $'0', (r1)
        div r0:q, $10, r0
        br:nz r0:q, digit
print:
        mov (r1):ub, ctx.stdout
        add r1:q, $1, r1
        br:l r1:q, r2, print
        mov $'\n':ub, ctx.stdout
        exit:c

# ======== control information: words that point to blocks, then the blocks ========

.equ PERSISTENT, 1<<63
.equ WITH_STATUS, 1<<62

        .align 8
no_stack_at: .quad no_stack
no_heap_at: .quad nothing
a_heap_at: .quad a_heap
c_heap_at: .quad c_heap
go_heap_at: .quad go_heap
plain_at: .quad nothing
plain_with_status_at: .quad plain_with_status
watches_go_at: .quad watches_go
watches_go_with_status_at: .quad watches_go_with_status
watches_ends_at: .quad watches_ends
aborts_at: .quad aborts_block
ends_and_commits_at: .quad ends_and_commits_block
ends_and_aborts_at: .quad ends_and_aborts_block
sets_go_at: .quad sets_go_block
sees_at: .quad sees_block

no_stack: .quad 0, 0
nothing: .quad 0
a_heap: .quad 1, a, 8
c_heap: .quad 1, c, 8
go_heap: .quad 1, go, 8
plain_with_status: .quad WITH_STATUS
watches_go: .quad PERSISTENT|1, go, 8
watches_go_with_status: .quad PERSISTENT|WITH_STATUS|1, go, 8
watches_ends: .quad 1, a, ends-a
aborts_block: .quad aborts, first_status
ends_and_commits_block: .quad ends_and_commits
ends_and_aborts_block: .quad ends_and_aborts, second_status
sets_go_block: .quad sets_go
sees_block: .quad sees

# ======== shared memory, all of it 0 at the start ========

.equ a, 0x600000000
.equ c, a+8
.equ first_status, a+64
.equ second_status, a+128
.equ ends, a+192
.equ go, ends
