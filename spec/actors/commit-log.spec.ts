import { describe, test } from 'vitest';
import { MemoryCommitLog } from '../../src/actors/commit-log.ts';
import { commitLogSuite } from '../../testing/suites/commit-log.ts';
import { scale } from '../support/runs.ts';

describe('a commit log in memory', () => {
  const create = () => {
    const log = new MemoryCommitLog();
    return { log, epochs: log };
  };
  for (const { name, run } of commitLogSuite(create, { scale })) test(name, run);
});
