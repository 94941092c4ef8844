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
    (local i64 i64 i64 i64 i32 i64 i32 i32 i32)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 7
    i64.const 0
    i64.lt_s
    if
      i32.const 4
      return
    end
    global.get 1
    i64.load offset=1040 align=1
    local.set 5
    block
      block
        block
          i64.const 17179869273
          local.set 2
          i64.const 17179869289
          local.set 3
          i32.const 0
          local.get 2
          i64.store offset=512 align=1
          i32.const 0
          local.get 3
          i64.store offset=520 align=1
          i32.const 0
          call $newr
          local.tee 10
          if
            local.get 10
            i32.const 1
            i32.ne
            if
              i32.const 1
              local.set 8
              br 2
            end
            i32.const 2
            local.set 8
            br 2
          end
          global.get 1
          i64.load offset=1040 align=1
          local.set 5
          local.get 5
          local.set 4
          i32.const 3
          local.set 8
          br 2
          unreachable
        end
        i32.const 0
        local.get 7
        i64.store offset=24 align=1
        local.get 8
        return
      end
      i32.const 0
      local.get 2
      i64.store offset=512 align=1
      i32.const 0
      local.get 3
      i64.store offset=520 align=1
      i32.const 0
      local.get 7
      i64.store offset=24 align=1
      local.get 8
      return
    end
    i32.const 0
    local.get 4
    i64.store offset=528 align=1
    i32.const 0
    local.get 7
    i64.store offset=24 align=1
    local.get 8
    return
    unreachable)
  (func (result i32)
    i64.const 0
    i32.const 0
    call 4))
