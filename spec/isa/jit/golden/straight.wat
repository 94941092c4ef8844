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
    (local i64 i64 i64 i64 i64 i64 i64 i32 i64 i32 i32)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 10
    i64.const 0
    i64.lt_s
    if
      i32.const 2
      return
    end
    i32.const 0
    i64.load offset=512 align=1
    local.set 2
    i32.const 0
    i64.load offset=520 align=1
    local.set 3
    i32.const 0
    i64.load offset=536 align=1
    local.set 5
    i32.const 0
    i64.load offset=560 align=1
    local.set 8
    block
      local.get 2
      local.get 3
      i64.add
      local.set 4
      local.get 2
      i64.extend8_s
      i64.const -3
      i64.add
      i64.const 255
      i64.and
      local.get 5
      i64.const -256
      i64.and
      i64.or
      local.set 5
      local.get 3
      i64.extend16_s
      local.set 6
      local.get 3
      i64.const 65535
      i64.and
      local.set 7
      local.get 2
      i64.extend32_s
      local.get 3
      i64.extend32_s
      i64.const 31
      i64.and
      i64.shl
      i64.const 4294967295
      i64.and
      local.get 8
      i64.const -4294967296
      i64.and
      i64.or
      local.set 8
      i32.const 1
      local.set 11
      br 0
      unreachable
    end
    i32.const 0
    local.get 4
    i64.store offset=528 align=1
    i32.const 0
    local.get 5
    i64.store offset=536 align=1
    i32.const 0
    local.get 6
    i64.store offset=544 align=1
    i32.const 0
    local.get 7
    i64.store offset=552 align=1
    i32.const 0
    local.get 8
    i64.store offset=560 align=1
    i32.const 0
    local.get 10
    i64.store offset=24 align=1
    local.get 11
    return
    unreachable)
  (func (result i32)
    i64.const 0
    i32.const 0
    call 4))
