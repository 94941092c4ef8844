/** Rule 29: in rounds the size of the cluster changes nothing. */

import type { Checker } from './checker.ts';
import { hex } from './texts.ts';

export const decidedInOrder: Checker = {
  id: 'rule 29',
  sentence: 'in deterministic rounds attempts share one sv and are decided in the order of the runner tree',
  watch: (evidence) => {
    if (!evidence.setting.config.deterministic) return {};
    let last = null as { readonly sv: number; readonly runner: bigint } | null;
    return {
      *committed({ version, sv, run, attempt: { runner } }) {
        if (run === null) return;
        if (last !== null && sv < last.sv) yield `version ${version} is of sv ${sv}, after one of ${last.sv}`;
        if (last?.sv === sv && !evidence.isBefore(last.runner, runner))
          yield `version ${version} of ${hex(runner)} is decided after that of ${hex(last.runner)}`;
        last = { sv, runner };
      },
    };
  },
};
