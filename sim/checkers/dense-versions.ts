/** I8: the log has no gaps. */

import type { Checker } from './checker.ts';

export const denseVersions: Checker = {
  id: 'I8',
  sentence: 'versions are 1, 2, 3, …, each assigned once',
  watch: ({ log }) => ({
    *committed({ version }) {
      if (version !== log.length) yield `version ${version} stands at place ${log.length} of the log`;
    },
    *over({ summary }) {
      if (summary.version !== log.length)
        yield `the summary speaks of version ${summary.version} of ${log.length}`;
    },
  }),
};
