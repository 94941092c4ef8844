/** `dvm attach`: a program that runs on a DVM, followed again. */

import { type ClientFlags, clusterAt } from '../cluster/flags.ts';
import { isTerminal, paint, print, say, whenReaderGone } from '../console.ts';
import { EXIT, EXIT_OF_STATUS } from '../exit-codes.ts';
import { Progress } from '../run/progress.ts';
import { remote } from '../run/remote.ts';
import { jsonReport } from '../run/report-json.ts';
import { describeReport } from '../run/report-text.ts';
import { heedSignals } from '../run/signals.ts';
import { wholeNumber } from '../values.ts';

export async function attach(
  url: string,
  program: string,
  flags: ClientFlags & { readonly json?: boolean },
): Promise<number> {
  const cluster = clusterAt(url, flags);
  const run = await cluster.attach(wholeNumber('PROGRAM', program), {
    ...(flags.json !== true && { stdout: process.stdout }),
    stderr: process.stderr,
  });
  const running = remote(run, false);
  const cancelled = new AbortController();
  let gone = false;
  whenReaderGone(() => {
    gone = true;
    process.exit(EXIT.ok);
  });
  const release = heedSignals({ onInterrupt: () => cancelled.abort(), onTerminate: running.shutDown });
  const progress = isTerminal(process.stderr) ? new Progress(running.counted, process.stderr) : null;
  try {
    const report = await running.report(cancelled.signal);
    progress?.stop();
    if (gone) return EXIT.ok;
    if (flags.json === true) print(`${JSON.stringify(jsonReport(report, []))}\n`);
    for (const line of describeReport(`program ${program}`, report, paint)) say(line);
    return EXIT_OF_STATUS[report.status];
  } finally {
    progress?.stop();
    release();
    await running.close();
  }
}
