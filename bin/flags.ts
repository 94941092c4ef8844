/** Flags that several verbs have. */

import { type Command, InvalidArgumentError, Option } from 'commander';

/** What `run` and `cluster` take alike. */
export function runFlags(command: Command): Command {
  return command
    .addOption(several('--print <ADDR:TYPE[xCOUNT]>', 'print committed words at the end'))
    .addOption(several('--in <BASE=FILE>', 'map a file, read-only'))
    .addOption(several('--out <BASE,LENGTH=FILE>', 'map a range to a file; what is committed reaches it'))
    .addOption(once('--stdin <BASE,LENGTH>', 'standard input as a stream'))
    .addOption(new Option('--engine <NAME>', 'what executes runners (wasm)').choices(['wasm', 'interpreter']))
    .option('--homes <N>', 'page homes: actors that keep pages (2)')
    .addOption(
      new Option('--on-conflict <WAY>', 'what becomes of the loser of a conflict (retry)').choices([
        'retry',
        'abort',
      ]),
    )
    .option('--serializable', 'validate what runners read, not only what they write')
    .option('--lazy-reads', 'let reads outside the declared ranges extend the snapshot')
    .option('--deterministic', 'order commits by the tree of runners, not by arrival')
    .option('--region-boundary <A>', 'first address of the shared region (0x400000000)')
    .option('--fuel <N>', 'instructions that a runner may execute (no limit)')
    .option('--seed <N>', "what runners' seeds derive from (0)")
    .option('--tick <MS>', 'count the timer word up every so many milliseconds')
    .option(
      '--ack <LEVEL>',
      'what a commit must have survived when it is acknowledged: memory, replicated, durable',
      'memory',
    )
    .option('--max-children <N>', 'children per runner (65536)')
    .option('--max-ranges <N>', 'heap and watched ranges per runner (4096)')
    .option('--max-private <BYTES>', 'private memory per runner (1 GiB)')
    .option('--max-runners <N>', 'runners and watchers alive at once (1000000)')
    .option('--max-versions <BYTES>', 'superseded pages kept for running snapshots (1 GiB)')
    .option('--stats', 'tell what the run has cost')
    .option('--trace <FILE>', 'write one JSON line per transition and commit')
    .option('--json', 'print one JSON object instead (docs/run-report.schema.json)');
}

export function several(flags: string, description: string): Option {
  return new Option(flags, `${description}; repeatable`)
    .default([], 'none')
    .argParser((value, before: readonly string[]) => [...before, value]);
}

/** There is one such thing: a second range for it would otherwise take the place of the first in silence. */
function once(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value, before: string | undefined) => {
    if (before === undefined) return value;
    throw new InvalidArgumentError('It is given twice.');
  });
}

export function tokenFile(): Option {
  return new Option('--token-file <FILE>', "a file with the DVM's token (DVM_TOKEN)");
}

export function authority(): Option {
  return new Option('--ca <FILE>', "who vouches for the DVM's certificate, PEM (whom the system trusts)");
}
