/** What `dvm` understands. Each verb's code is loaded when it is called: `dvm --help` has no machine to load. */

import { Command, InvalidArgumentError, Option } from 'commander';

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

  dvm
    .command('node')
    .summary('be a node of a DVM')
    .description("Be one node of a DVM until asked to end: its master's, or one that adds its cores to it")
    .option('--master', "be the master's node; prints how to join")
    .option('--join <URL>', 'join the DVM whose master listens there')
    .option(
      '--listen <HOST:PORT>',
      'where it listens (127.0.0.1:7400 as master, else 127.0.0.1 and any port)',
    )
    .option('--advertise <URL>', 'where others reach it (where it listens)')
    .option('--rcomps <N>', 'runner compartments: how many runners it runs at once (one a core)')
    .option('--name <NAME>', 'of a master: what the DVM is called', 'dvm')
    .option('--data <DIR>', 'of a master: keep programs and their memory there, beyond this process')
    .option(
      '--replicas <K>',
      'of the master: nodes that keep each page; so many less one may die at once, but not the master (2)',
    )
    .option('--checkpoint <STEPS>', 'with --data: steps that a restart has to decide again at most', '2000')
    .addOption(several('--token-file <FILE>', 'tokens that are let in, one a line; DVM_TOKEN has one'))
    .option('--cert <FILE>', 'certificate, PEM: TLS from then on')
    .option('--key <FILE>', "the certificate's key, PEM")
    .option('--ca <FILE>', 'who vouches for the certificates of others, PEM (--cert)')
    .option('--insecure', 'let others reach it without token and TLS')
    .addOption(
      new Option('--log <FORM>', 'of what it says of itself (text on a terminal, else json)').choices([
        'text',
        'json',
      ]),
    )
    .addOption(
      new Option('--log-level <LEVEL>', 'the least that is said')
        .choices(['debug', 'info', 'warn'])
        .default('info'),
    )
    .addHelpText('after', NODE_EXAMPLES)
    .action(async (flags) => exit(await (await import('./commands/node.ts')).node(flags)));

  runFlags(dvm.command('cluster'))
    .summary('run a program on local nodes that come up for it')
    .description('Run a program on a DVM of node processes on this machine, which go away with it')
    .argument('<FILE>', 'source or .dvm file')
    .option('--nodes <N>', "nodes beside the master's", '2')
    .option('--node-rcomps <N>', 'runner compartments of each node (the cores, divided among them)')
    .action(async (file, flags) => exit(await (await import('./commands/cluster.ts')).cluster(file, flags)));

  dvm
    .command('status')
    .summary('show the nodes and programs of a DVM')
    .description('Show the nodes and programs of a DVM')
    .argument('<URL>', 'as in ws://127.0.0.1:7400')
    .addOption(tokenFile())
    .addOption(authority())
    .option('--json', 'print one JSON object instead (docs/status-report.schema.json)')
    .action(async (url, flags) => exit(await (await import('./commands/status.ts')).status(url, flags)));

  dvm
    .command('attach')
    .summary('follow a program that runs on a DVM')
    .description('Follow a program that runs on a DVM, from its first output that is still kept to its end')
    .argument('<URL>', 'as in ws://127.0.0.1:7400')
    .argument('<PROGRAM>', 'its number, as dvm status shows it')
    .addOption(tokenFile())
    .addOption(authority())
    .addOption(several('--print <ADDR:TYPE[xCOUNT]>', 'print committed words at the end'))
    .option('--json', 'print one JSON object instead (docs/run-report.schema.json)')
    .addHelpText('after', '\nCtrl-C leaves the program alone: it goes on.')
    .action(async (url, program, flags) =>
      exit(await (await import('./commands/attach.ts')).attach(url, program, flags)),
    );

  dvm
    .command('cancel')
    .summary('cancel a program that runs on a DVM')
    .description('Cancel a program that runs on a DVM: what was committed stays')
    .argument('<URL>', 'as in ws://127.0.0.1:7400')
    .argument('<PROGRAM>', 'its number, as dvm status shows it')
    .addOption(tokenFile())
    .addOption(authority())
    .action(async (url, program, flags) =>
      exit(await (await import('./commands/attach.ts')).cancel(url, program, flags)),
    );

  dvm
    .command('drain')
    .summary('let a node leave a DVM')
    .description('Let a node end what it runs, hand back the rest, and leave')
    .argument('<URL>', 'as in ws://127.0.0.1:7400')
    .argument('<NODE>', 'its number, as dvm status shows it')
    .addOption(tokenFile())
    .addOption(authority())
    .action(async (url, node, flags) =>
      exit(await (await import('./commands/status.ts')).drain(url, node, flags)),
    );

  dvm
    .command('stop')
    .summary('end a DVM')
    .description('Cancel what runs on a DVM and end all its nodes')
    .argument('<URL>', 'as in ws://127.0.0.1:7400')
    .addOption(tokenFile())
    .addOption(authority())
    .action(async (url, flags) => exit(await (await import('./commands/status.ts')).stop(url, flags)));

  dvm
    .command('log')
    .summary('look into what a master keeps')
    .description('Without PROGRAM, list what a master keeps; with it, its versions, or memory at one of them')
    .argument('<DIR>', "the master's --data")
    .argument('[PROGRAM]', 'its number, as dvm status shows it')
    .option('--at <VERSION>', 'the memory as of then (the newest)')
    .addOption(several('--print <ADDR:TYPE[xCOUNT]>', 'print committed words'))
    .option('--json', 'print one JSON object a line instead')
    .action(async (dir, program, flags) =>
      exit(await (await import('./commands/log.ts')).log(dir, program, flags)),
    );

  dvm
    .command('token')
    .summary('make a shared secret for a DVM')
    .description('Print a new token: whoever holds it is let in, as its role says')
    .argument('<ACTION>', 'new')
    .addOption(
      new Option('--role <ROLE>', 'be a node, run programs, or look')
        .choices(['node', 'client', 'reader'])
        .default('node'),
    )
    .action(async (action, flags) => exit((await import('./commands/token.ts')).token(action, flags)));

  dvm
    .command('cert')
    .summary('make a certificate for the nodes of a DVM')
    .description('Write dvm-cert.pem, which vouches for itself, and dvm-key.pem')
    .argument('<ACTION>', 'new')
    .addOption(several('--host <NAME>', 'a name or address that it is for (this machine)'))
    .option('--days <N>', 'how long it holds', '365')
    .option('--dir <DIR>', 'where to write', '.')
    .action(async (action, flags) => exit((await import('./commands/cert.ts')).cert(action, flags)));

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

/** What `run` and `cluster` take alike. */
function runFlags(command: Command): Command {
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

function several(flags: string, description: string): Option {
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

function tokenFile(): Option {
  return new Option('--token-file <FILE>', "a file with the DVM's token (DVM_TOKEN)");
}

function authority(): Option {
  return new Option('--ca <FILE>', "who vouches for the DVM's certificate, PEM (whom the system trusts)");
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

const NODE_EXAMPLES = `
Examples:
  dvm node --master                                    a DVM on this machine
  dvm node --join ws://127.0.0.1:7400                  one more node of it
  dvm node --master --listen 0.0.0.0:7400 --advertise wss://10.0.0.1:7400 \\
           --token-file tokens --cert dvm-cert.pem --key dvm-key.pem

SIGTERM lets a node end what it runs, hand back the rest, and leave; once more ends it at once.`;

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
