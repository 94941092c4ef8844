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
    (local i64 i64 i64 i64 i64 i64 i64 i32 i64 i32 i32 f64 f32)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 10
    i64.const 0
    i64.lt_s
    if
      i32.const 4
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
    i64.load offset=544 align=1
    local.set 6
    i32.const 0
    i64.load offset=560 align=1
    local.set 8
    i32.const 0
    i64.load offset=552 align=1
    local.set 7
    i32.const 0
    i32.load offset=64 align=1
    local.set 9
    block
      loop
        local.get 2
        f64.reinterpret_i64
        local.get 3
        f64.reinterpret_i64
        f64.mul
        local.tee 13
        i64.const 9221120237041090560
        f64.reinterpret_i64
        local.get 13
        local.get 13
        f64.eq
        select
        i64.reinterpret_f64
        local.set 4
        local.get 2
        i64.const 4294967295
        i64.and
        i32.wrap_i64
        f32.reinterpret_i32
        i32.const 1069547520
        f32.reinterpret_i32
        f32.add
        local.tee 14
        i32.const 2143289344
        f32.reinterpret_i32
        local.get 14
        local.get 14
        f32.eq
        select
        i32.reinterpret_f32
        i64.extend_i32_u
        i64.const 4294967295
        i64.and
        local.get 5
        i64.const -4294967296
        i64.and
        i64.or
        local.set 5
        local.get 2
        f64.reinterpret_i64
        local.tee 13
        i64.const -4476578029604175872
        f64.reinterpret_i64
        f64.gt
        local.get 13
        i64.const 4746794007248502784
        f64.reinterpret_i64
        f64.lt
        i32.and
        i32.eqz
        if
          i32.const 1
          local.set 11
          br 2
        end
        local.get 13
        i64.trunc_f64_s
        i64.const 4294967295
        i64.and
        local.get 6
        i64.const -4294967296
        i64.and
        i64.or
        local.set 6
        local.get 7
        f32.convert_i64_u
        i32.reinterpret_f32
        i64.extend_i32_u
        i64.const 4294967295
        i64.and
        local.get 8
        i64.const -4294967296
        i64.and
        i64.or
        local.set 8
        local.get 4
        f64.reinterpret_i64
        local.get 3
        f64.reinterpret_i64
        f64.le
        if
          local.get 10
          i64.const 5
          i64.sub
          local.set 10
          local.get 10
          i64.const 0
          i64.lt_s
          if
            i32.const 2
            local.set 11
            br 3
          end
          br 1
        else
          i32.const 3
          local.set 11
          br 2
        end
      end
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
