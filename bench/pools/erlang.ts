import type { PoolKind } from './pool.ts';
import { ScriptPool } from './script.ts';

/** Erlang processes: no isolation of data between a snapshot and a commit, but the lightest tasks there are. */
export const erlang: PoolKind = {
  name: 'an Erlang process',
  batch: 100_000,
  row: 100_000,
  absent: "Erlang is not installed (Debian's erlang-base)",
  open: (workers) =>
    ScriptPool.open('erl', ['-noshell', '-noinput', '+P', '1000000', '+S', String(workers), '-eval', SCRIPT]),
};

/** Spawned, monitored until it is gone; 0 processes are left behind. */
const SCRIPT = `
Wait = fun(Ref) -> receive {'DOWN', Ref, process, _, _} -> ok end end,
Empty = fun() -> ok end,
Row = fun Row(0) -> ok; Row(N) -> {_, Ref} = spawn_monitor(Empty), Wait(Ref), Row(N - 1) end,
Batch = fun(N) ->
  Refs = [element(2, spawn_monitor(Empty)) || _ <- lists:seq(1, N)],
  lists:foreach(Wait, Refs)
end,
Port = open_port({fd, 0, 1}, [{line, 200}, eof]),
Say = fun(Text) -> port_command(Port, [Text, $\\n]) end,
Serve = fun Serve() ->
  receive
    {Port, {data, {eol, Line}}} ->
      [Kind, Count] = string:lexemes(Line, " "),
      N = list_to_integer(Count),
      {Time, ok} = case Kind of
        "batch" -> timer:tc(fun() -> Batch(N) end);
        "row" -> timer:tc(fun() -> Row(N) end)
      end,
      Say(float_to_list(Time / 1000000, [{decimals, 9}])),
      Serve();
    {Port, eof} -> halt(0)
  end
end,
Say("ready"),
Serve().
`;
