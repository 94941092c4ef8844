/** What `dvm run --json` prints; its schema is docs/run-report.schema.json. */

import type { RunReport } from '../../src/actors/node/run-report.ts';
import { nameOf } from '../../src/memory/ids.ts';
import { EXIT_OF_STATUS } from '../exit-codes.ts';
import type { PrintedWords } from './prints.ts';

/** 64-bit values and addresses are texts, `0x` and hexadecimal digits: JSON's numbers are doubles to most readers. */
export function jsonReport(report: RunReport, words: readonly PrintedWords[], stats?: object): object {
  const { status, error, version, runners, faults, watchers, stdout } = report;
  return {
    status,
    exit: EXIT_OF_STATUS[status],
    version,
    runners,
    prints: words.map(({ address, type, values }) => ({ address: hex(address), type, values })),
    ...textOrBase64(stdout),
    faults: faults.map(({ cause, runner, pc, address, file, line }) => ({
      cause,
      runner: nameOf(runner),
      pc: hex(pc),
      address: address === null ? null : hex(address),
      file,
      line,
    })),
    watchers: watchers.map(({ id, ranges, writers, inputs }) => ({
      id: nameOf(id),
      ranges: ranges.map(({ base, length }) => ({ base: hex(base), length })),
      writers: [...writers.map(nameOf), ...inputs],
    })),
    ...(status === 'failed' && { error }),
    ...(stats && { stats }),
  };
}

function textOrBase64(bytes: Uint8Array): object {
  try {
    return { stdout: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { stdoutBase64: Buffer.from(bytes).toString('base64') };
  }
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
