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
  (export "x40000003a" (func 7))
  (func (param i64 i32) (result i32)
    (local i64 i64 i64 i32 i64 i32 i32)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 6
    i64.const 0
    i64.lt_s
    if
      i32.const 4
      return
    end
    block
      block
        i64.const 68169720987648
        local.set 4
        i64.const 10
        local.set 2
        i64.const 17179869239
        local.set 3
        local.get 1
        i32.const 23945
        i32.ge_u
        if
          i32.const 1
          local.set 7
          br 1
        end
        i32.const 0
        local.get 2
        i64.store offset=512 align=1
        i32.const 0
        local.get 3
        i64.store offset=520 align=1
        i32.const 0
        local.get 4
        i64.store offset=528 align=1
        i32.const 0
        local.get 6
        i64.const -3
        i64.add
        i64.store offset=24 align=1
        i64.const 17179869239
        local.get 1
        i32.const 55
        i32.add
        call 5
        local.tee 7
        if
          local.get 7
          return
        end
        i32.const 0
        i64.load offset=24 align=1
        i64.const 3
        i64.add
        local.set 6
        local.get 6
        i64.const 3
        i64.lt_s
        if
          i32.const 2
          local.set 7
          br 2
        end
        i32.const 3
        local.set 7
        br 1
        unreachable
      end
      i32.const 0
      local.get 2
      i64.store offset=512 align=1
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
    end
    i32.const 0
    local.get 6
    i64.store offset=24 align=1
    local.get 7
    return
    unreachable)
  (func (param i64 i32) (result i32)
    (local i64 i64 i64 i64 i32 i64 i32 i32 i64 i64 i64 i32)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 7
    i64.const 0
    i64.lt_s
    if
      i32.const 11
      return
    end
    i32.const 0
    i64.load offset=512 align=1
    local.set 2
    i32.const 0
    i64.load offset=520 align=1
    local.set 3
    i32.const 0
    i64.load offset=528 align=1
    local.set 4
    i32.const 0
    i64.load offset=536 align=1
    local.set 5
    block
      block
        block
          block
            block
              local.get 2
              i64.eqz
              if
                local.get 7
                i64.const -7
                i64.sub
                local.set 7
                br 1
              else
                local.get 4
                i64.const 8
                i64.sub
                local.set 4
                local.get 3
                local.set 10
                local.get 4
                local.set 11
                local.get 11
                global.get 0
                i64.load align=1
                i64.sub
                local.tee 12
                global.get 0
                i64.load offset=8 align=1
                i64.lt_u
                if
                  local.get 12
                  i32.wrap_i64
                  global.get 0
                  i32.load offset=16 align=1
                  i32.add
                  local.tee 13
                  local.get 10
                  i64.store align=1
                  local.get 13
                  i32.const 7
                  i32.and
                  if
                    local.get 13
                    i32.const 3
                    i32.shr_u
                    local.get 13
                    i32.const 3
                    i32.shr_u
                    i32.load16_u align=1
                    i32.const 255
                    local.get 13
                    i32.const 7
                    i32.and
                    i32.shl
                    i32.or
                    i32.store16 align=1
                  else
                    local.get 13
                    i32.const 3
                    i32.shr_u
                    i32.const 255
                    i32.store8 align=1
                  end
                else
                  local.get 11
                  i32.const 0
                  local.get 10
                  call $store
                  local.tee 13
                  if
                    local.get 13
                    i32.const 1
                    i32.ne
                    if
                      i32.const 5
                      local.set 8
                      br 5
                    end
                    i32.const 6
                    local.set 8
                    br 4
                  end
                end
                local.get 5
                local.get 2
                i64.add
                local.set 5
                local.get 2
                i64.const 1
                i64.sub
                local.set 2
                i64.const 17179869369
                local.set 3
                local.get 1
                i32.const 23940
                i32.ge_u
                if
                  i32.const 7
                  local.set 8
                  br 4
                end
                i32.const 0
                local.get 2
                i64.store offset=512 align=1
                i32.const 0
                local.get 3
                i64.store offset=520 align=1
                i32.const 0
                local.get 4
                i64.store offset=528 align=1
                i32.const 0
                local.get 5
                i64.store offset=536 align=1
                i32.const 0
                local.get 7
                i64.const -6
                i64.add
                i64.store offset=24 align=1
                i64.const 17179869369
                local.get 1
                i32.const 60
                i32.add
                call 5
                local.tee 8
                if
                  local.get 8
                  return
                end
                i32.const 0
                i64.load offset=24 align=1
                i64.const 6
                i64.add
                local.set 7
                local.get 7
                i64.const 6
                i64.lt_s
                if
                  i32.const 8
                  local.set 8
                  br 5
                end
                i32.const 0
                i64.load offset=528 align=1
                local.set 4
                local.get 4
                local.set 10
                local.get 10
                global.get 0
                i64.load offset=24 align=1
                i64.sub
                local.tee 11
                global.get 0
                i64.load offset=32 align=1
                i64.lt_u
                if (result i64)
                  local.get 11
                  i32.wrap_i64
                  global.get 0
                  i32.load offset=40 align=1
                  i32.add
                  i64.load align=1
                else
                  local.get 10
                  i32.const 1
                  call $load
                  i32.const 0
                  i32.load offset=68 align=1
                  if
                    i32.const 9
                    local.set 8
                    br 6
                  end
                end
                local.set 3
                local.get 4
                i64.const 8
                i64.add
                local.set 4
                br 1
              end
            end
            local.get 3
            local.tee 10
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
              local.get 7
              i64.const -9
              i64.add
              i64.store offset=24 align=1
              i32.const 0
              return
            end
            i32.const 0
            local.get 10
            i64.store offset=16 align=1
            i32.const 10
            local.set 8
            br 3
            unreachable
          end
          i32.const 0
          local.get 4
          i64.store offset=528 align=1
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
        local.get 4
        i64.store offset=528 align=1
        i32.const 0
        local.get 5
        i64.store offset=536 align=1
        i32.const 0
        local.get 7
        i64.store offset=24 align=1
        local.get 8
        return
      end
      i32.const 0
      local.get 7
      i64.store offset=24 align=1
      local.get 8
      return
    end
    i32.const 0
    local.get 3
    i64.store offset=520 align=1
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
    call 4)
  (func (result i32)
    i64.const 0
    i32.const 0
    call 5))
