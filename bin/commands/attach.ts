/** `dvm attach` and `dvm cancel`: programs that run on a DVM, whoever has brought them. */

import { UNKNOWN } from '../../src/actors/node/cluster/remote-run.ts';
import { type ClientFlags, clusterAt } from '../cluster/flags.ts';
import { isTerminal, paint, print, say, whenReaderGone } from '../console.ts';
import { EXIT, EXIT_OF_STATUS } from '../exit-codes.ts';
import { printedWords } from '../run/prints.ts';
import { Progress } from '../run/progress.ts';
import { remote } from '../run/remote.ts';
import { jsonReport } from '../run/report-json.ts';
import { describeReport } from '../run/report-text.ts';
import { printRequest, wholeNumber } from '../values.ts';

export interface AttachFlags extends ClientFlags {
  readonly print: readonly string[];
  readonly json?: boolean;
}

export async function attach(url: string, program: string, flags: AttachFlags): Promise<number> {
  const cluster = clusterAt(url, flags);
  // Whoever looks has no source: addresses are numbers.
  const prints = flags.print.map((text) => printRequest(UNKNOWN, text));
  const run = await cluster.attach(wholeNumber('PROGRAM', program), {
    ...(flags.json !== true && { stdout: process.stdout }),
    stderr: process.stderr,
  });
  const running = remote(run, false);
  const leave = () => process.exit(EXIT.ok);
  whenReaderGone(leave);
  process.once('SIGINT', () => {
    say(`dvm: program ${program} goes on; dvm cancel ${url} ${program} cancels it`);
    leave();
  });
  const progress = isTerminal(process.stderr) ? new Progress(running.counted, process.stderr) : null;
  try {
    const report = await running.report(new AbortController().signal);
    progress?.stop();
    const words = await printedWords(running, prints);
    if (flags.json === true) print(`${JSON.stringify(jsonReport(report, words))}\n`);
    else for (const { lines } of words) for (const line of lines) print(`${line}\n`);
    for (const line of describeReport(`program ${program}`, report, paint)) say(line);
    return EXIT_OF_STATUS[report.status];
  } finally {
    progress?.stop();
    await running.close();
  }
}

export async function cancel(url: string, program: string, flags: ClientFlags): Promise<number> {
  const run = await clusterAt(url, flags).attach(wholeNumber('PROGRAM', program));
  try {
    await run.cancel();
  } finally {
    await run.leave();
  }
  say(`dvm: program ${program} is cancelled`);
  return EXIT.ok;
}
