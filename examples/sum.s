# The paper's first program (section 2.2): one runner sums two 64-bit integers.
#
#     dvm run examples/sum.s --print result:q --print exit_code:q
#
# prints
#
#     0x600000000: 42
#     0x600000008: 1

.entry start

# The listing assumes that two words of the runner's private memory hold addresses: that of the integers and that of
# the result. These two lines make it so.
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

# What a runner commits lies in its heap ranges.
.heap result, 16
.org 0x600000000
result:
        .quad 0
exit_code:
        .quad 0
