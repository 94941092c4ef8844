/** What `dvm` understands. Each verb's code is loaded when it is called: `dvm --help` has no machine to load. */

import { Command, Option } from 'commander';
import { addClusterVerbs } from './cluster/verbs.ts';
import { authority, runFlags, several, tokenFile } from './flags.ts';

export function buildCommand(version: string, exit: (code: number) => void): Command {
  const dvm = new Command('dvm')
    .description(
      'A virtual machine of transactional runners over one snapshotted memory, as message-passing actors',
    )
    .version(version, '--version')
    .helpOption('-h, --help')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'dvm: error: ')) })
    .showHelpAfterError('  hint: dvm --help, or dvm help COMMAND')
    .addHelpText('after', EXAMPLES);

  runFlags(dvm.command('run'))
    .summary('run a program')
    .description('Run a program, source or .dvm, on a machine in this process or on a DVM of many nodes')
    .argument('<FILE>', 'source or .dvm file')
    .option('--on <URL>', 'the DVM that runs it, as in ws://127.0.0.1:7400 (a machine in this process)')
    .addOption(tokenFile())
    .addOption(authority())
    .option('--rcomps <N>', 'runner compartments: how many runners run at once (one a core)')
    .addHelpText('after', RUN_EXAMPLES)
    .action(async (file, flags) => exit(await (await import('./commands/run.ts')).run(file, flags)));

  addClusterVerbs(dvm, exit);

  dvm
    .command('asm')
    .summary('assemble a source to a .dvm file')
    .description('Assemble a source to a .dvm file, beside it unless -o says otherwise')
    .argument('<FILE>', 'source')
    .option('-o, --output <OUT>', 'the file to write')
    .addOption(profile())
    .option('--region-boundary <A>', 'first address of the shared region (0x400000000)')
    .option('--listing', 'print addresses and bytes beside the lines')
    .option(
      '--translate',
      'put what translated code comes to into the file, so that a run need not translate',
    )
    .action(async (file, flags) => exit(await (await import('./commands/asm.ts')).asm(file, flags)));

  dvm
    .command('dis')
    .summary('turn a program back into source')
    .description('Print source that assembles to the same program')
    .argument('<FILE>', 'source or .dvm file')
    .action(async (file) => exit(await (await import('./commands/dis.ts')).dis(file)));

  dvm
    .command('fmt')
    .summary('lay out a source')
    .description('Bring a source into its canonical layout, in place')
    .argument('<FILE>', 'source')
    .option('--check', 'change nothing; exit 1 if the layout is another')
    .action(async (file, flags) => exit(await (await import('./commands/fmt.ts')).fmt(file, flags)));

  dvm
    .command('check')
    .summary('tell what is wrong with a program')
    .description('Assemble or verify a program without running it')
    .argument('<FILE>', 'source or .dvm file')
    .addOption(profile())
    .option('--region-boundary <A>', 'first address of the shared region (0x400000000)')
    .action(async (file, flags) => exit(await (await import('./commands/check.ts')).check(file, flags)));

  dvm
    .command('explain')
    .summary('explain an error of the assembler')
    .description('Explain an error of the assembler, with an example')
    .argument('<CODE>', 'as in DE0104')
    .action(async (code) => exit(await (await import('./commands/explain.ts')).explain(code)));

  dvm
    .command('bench')
    .summary('measure what the machine costs here')
    .description('Run a benchmark, beside a peer that does the same work; without NAME, list them')
    .argument('[NAME]', 'which one')
    .option('--rounds <N>', 'how often each side is measured (5)')
    .option('--size <SHARE>', 'share of the work, as in 0.01 for a try (1)')
    .addOption(
      new Option('--engine <NAME>', "what executes runners (run's)").choices(['wasm', 'interpreter']),
    )
    .option('--rcomps <N>', 'runner compartments, where the benchmark leaves them open (one a core)')
    .option('--json', 'print one JSON object instead (docs/bench-report.schema.json)')
    .action(async (name, flags) => exit(await (await import('./commands/bench.ts')).bench(name, flags)));

  dvm
    .command('sim')
    .summary('simulate clusters with failures, and find what breaks')
    .description(
      'Run simulated clusters in virtual time, with faults and orders of messages drawn from seeds, and check every invariant',
    )
    .argument('[PROGRAM]', 'source or .dvm file; without it, drawn programs and workloads')
    .option('--seed <N>', 'the first seed, and the only one unless more are asked for (a fresh one)')
    .option('--seeds <N>', 'how many seeds (500)')
    .option('--time <T>', 'as many seeds as fit into 30s, 10m, 1h')
    .option('--jobs <N>', 'threads (one a core)')
    .option('--nodes <N>', 'nodes (drawn)')
    .option('--rcomps <N>', 'runner compartments a node (drawn)')
    .option('--homes <N>', 'page homes (drawn)')
    .option('--faults <LIST>', 'all, none, or names with commas between (half the seeds all, half a part)')
    .option('--fault-rate <R>', 'how often faults happen, as a multiple of what is usual (drawn)')
    .addOption(
      new Option('--mode <MODE>', 'what is looked for (safety)').choices([
        'safety',
        'liveness',
        'exhaustive',
      ]),
    )
    .option('--mutate <NAMES>', 'plant bugs, to see them found')
    .option('--replay <FILE>', 'run a trace again')
    .option('--until <STEP>', 'with --replay: the messages up to this one, with the states that they leave')
    .option('--step', 'with --replay: all messages, with the states that they leave')
    .option('--diff <FILE>', 'with --replay: where this other trace parts ways')
    .option('--no-minimize', 'show a failure as it was found')
    .option(
      '--report <DIR>',
      'of a failure: trace.json, report.html (space-time diagram) and steps.jsonl; without it the trace alone, here',
    )
    .addOption(several('--expect <ADDR:TYPE=VALUE>', 'of PROGRAM: what a word must be at the end'))
    .option(
      '--fuel <N>',
      'of PROGRAM: instructions that a runner may execute before it counts as endless (1000000)',
    )
    .option('--confluent', 'of PROGRAM: every order of messages must give the same memory')
    .option('--list-invariants', 'what is checked, one a line')
    .option('--list-faults', 'what may go wrong, one a line')
    .option('--list-mutations', 'the bugs that can be planted, one a line')
    .option('--json', 'print one JSON object instead (docs/sim-report.schema.json)')
    .addHelpText('after', SIM_EXAMPLES)
    .action(async (file, flags) => exit(await (await import('./commands/sim.ts')).sim(file, flags)));

  dvm
    .command('completion')
    .summary('print a completion script for a shell')
    .description('Print a completion script')
    .addHelpText(
      'after',
      '\nExample:\n  dvm completion bash > ~/.local/share/bash-completion/completions/dvm',
    )
    .argument('<SHELL>', 'bash, zsh or fish')
    .action(async (shell) => exit((await import('./commands/completion.ts')).completion(shell, dvm)));

  return dvm;
}

function profile(): Option {
  return new Option('--profile <NAME>', 'the instructions allowed (extended)').choices(['base', 'extended']);
}

const EXAMPLES = `
Examples:
  dvm run sum.s --print total:q        assemble and run, then print a word
  dvm asm sum.s -o sum.dvm             keep the assembled program
  dvm check sum.s                      tell what is wrong with it
  dvm explain DE0104                   tell what an error means

Exit codes:
  0  all well                          3   quiescent, with watchers still watching
  1  a runner faulted or the entry     4   a DVM cannot be reached, or lets nobody in
     runner aborted                    70  a mistake of dvm's own
  2  bad usage or source               130 cancelled`;

const SIM_EXAMPLES = `
Examples:
  dvm sim --seeds 2000                             drawn clusters, programs and faults
  dvm sim counter.s --expect counter:q=500         your program, whatever goes wrong
  dvm sim --mutate no-validation --report found    plant a bug, and look at how it is found
  dvm sim --replay I4-17.trace.json                see a failure again

Exit codes:
  0  nothing is violated         3  the same seed gave two runs
  1  an invariant is violated    4  a program does not come to its end
  2  bad usage, or a trace that      130 interrupted
     no longer fits

Programs have no input: what --in, --out and --stdin map for dvm run is not simulated.`;

const RUN_EXAMPLES = `
Addresses are numbers or labels, with + and - between them.

Examples:
  dvm run sum.s --in numbers=data.bin --print total:q
  dvm run lines.s --stdin input,4096 < file
  dvm run sort.s --out result,80000=sorted.bin --rcomps 8 --stats`;
