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
    (local i64 i64 i64 i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 10
    i64.const 0
    i64.lt_s
    if
      i32.const 9
      return
    end
    i32.const 0
    i64.load offset=512 align=1
    local.set 2
    i32.const 0
    i64.load offset=536 align=1
    local.set 5
    i32.const 0
    i64.load offset=544 align=1
    local.set 6
    block
      block
        block
          block
            block
              local.get 2
              i64.const 10
              i64.div_s
              local.set 3
              local.get 2
              i64.const -1
              local.set 13
              local.set 14
              local.get 13
              i64.const 1
              i64.add
              i64.const 2
              i64.lt_u
              if
                local.get 13
                i64.eqz
                if
                  i32.const 1
                  local.set 11
                  br 2
                end
                local.get 14
                i64.const -9223372036854775808
                i64.eq
                if
                  i32.const 2
                  local.set 11
                  br 2
                end
              end
              local.get 14
              local.get 13
              i64.div_s
              local.set 4
              local.get 2
              i64.const 4294967295
              i64.and
              local.get 5
              i64.const 4294967295
              i64.and
              local.set 13
              local.set 14
              local.get 13
              i64.eqz
              if
                i32.const 3
                local.set 11
                br 2
              end
              local.get 14
              local.get 13
              i64.div_u
              i64.const 4294967295
              i64.and
              local.get 6
              i64.const -4294967296
              i64.and
              i64.or
              local.set 6
              local.get 2
              local.get 5
              local.set 13
              local.set 14
              local.get 13
              i64.const 1
              i64.add
              i64.const 2
              i64.lt_u
              if
                local.get 13
                i64.eqz
                if
                  i32.const 4
                  local.set 11
                  br 4
                end
                local.get 14
                i64.const -9223372036854775808
                i64.eq
                if
                  i32.const 5
                  local.set 11
                  br 4
                end
              end
              local.get 14
              local.get 13
              i64.rem_s
              local.set 7
              local.get 2
              local.get 5
              local.set 14
              local.set 15
              local.get 14
              i64.const 1
              i64.add
              i64.const 2
              i64.lt_u
              if
                local.get 14
                i64.eqz
                if
                  i32.const 6
                  local.set 11
                  br 5
                end
                local.get 15
                i64.const -9223372036854775808
                i64.eq
                if
                  i32.const 7
                  local.set 11
                  br 5
                end
              end
              local.get 15
              local.get 14
              i64.rem_s
              local.set 13
              local.get 13
              local.set 8
              i32.const 8
              local.set 11
              br 4
              unreachable
            end
            i32.const 0
            local.get 3
            i64.store offset=520 align=1
            i32.const 0
            local.get 10
            i64.store offset=24 align=1
            local.get 11
            return
          end
          i32.const 0
          local.get 3
          i64.store offset=520 align=1
          i32.const 0
          local.get 4
          i64.store offset=528 align=1
          i32.const 0
          local.get 10
          i64.store offset=24 align=1
          local.get 11
          return
        end
        i32.const 0
        local.get 3
        i64.store offset=520 align=1
        i32.const 0
        local.get 4
        i64.store offset=528 align=1
        i32.const 0
        local.get 6
        i64.store offset=544 align=1
        i32.const 0
        local.get 10
        i64.store offset=24 align=1
        local.get 11
        return
      end
      i32.const 0
      local.get 3
      i64.store offset=520 align=1
      i32.const 0
      local.get 4
      i64.store offset=528 align=1
      i32.const 0
      local.get 6
      i64.store offset=544 align=1
      i32.const 0
      local.get 7
      i64.store offset=552 align=1
      i32.const 0
      local.get 10
      i64.store offset=24 align=1
      local.get 11
      return
    end
    i32.const 0
    local.get 3
    i64.store offset=520 align=1
    i32.const 0
    local.get 4
    i64.store offset=528 align=1
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
