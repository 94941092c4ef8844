# Two doctors are on call, and at least one has to stay. Both look, see two, and leave: each wrote a word that the other
# one only read, so neither conflicts with the other. This anomaly, write skew, is what snapshots allow by default.
#
#     dvm run examples/write-skew.s --deterministic --print on_call:qx2
#
# lets both start from one snapshot, and prints
#
#     0x600000000: 0
#     0x600000008: 0
#
# Serializable runners also have what they could read validated: one of the two runs again, sees that the other has
# left, and stays.
#
#     dvm run examples/write-skew.s --deterministic --serializable --print on_call:qx2
#
# prints
#
#     0x600000000: 0
#     0x600000008: 1

.entry main

# A doctor leaves if both are on call.
alice:
        add on_call:q, on_call+8, r0
        br:l r0:q, $2, stay
        mov $0:q, on_call
        exit:c
bob:
        add on_call:q, on_call+8, r0
        br:l r0:q, $2, stay
        mov $0:q, on_call+8
        exit:c
stay:
        exit:c

main:
        newr blocks, blocks+8, blocks+16, blocks+24
        newr blocks, blocks+8, blocks+16, blocks+32
        exit:c

        .align 8
blocks: .quad stack, heap, watched, alice_code, bob_code
stack:  .quad 0, 0
heap:   .quad 1, on_call, 16
watched: .quad 0
alice_code: .quad alice
bob_code: .quad bob

.heap on_call, 16
.org 0x600000000
on_call:
        .quad 1, 1
