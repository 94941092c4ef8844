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
  (export "x400000000" (func 6))
  (export "x400000025" (func 7))
  (func (param i64 i32) (result i32)
    (local i64 i32 i64 i32 i32)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 4
    i64.const 0
    i64.lt_s
    if
      i32.const 6
      return
    end
    block
      block
        i64.const 17179869201
        local.set 2
        local.get 1
        i32.const 23947
        i32.ge_u
        if
          i32.const 1
          local.set 5
          br 1
        end
        i32.const 0
        local.get 2
        i64.store offset=520 align=1
        i32.const 0
        local.get 4
        i64.const -1
        i64.add
        i64.store offset=24 align=1
        i64.const 17179869201
        local.get 1
        i32.const 53
        i32.add
        call 5
        local.tee 5
        if
          local.get 5
          return
        end
        i32.const 0
        i64.load offset=24 align=1
        i64.const 1
        i64.add
        local.set 4
        local.get 4
        i64.const 1
        i64.lt_s
        if
          i32.const 2
          local.set 5
          br 2
        end
        i64.const 17179869218
        local.set 2
        local.get 1
        i32.const 23947
        i32.ge_u
        if
          i32.const 3
          local.set 5
          br 1
        end
        i32.const 0
        local.get 2
        i64.store offset=520 align=1
        i32.const 0
        local.get 4
        i64.const -2
        i64.add
        i64.store offset=24 align=1
        i64.const 17179869218
        local.get 1
        i32.const 53
        i32.add
        call 5
        local.tee 5
        if
          local.get 5
          return
        end
        i32.const 0
        i64.load offset=24 align=1
        i64.const 2
        i64.add
        local.set 4
        local.get 4
        i64.const 2
        i64.lt_s
        if
          i32.const 4
          local.set 5
          br 2
        end
        i32.const 5
        local.set 5
        br 1
        unreachable
      end
      i32.const 0
      local.get 2
      i64.store offset=520 align=1
      i32.const 0
      local.get 4
      i64.store offset=24 align=1
      local.get 5
      return
    end
    i32.const 0
    local.get 4
    i64.store offset=24 align=1
    local.get 5
    return
    unreachable)
  (func (param i64 i32) (result i32)
    (local i64 i64 i32 i64 i32 i32 i64)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 5
    i64.const 0
    i64.lt_s
    if
      i32.const 8
      return
    end
    i32.const 0
    i64.load offset=512 align=1
    local.set 2
    i32.const 0
    i64.load offset=520 align=1
    local.set 3
    block
      local.get 2
      local.get 2
      i64.add
      local.set 2
      local.get 3
      local.tee 8
      local.get 0
      i64.eq
      local.get 1
      i32.const 0
      i32.ne
      i32.and
      if
        i32.const 0
        local.get 2
        i64.store offset=512 align=1
        i32.const 0
        local.get 5
        i64.const -2
        i64.add
        i64.store offset=24 align=1
        i32.const 0
        return
      end
      i32.const 0
      local.get 8
      i64.store offset=16 align=1
      i32.const 7
      local.set 6
      br 0
      unreachable
    end
    i32.const 0
    local.get 2
    i64.store offset=512 align=1
    i32.const 0
    local.get 5
    i64.store offset=24 align=1
    local.get 6
    return
    unreachable)
  (func (result i32)
    i64.const 0
    i32.const 0
    call 4)
  (func (result i32)
    i64.const 0
    i32.const 0
    call 5))
