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
  (import "m" "f0" (global i32))
  (export "x400000000" (func 5))
  (func (param i64 i32) (result i32)
    (local i64 i64 i64 i64 i64 i32 i64 i64 i32 i64 i32 i32 i32 i64 i64)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 11
    i64.const 0
    i64.lt_s
    if
      i32.const 6
      return
    end
    global.get 1
    i64.load offset=4096 align=1
    local.set 5
    global.get 1
    i64.load offset=4104 align=1
    local.set 6
    i32.const 0
    i64.load offset=512 align=1
    local.set 2
    i32.const 0
    i64.load offset=528 align=1
    local.set 4
    i32.const 0
    i64.load offset=520 align=1
    local.set 3
    global.get 0
    i64.load align=1
    local.set 8
    global.get 0
    i64.load offset=8 align=1
    local.set 9
    global.get 0
    i32.load offset=16 align=1
    local.set 10
    i32.const 0
    i32.load offset=64 align=1
    local.set 7
    global.get 1
    i32.const 4096
    i32.add
    i32.const 9
    i32.shr_u
    i32.load8_u offset=65536 align=1
    local.set 14
    block
      loop
        local.get 5
        i64.const 1
        i64.add
        local.get 14
        i32.eqz
        if
          i32.const 1
          local.set 12
          br 2
        end
        local.set 5
        i64.const 7
        local.get 14
        i32.eqz
        if
          i32.const 2
          local.set 12
          br 2
        end
        i64.const 255
        i64.and
        local.get 6
        i64.const -256
        i64.and
        i64.or
        local.set 6
        local.get 6
        local.set 2
        local.get 3
        local.set 15
        local.get 15
        local.get 8
        i64.sub
        local.tee 16
        local.get 9
        i64.lt_u
        if (result i64)
          local.get 16
          i32.wrap_i64
          local.get 10
          i32.add
          i64.load align=1
        else
          i32.const 0
          local.get 15
          i64.store offset=16 align=1
          i32.const 3
          local.set 12
          br 2
        end
        local.set 4
        local.get 4
        i64.const 0
        i64.ne
        if
          local.get 11
          i64.const 5
          i64.sub
          local.set 11
          local.get 11
          i64.const 0
          i64.lt_s
          if
            i32.const 4
            local.set 12
            br 3
          end
          br 1
        else
          i32.const 5
          local.set 12
          br 2
        end
      end
      unreachable
    end
    i32.const 0
    local.get 2
    i64.store offset=512 align=1
    i32.const 0
    local.get 4
    i64.store offset=528 align=1
    global.get 1
    local.get 5
    i64.store offset=4096 align=1
    global.get 1
    local.get 6
    i64.store offset=4104 align=1
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
