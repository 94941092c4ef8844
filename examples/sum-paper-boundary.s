# The listing of section 2.2 under the region boundary that the paper prints (section 3.2), 0x40000000. There the
# words 0x100001000 and 0x100001008 are no private memory but lie in the shared region, where whatever a runner uses
# must be declared: here they are part of its stack, which is its own all the same.
#
#     dvm run examples/sum-paper-boundary.s --print result:q --print exit_code:q
#
# prints
#
#     0x600000000: 42
#     0x600000008: 1

.rb 0x40000000
.entry start
.stack 0x100001000, 0x1000

start:
        mov $integers:q, 0x100001000:q
        mov $result:q, 0x100001008:q

# ---- the listing, as printed ----
sum_runner:
        add (0x100001000):q, 8(0x100001000), (0x100001008)
        # :q indicates 64-b data
        mov:z $1:q, 8(0x100001008):q  # set exit code
        exit:c                        # exit and commit
# ---- end of the listing ----

integers:
        .quad 40, 2

.heap result, 16
.org 0x600000000
result:
        .quad 0
exit_code:
        .quad 0
