# The paper's parallel sum (section 4.2, Figure 6): 10,240 runners add 20,480 integers in pairs, and 10,239 watchers
# add what those have left, two results at a time, until one number remains.
#
#     node examples/parallel-sum.input.mjs > numbers.bin        # the integers 1 … 20,480
#     dvm run examples/parallel-sum.s --in 0x500000000=numbers.bin --print total:q
#
# prints
#
#     0x604ffe000: 209725440
#
# The paper's lines stand between lines `---- as printed`; the rest is what it leaves out ("omitted").

.entry main_runner

.equ INTEGERS, 0x500000000
.equ RESULTS, 0x600000000         # one page a vertex of Figure 6: the result, then the exit code
.equ STACKS, 0x700000000
.equ total, RESULTS+20478*0x1000  # that of the last watcher

# ======== a leaf of the tree: the sum of two integers ========

sum_runner:
# Section 2.2 assumes the addresses of the integers and of the result in two private words; main_runner has left both
# on the stack.
        mov (ctx.stack):q, 0x100001000:q
        mov 8(ctx.stack):q, 0x100001008:q
# ---- as printed (section 2.2) ----
        add (0x100001000):q, 8(0x100001000), (0x100001008)
        # :q indicates 64-b data
        mov:z $1:q, 8(0x100001008):q  # set exit code
        exit:c                        # exit and commit
# ---- end ----

# ======== an inner vertex: the sum of two results, once both are there ========
#
# "The sum_watcher can check the exit codes to determine whether both operands for the sum operation are ready. The
# watcher creates itself again to continue watching." Between its snapshot and its end the other operand may well be
# committed: the watcher that it creates watches from that snapshot on, so such a commit is not missed.

sum_watcher:
        mov (ctx.stack):q, r0        # address of the first operand
        mov 8(ctx.stack):q, r1       # address of the second operand
        mov 16(ctx.stack):q, r2      # address of the result
        br:ne 8(r0):q, $1, watch_on  # has its runner committed?
        br:ne 8(r1):q, $1, watch_on
        add (r0):q, (r1), (r2)
        mov:z $1:q, 8(r2):q          # set exit code
        exit:c

watch_on:
# ---- as printed ----
# create sum_watcher with the same control information
#   as itself (omitted)
# ---- end ----
        bl place_watcher_blocks, r62
        mov ctx.stack:q, (0x1e0000100):q  # the same stack: the new watcher inherits its content
        mov ctx.stack_size:q, 8(0x1e0000100):q
        mov $1:q, (0x1e0000108):q
        mov (ctx.heap_list):q, 8(0x1e0000108):q
        mov 8(ctx.heap_list):q, 16(0x1e0000108):q
        mov $2:q, (0x1e0000110):q
        mov r0:q, 8(0x1e0000110):q
        mov $16:q, 16(0x1e0000110):q
        mov r1:q, 24(0x1e0000110):q
        mov $16:q, 32(0x1e0000110):q
        mov $sum_watcher:q, (0x1e0000118):q
        newr 0x1e0000100, 0x1e0000108, 0x1e0000110, 0x1e0000118
# ---- as printed ----
        exit:c
# ---- end ----

# ======== the entry runner ========

main_runner:
# Where the control blocks of sum_runners lie in private memory.
        mov $0x1f0000200:q, 0x1f0000100:q  # stack base, stack size
        mov $0x1f0000300:q, 0x1f0000108:q  # heap range count, heap range
        mov $0x1f0000400:q, 0x1f0000110:q  # watched range count
        mov $0x1f0000500:q, 0x1f0000118:q  # first instruction
        mov $STACKS:q, 0x100001008:q
        mov $RESULTS:q, 0x100001010:q
# ---- as printed (section 4.2.1) ----
# create 10,240 sum_runner runners:
# store the addresses of ranges for stacks and heaps
# in 0x100001008 and 0x100001010 (omitted)
        mov:z $0:q, 0x100001000:q  # i = 0
j_do:
# suppose the addresses of the runner's control information
# are in 0x1f0000100, 0x1f0000108, 0x1f0000110 and 0x1f0000118
        mov:z 0x100001008:q, (0x1f0000100):q   # set stack base
        mov:z $0x1000:q, 8(0x1f0000100):q      # set stack size
        mov:z $1:q, (0x1f0000108):q            # set heap range count
        mov:z 0x100001010:q, 8(0x1f0000108):q  # heap range
        mov:z $0x1000:q, 16(0x1f0000108):q     # heap range's length
        mov:z $0:q, (0x1f0000110):q            # watched range count
        mov:z $sum_runner:q, (0x1f0000118):q   # set code
# create the new runner:
        newr 0x1f0000100, 0x1f0000108, 0x1f0000110, 0x1f0000118
# initialize the stack (omitted here)
# ---- end ----
        mul 0x100001000:q, $16, r0           # two integers of 8 bytes
        add r0:q, $INTEGERS, (0x100001008)   # the runner's first stack word: their address
        mov 0x100001010:q, 8(0x100001008):q  # the second: where the result goes
# ---- as printed ----
        add $0x1000:uq, 0x100001008, 0x100001008  # update stack base
        add $0x1000:uq, 0x100001010, 0x100001010  # update heap range
        add $1:uq, 0x100001000, 0x100001000       # i++
        br:l 0x100001000:uq, $10240, j_do         # while i < 10240
# ---- end ----

        bl place_watcher_blocks, r62
        mov $16:q, 0x100001020:q  # an operand's length: the result and the exit code
        mov $16:q, 0x100001030:q
# ---- as printed (section 4.2.2) ----
# creates 10,239 sum_watcher watchers:
        mov:z $0:q, 0x100001000:q  # i = 0
j_do2:
# suppose the addresses of the watcher's control information are
#   in 0x1e0000100, 0x1e0000108, 0x1e0000110 and 0x1e0000118.
#   and the watched ranges are calculated according to i and
#   stored in the memory range starting from 0x100001018
# set the stack range, the heap ranges, and the code (omitted)
# ---- end ----
        mul 0x100001000:q, $0x2000, r0  # watcher i adds the results 2i and 2i + 1
        add r0:q, $RESULTS, 0x100001018
        add 0x100001018:q, $0x1000, 0x100001028
        mov 0x100001008:q, (0x1e0000100):q
        mov $0x1000:q, 8(0x1e0000100):q
        mov $1:q, (0x1e0000108):q
        mov 0x100001010:q, 8(0x1e0000108):q
        mov $0x1000:q, 16(0x1e0000108):q
        mov $2:q, (0x1e0000110):q
        mov $sum_watcher:q, (0x1e0000118):q
# ---- as printed ----
        mov:z 0x100001018:q, 8(0x1e0000110):q   # set watched range 1
        mov:z 0x100001020:q, 16(0x1e0000110):q  # set range 1's length
        mov:z 0x100001028:q, 24(0x1e0000110):q  # set watched range 2
        mov:z 0x100001030:q, 32(0x1e0000110):q  # set range 2's length
# create the new watcher:
        newr 0x1e0000100, 0x1e0000108, 0x1e0000110, 0x1e0000118
# initialize the stack (omitted)
# update stack base and heap ranges (omitted)
# ---- end ----
        mov 0x100001018:q, (0x100001008):q
        mov 0x100001028:q, 8(0x100001008):q
        mov 0x100001010:q, 16(0x100001008):q
        add $0x1000:uq, 0x100001008, 0x100001008
        add $0x1000:uq, 0x100001010, 0x100001010
# ---- as printed ----
        add $1:uq, 0x100001000, 0x100001000  # i++
        br:l 0x100001000:uq, $10239, j_do2   # while i < 10239
        exit:c                               # exit and commit
# ---- end ----

# Where the control blocks of sum_watchers lie in private memory. The link is in r62.
place_watcher_blocks:
        mov $0x1e0000200:q, 0x1e0000100:q
        mov $0x1e0000300:q, 0x1e0000108:q
        mov $0x1e0000400:q, 0x1e0000110:q
        mov $0x1e0000500:q, 0x1e0000118:q
        br:j (r62)
