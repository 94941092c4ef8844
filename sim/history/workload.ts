/** Programs whose outside tells what their runners saw: drawn, made source, run by anything, and read back as histories. */

export { drawMachine } from './workload/machine.ts';
export { historyOf } from './workload/observed.ts';
export { drawHistoryPlan } from './workload/plan.ts';
export { brokenPromises } from './workload/promises.ts';
export { sourceOf } from './workload/source.ts';
