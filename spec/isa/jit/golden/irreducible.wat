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
    (local i64 i64 i32 i64 i32 i32)
    i32.const 0
    i64.load offset=24 align=1
    local.tee 5
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
    i32.load offset=64 align=1
    local.set 4
    block
      loop
        block
          block
            block
              block
                block
                  local.get 7
                  br_table 0 1 2 3 4 0
                end
                local.get 2
                i64.eqz
                if
                  local.get 5
                  i64.const 1
                  i64.sub
                  local.set 5
                  i32.const 1
                  local.set 7
                  br 5
                else
                  local.get 5
                  i64.const 1
                  i64.sub
                  local.set 5
                  i32.const 2
                  local.set 7
                  br 5
                end
              end
              local.get 2
              i64.const 1
              i64.sub
              local.set 2
              local.get 2
              i64.const 0
              i64.ne
              if
                local.get 5
                i64.const 2
                i64.sub
                local.set 5
                i32.const 2
                local.set 7
                br 4
              else
                local.get 5
                i64.const 2
                i64.sub
                local.set 5
                i32.const 3
                local.set 7
                br 4
              end
            end
            local.get 3
            i64.const 1
            i64.add
            local.set 3
            local.get 2
            i64.const 1
            i64.sub
            local.set 2
            local.get 2
            i64.const 0
            i64.ne
            if
              local.get 5
              i64.const 3
              i64.sub
              local.set 5
              local.get 5
              i64.const 0
              i64.lt_s
              if
                i32.const 1
                local.set 6
                br 5
              end
              i32.const 2
              local.set 7
              br 3
            else
              local.get 5
              i64.const 3
              i64.sub
              local.set 5
              i32.const 3
              local.set 7
              br 3
            end
          end
          local.get 3
          i64.const 0
          i64.ne
          if
            local.get 5
            i64.const 1
            i64.sub
            local.set 5
            local.get 5
            i64.const 0
            i64.lt_s
            if
              i32.const 2
              local.set 6
              br 4
            end
            i32.const 1
            local.set 7
            br 2
          else
            local.get 5
            i64.const 1
            i64.sub
            local.set 5
            i32.const 4
            local.set 7
            br 2
          end
        end
        i32.const 3
        local.set 6
        br 1
      end
      unreachable
    end
    i32.const 0
    local.get 2
    i64.store offset=512 align=1
    i32.const 0
    local.get 3
    i64.store offset=520 align=1
    i32.const 0
    local.get 5
    i64.store offset=24 align=1
    local.get 6
    return
    unreachable)
  (func (result i32)
    i64.const 0
    i32.const 0
    call 4))
