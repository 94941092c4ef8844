/** The verbs that have to do with a DVM of many nodes. */

import { type Command, Option } from 'commander';
import { authority, runFlags, several, tokenFile } from '../flags.ts';

export function addClusterVerbs(dvm: Command, exit: (code: number) => void): void {
  /** A verb that asks a DVM. */
  const asking = (name: string) =>
    dvm
      .command(name)
      .argument('<URL>', 'as in ws://127.0.0.1:7400')
      .addOption(tokenFile())
      .addOption(authority());

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
    .option('--name <NAME>', 'of the master: what the DVM is called (dvm)')
    .option('--data <DIR>', 'of the master: keep programs and their memory there, beyond this process')
    .option(
      '--replicas <K>',
      'of the master: nodes that keep each page; so many less one may die at once, but not the master (2)',
    )
    .option(
      '--ended-memory <MIB>',
      'of the master: memory that ended programs may keep, all together; of more the oldest let go (1024)',
    )
    .option('--checkpoint <STEPS>', 'with --data: steps that a restart has to decide again at most (2000)')
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
    .action(async (flags) => exit(await (await import('../commands/node.ts')).node(flags)));

  runFlags(dvm.command('cluster'))
    .summary('run a program on local nodes that come up for it')
    .description('Run a program on a DVM of node processes on this machine, which go away with it')
    .argument('<FILE>', 'source or .dvm file')
    .option('--nodes <N>', "nodes beside the master's", '2')
    .option('--node-rcomps <N>', 'runner compartments of each node (the cores, divided among them)')
    .action(async (file, flags) => exit(await (await import('../commands/cluster.ts')).cluster(file, flags)));

  asking('status')
    .summary('show the nodes and programs of a DVM')
    .description('Show the nodes and programs of a DVM')
    .option('--json', 'print one JSON object instead (docs/status-report.schema.json)')
    .action(async (url, flags) => exit(await (await import('../commands/status.ts')).status(url, flags)));

  asking('attach')
    .summary('follow a program that runs on a DVM')
    .description('Follow a program that runs on a DVM, from its first output that is still kept to its end')
    .argument('<PROGRAM>', 'its number, as dvm status shows it')
    .addOption(several('--print <ADDR:TYPE[xCOUNT]>', 'print committed words at the end'))
    .option('--json', 'print one JSON object instead (docs/run-report.schema.json)')
    .addHelpText('after', '\nCtrl-C leaves the program alone: it goes on.')
    .action(async (url, program, flags) =>
      exit(await (await import('../commands/attach.ts')).attach(url, program, flags)),
    );

  asking('cancel')
    .summary('cancel a program that runs on a DVM')
    .description('Cancel a program that runs on a DVM: what was committed stays')
    .argument('<PROGRAM>', 'its number, as dvm status shows it')
    .action(async (url, program, flags) =>
      exit(await (await import('../commands/attach.ts')).cancel(url, program, flags)),
    );

  asking('drain')
    .summary('let a node leave a DVM')
    .description('Let a node end what it runs, hand back the rest, and leave')
    .argument('<NODE>', 'its number, as dvm status shows it')
    .action(async (url, node, flags) =>
      exit(await (await import('../commands/status.ts')).drain(url, node, flags)),
    );

  asking('stop')
    .summary('end a DVM')
    .description('Cancel what runs on a DVM and end all its nodes')
    .action(async (url, flags) => exit(await (await import('../commands/status.ts')).stop(url, flags)));

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
      exit(await (await import('../commands/log.ts')).log(dir, program, flags)),
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
    .action(async (action, flags) => exit((await import('../commands/token.ts')).token(action, flags)));

  dvm
    .command('cert')
    .summary('make a certificate for the nodes of a DVM')
    .description('Write dvm-cert.pem, which vouches for itself, and dvm-key.pem')
    .argument('<ACTION>', 'new')
    .addOption(several('--host <NAME>', 'a name or address that it is for (this machine)'))
    .option('--days <N>', 'how long it holds', '365')
    .option('--dir <DIR>', 'where to write', '.')
    .action(async (action, flags) => exit((await import('../commands/cert.ts')).cert(action, flags)));
}

const NODE_EXAMPLES = `
Examples:
  dvm node --master                                    a DVM on this machine
  dvm node --join ws://127.0.0.1:7400                  one more node of it
  dvm node --master --listen 0.0.0.0:7400 --advertise wss://10.0.0.1:7400 \\
           --token-file tokens --cert dvm-cert.pem --key dvm-key.pem

SIGTERM lets a node end what it runs, hand back the rest, and leave; once more ends it at once.`;
