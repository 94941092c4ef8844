/** All planted bugs by name. */

import { COMMIT_MUTATIONS } from './commits.ts';
import { LOG_MUTATIONS } from './logs.ts';
import { MACHINE_MUTATIONS } from './machines.ts';
import type { Mutation } from './mutation.ts';
import { REPLICA_MUTATIONS } from './replicas.ts';
import { RUNNER_MUTATIONS } from './runners.ts';
import { SNAPSHOT_MUTATIONS } from './snapshots.ts';

/** Those that a machine on one node shows. */
export const LOCAL_MUTATIONS: Readonly<Record<string, Mutation>> = {
  ...SNAPSHOT_MUTATIONS,
  ...COMMIT_MUTATIONS,
  ...RUNNER_MUTATIONS,
  ...MACHINE_MUTATIONS,
};

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  ...LOCAL_MUTATIONS,
  ...REPLICA_MUTATIONS,
  ...LOG_MUTATIONS,
};
