import type { PoolKind } from './pool.ts';
import { ScriptPool } from './script.ts';

/** The Python that is first in the path, and Debian's, for which its packages are. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** Dask distributed on this machine: a scheduler and one process a worker. */
export const dask: PoolKind = {
  name: 'Dask distributed',
  batch: 2_000,
  row: 200,
  absent: "Dask distributed is not installed (Debian's python3-distributed)",
  async open(workers) {
    for (const python of PYTHONS) {
      const pool = await ScriptPool.open(python, ['-c', SCRIPT, String(workers)]);
      if (pool !== null) return pool;
    }
    return null;
  },
};

const SCRIPT = `
import sys, time
from distributed import Client, LocalCluster

def empty(_):
    return None

if __name__ == '__main__':
    workers = int(sys.argv[1])
    with LocalCluster(n_workers=workers, threads_per_worker=1, host='127.0.0.1', dashboard_address=None) as cluster:
        with Client(cluster) as client:
            client.gather(client.map(empty, range(100), pure=False))
            print('ready', flush=True)
            for line in sys.stdin:
                kind, count = line.split()
                start = time.perf_counter()
                if kind == 'batch':
                    client.gather(client.map(empty, range(int(count)), pure=False))
                else:
                    for i in range(int(count)):
                        client.submit(empty, i, pure=False).result()
                print(time.perf_counter() - start, flush=True)
`;
