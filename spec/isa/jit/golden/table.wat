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
    (local i64 i64 i64 i32 i64 i32 i32 i64 i64)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 6
    i64.const 0
    i64.lt_s
    if
      i32.const 3
      return
    end
    i32.const 0
    i64.load offset=512 align=1
    local.set 2
    block
      local.get 2
      i64.const 1
      i64.and
      local.set 3
      local.get 3
      i64.const 3
      i64.const 63
      i64.and
      i64.shl
      local.set 3
      i64.const 17179869312
      local.set 4
      local.get 3
      local.get 4
      i64.add
      local.set 3
      local.get 3
      local.set 9
      local.get 9
      global.get 0
      i64.load align=1
      i64.sub
      local.tee 10
      global.get 0
      i64.load offset=8 align=1
      i64.lt_u
      if (result i64)
        local.get 10
        i32.wrap_i64
        global.get 0
        i32.load offset=16 align=1
        i32.add
        i64.load align=1
      else
        local.get 9
        i32.const 0
        call $load
        i32.const 0
        i32.load offset=68 align=1
        if
          i32.const 1
          local.set 7
          br 2
        end
      end
      local.set 3
      local.get 3
      local.tee 9
      local.get 0
      i64.eq
      local.get 1
      i32.const 0
      i32.ne
      i32.and
      if
        i32.const 0
        local.get 3
        i64.store offset=520 align=1
        i32.const 0
        local.get 4
        i64.store offset=528 align=1
        i32.const 0
        local.get 6
        i64.const -6
        i64.add
        i64.store offset=24 align=1
        i32.const 0
        return
      end
      i32.const 0
      local.get 9
      i64.store offset=16 align=1
      i32.const 2
      local.set 7
      br 0
      unreachable
    end
    i32.const 0
    local.get 3
    i64.store offset=520 align=1
    i32.const 0
    local.get 4
    i64.store offset=528 align=1
    i32.const 0
    local.get 6
    i64.store offset=24 align=1
    local.get 7
    return
    unreachable)
  (func (result i32)
    i64.const 0
    i32.const 0
    call 4))
