# A thousand transfers between ten accounts, each a runner of its own. Two that touch the same account at the same time
# conflict; one commits, the other runs again on a fresh snapshot. No lock is taken, and no money is made or lost.
#
#     dvm run examples/bank.s --print accounts:qx10 --stats
#
# prints ten balances, and on standard error how many conflicts there were:
#
#     0x600000000: -80
#     0x600000008: 2727
#     0x600000010: 266
#     0x600000018: 454
#     0x600000020: 1074
#     0x600000028: 630
#     0x600000030: 1378
#     0x600000038: 567
#     0x600000040: 947
#     0x600000048: 2037
#
# Their sum is 10,000, as it was at the start. Overdrafts are allowed, so these are the balances in whatever order the
# transfers are made.

.entry main

.equ TRANSFERS, 1000
.equ STACKS, 0x700000000

# ======== one transfer ========

transfer:
        mov (ctx.stack):q, r0    # address of the account that pays
        mov 8(ctx.stack):q, r1   # address of the account that is paid
        mov 16(ctx.stack):q, r2  # amount
        sub (r0):q, r2, (r0)
        add (r1):q, r2, (r1)
        exit:c

# ======== the entry runner: makes the transfers up, by a linear congruential generator ========

# The four control blocks of the runner to be made, in private memory.
.equ stack_base, 0x1000
.equ stack_size, 0x1008
.equ heap_count, 0x1010
.equ heap_payer, 0x1018  # (base, length)
.equ heap_payee, 0x1028
.equ watch_count, 0x1038
.equ first_instruction, 0x1040

main:
        mov $stack_base:q, r10  # newr takes words that point to the blocks
        mov $heap_count:q, r11
        mov $watch_count:q, r12
        mov $first_instruction:q, r13
        mov $STACKS:q, stack_base
        mov $24:q, stack_size
        mov $2:q, heap_count
        mov $8:q, heap_payer+8
        mov $8:q, heap_payee+8
        mov $transfer:q, first_instruction

        mov $0:q, r0        # transfers made
        mov $2012:q, r1     # the generator's state
next_transfer:
        bl random, r62
        rem r2:q, $10, r3   # the payer: account 0 … 9
        bl random, r62
        rem r2:q, $9, r4
        add r3:q, r4, r4
        add r4:q, $1, r4
        rem r4:q, $10, r4   # the payee: another one
        bl random, r62
        rem r2:q, $100, r5  # the amount: 0 … 99

        mul r3:q, $8, r3
        add r3:q, $accounts, heap_payer
        mul r4:q, $8, r4
        add r4:q, $accounts, heap_payee
        newr r10, r11, r12, r13

        mov stack_base:q, r6  # the new runner's stack may be written now
        mov heap_payer:q, (r6):q
        mov heap_payee:q, 8(r6):q
        mov r5:q, 16(r6):q
        add stack_base:q, $24, stack_base

        add r0:q, $1, r0
        br:l r0:q, $TRANSFERS, next_transfer
        exit:c

# The next pseudo-random number, 31 bits, into r2; the link is in r62.
random:
        mul r1:uq, $6364136223846793005, r1
        add r1:uq, $1442695040888963407, r1
        shr r1:uq, $33, r2
        br:j (r62)

.heap accounts, 80
.org 0x600000000
accounts:
        .quad 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000
