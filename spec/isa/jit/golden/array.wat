(module
  (type (func (param i64 i32) (result i64)))
  (type (func (param i64 i32 i64) (result i32)))
  (type (func (param i32) (result i32)))
  (type (func (param i64 i32) (result i32)))
  (type (func (result i32)))
  (import "m" "memory" (memory 1))
  (import "m" "load" (func $load (type 0)))
  (import "m" "store" (func $store (type 1)))
  (import "m" "newr" (func $newr (type 2)))
  (import "m" "touch" (func $touch (type 2)))
  (import "m" "caches" (global i32))
  (export "x400000000" (func 5))
  (func (param i64 i32) (result i32)
    (local i64 i64 i32 i64 i64 i32 i64 i64 i32 i64 i32 i32 i32 i64 i64 i32 i64 i32)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 11
    i64.const 0
    i64.lt_s
    if
      i32.const 5
      return
    end
    i32.const 0
    i64.load offset=512 align=1
    local.set 2
    global.get 0
    i64.load align=1
    local.set 5
    global.get 0
    i64.load offset=8 align=1
    local.set 6
    global.get 0
    i32.load offset=16 align=1
    local.set 7
    global.get 0
    i64.load offset=24 align=1
    local.set 8
    global.get 0
    i64.load offset=32 align=1
    local.set 9
    global.get 0
    i32.load offset=40 align=1
    local.set 10
    i32.const 0
    i32.load offset=64 align=1
    local.set 4
    block
      i64.const 25769803776
      local.set 3
      loop
        block
          loop
            local.get 11
            i64.const 49
            i64.lt_s
            br_if 1
            local.get 3
            i64.const 25769807872
            i64.le_s
            i32.eqz
            br_if 1
            i64.const 25769807872
            local.get 3
            i64.sub
            i64.const 128
            i64.le_u
            br_if 1
            local.get 6
            i64.const 121
            i64.sub
            local.set 16
            local.get 3
            i64.const 0
            i64.add
            local.get 5
            i64.sub
            local.tee 15
            local.get 16
            i64.le_u
            local.get 16
            i64.const 0
            i64.ge_s
            i32.and
            i32.eqz
            br_if 1
            local.get 15
            i32.wrap_i64
            local.get 7
            i32.add
            local.set 14
            local.get 9
            i64.const 121
            i64.sub
            local.set 16
            local.get 3
            i64.const 0
            i64.add
            local.get 8
            i64.sub
            local.tee 15
            local.get 16
            i64.le_u
            local.get 16
            i64.const 0
            i64.ge_s
            i32.and
            i32.eqz
            br_if 1
            local.get 15
            i32.wrap_i64
            local.get 10
            i32.add
            local.set 17
            local.get 17
            i32.const 7
            i32.and
            br_if 1
            local.get 14
            i64.load align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=8 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=8 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=16 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=16 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=24 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=24 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=32 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=32 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=40 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=40 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=48 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=48 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=56 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=56 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=64 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=64 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=72 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=72 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=80 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=80 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=88 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=88 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=96 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=96 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=104 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=104 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=112 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=112 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 14
            i64.load offset=120 align=1
            local.get 2
            i64.add
            local.set 15
            local.get 17
            local.get 15
            i64.store offset=120 align=1
            local.get 3
            i64.const 8
            i64.add
            local.set 3
            local.get 17
            i32.const 3
            i32.shr_u
            i64.const -1
            i64.store align=1
            local.get 17
            i32.const 3
            i32.shr_u
            i64.const -1
            i64.store offset=8 align=1
            local.get 11
            i64.const 48
            i64.sub
            local.set 11
            br 0
          end
        end
        local.get 3
        local.set 15
        local.get 15
        local.get 5
        i64.sub
        local.tee 16
        local.get 6
        i64.lt_u
        if (result i64)
          local.get 16
          i32.wrap_i64
          local.get 7
          i32.add
          i64.load align=1
        else
          i32.const 0
          local.get 15
          i64.store offset=16 align=1
          i32.const 1
          local.set 12
          br 2
        end
        local.get 2
        i64.add
        local.set 15
        local.get 3
        local.set 16
        local.get 16
        local.get 8
        i64.sub
        local.tee 18
        local.get 9
        i64.lt_u
        if
          local.get 18
          i32.wrap_i64
          local.get 10
          i32.add
          local.tee 19
          local.get 15
          i64.store align=1
          local.get 19
          i32.const 7
          i32.and
          if
            local.get 19
            i32.const 3
            i32.shr_u
            local.get 19
            i32.const 3
            i32.shr_u
            i32.load16_u align=1
            i32.const 255
            local.get 19
            i32.const 7
            i32.and
            i32.shl
            i32.or
            i32.store16 align=1
          else
            local.get 19
            i32.const 3
            i32.shr_u
            i32.const 255
            i32.store8 align=1
          end
        else
          i32.const 0
          local.get 16
          i64.store offset=16 align=1
          i32.const 2
          local.set 12
          br 2
        end
        local.get 3
        i64.const 8
        i64.add
        local.set 3
        local.get 3
        i64.const 25769807872
        i64.lt_s
        if
          local.get 11
          i64.const 3
          i64.sub
          local.set 11
          local.get 11
          i64.const 1
          i64.lt_s
          if
            i32.const 3
            local.set 12
            br 3
          end
          br 1
        else
          i32.const 4
          local.set 12
          br 2
        end
      end
      unreachable
    end
    i32.const 0
    local.get 3
    i64.store offset=520 align=1
    i32.const 0
    local.get 11
    i64.store offset=24 align=1
    local.get 12
    return
    unreachable)
  (func (result i32)
    i64.const 0
    i32.const 0
    call 4))
