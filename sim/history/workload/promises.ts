/** What the machine promises beyond isolation, as far as the outside can tell whether it was kept. */

import { wordAt } from '../../words.ts';
import { counterAddress, statusAddress } from './lists.ts';
import type { HistoryPlan, PlannedTransaction } from './plan.ts';
import { type Records, recordsOf, type Told } from './records.ts';
import { TOKEN } from './source.ts';

/** Sentences, each about what should not have been. */
export function brokenPromises(plan: HistoryPlan, stdout: Uint8Array, byteAt: ByteAt): string[] {
  const records = recordsOf(plan, stdout);
  const told = new Map(records.told.map((one) => [one.id, one]));
  return [
    ...(records.rest > 0 ? [`${records.rest} bytes of output are no record`] : []),
    ...plan.transactions.flatMap((planned, id) => [
      ...lives(plan, planned, id, told),
      ...(told.has(id) ? handOvers(planned, told.get(id)!, told) : []),
      ...(planned.status ? recording(planned, id, told, byteAt) : []),
    ]),
    ...counting(plan, records, byteAt),
  ];
}

type ByteAt = (address: number) => number;
type Heard = ReadonlyMap<number, Told>;

/** Who had to commit and did not; who did and must not. */
function lives(plan: HistoryPlan, planned: PlannedTransaction, id: number, told: Heard): string[] {
  const { parent, end, watches } = planned;
  if (told.has(id)) {
    if (end !== 'commit') return [`T${id} was to ${end}, and has committed`];
    if (parent !== null && !told.has(parent)) return [`T${id} lives, and T${parent} never made it`];
    return watches === null ? [] : wrongWaking(plan, id, parent, watches, told);
  }
  if (end !== 'commit' || (parent !== null && !told.has(parent))) return [];
  if (!plan.retries && mayLose(plan, planned, id, told)) return [];
  if (watches === null) return [`T${id} never committed`];
  const missed = newFor(plan, id, parent, watches, told);
  return missed.length === 0 ? [] : [`T${id} was not woken by T${missed} and watched their list`];
}

/** Where losers do not run again: whether anybody has written what the transaction wrote or, by rules 5 and 6, read. */
function mayLose(plan: HistoryPlan, planned: PlannedTransaction, id: number, told: Heard): boolean {
  const others = plan.transactions.filter((_, other) => other !== id && told.has(other));
  const counts = (one: PlannedTransaction) => one.counts !== 'no';
  if (planned.counts === 'with-a-look' && others.some(counts)) return true;
  if (plan.serializable && (counts(planned) || plan.layout === 'interleaved')) return true;
  const keys = planned.ops.flatMap((op) => (op.type !== 'read' || plan.serializable ? [op.key] : []));
  return keys.some((key) => others.some((other) => writes(other, key)));
}

/** A watcher that runs was woken, by something that it sees. */
function wrongWaking(
  plan: HistoryPlan,
  id: number,
  parent: number | null,
  key: number,
  told: Heard,
): string[] {
  const woken = newFor(plan, id, parent, key, told);
  const stored = plan.transactions.some(
    (one, other) =>
      other !== parent && told.has(other) && one.ops.some((op) => op.type === 'update' && op.key === key),
  );
  if (stored) return [];
  if (woken.length === 0) return [`T${id} runs, and nobody touched list ${key} that it watches`];
  const seen = firstRead(plan, id, key, told);
  const sees = woken.some((other) => appendsOf(plan, other, key).some((value) => seen.includes(value)));
  return sees ? [] : [`T${id} was woken for list ${key} and finds nothing new in it`];
}

/** Others who have appended to a list and whom the creator of a watcher did not see. */
function newFor(plan: HistoryPlan, id: number, parent: number | null, key: number, told: Heard): number[] {
  const known = parent === null ? [] : firstRead(plan, parent, key, told);
  return [...told.keys()].filter((other) => {
    const [first] = appendsOf(plan, other, key);
    return other !== id && other !== parent && first !== undefined && !known.includes(first);
  });
}

function firstRead(plan: HistoryPlan, id: number, key: number, told: Heard): readonly number[] {
  const at = plan.transactions[id]!.ops.findIndex((op) => op.key === key && op.type !== 'append');
  return told.get(id)?.lists[at] ?? [];
}

function appendsOf(plan: HistoryPlan, id: number, key: number): number[] {
  return plan.transactions[id]!.ops.flatMap((op) =>
    op.type === 'append' && op.key === key ? [op.value] : [],
  );
}

function writes({ ops }: PlannedTransaction, key: number): boolean {
  return ops.some((op) => op.type !== 'read' && op.key === key);
}

/** Stack images and private memory. */
function handOvers({ parent, stackOver }: PlannedTransaction, record: Told, told: Heard): string[] {
  const { id, token, handed, unwritten } = record;
  const lines: string[] = [];
  if (token !== BigInt(TOKEN)) lines.push(`T${id} inherits ${token} in its stack, not ${TOKEN}`);
  if (unwritten !== 0n) lines.push(`T${id} finds ${unwritten} in private memory that it has not written`);
  const lists = parent === null ? [] : (told.get(parent)?.lists ?? []);
  const expected = stackOver === null ? (lists.findLast((list) => list !== null)?.length ?? 0) : 0;
  if (handed !== BigInt(expected)) lines.push(`T${id} is handed ${handed}, and its parent saw ${expected}`);
  return lines;
}

/** States in the records of ends, as the manual has them; of whoever was to commit and did not, that it lost. */
const COMMITTED = 1;
const OTHERWISE = { abort: 2, fault: 3, commit: 4 } as const;

/** The record of an end says how it was (rule 25), and says nothing of who never lived. */
function recording(
  { parent, end, watches }: PlannedTransaction,
  id: number,
  told: Heard,
  byteAt: ByteAt,
): string[] {
  const state = Number(wordAt({ byteAt }, statusAddress(id)));
  const possible: number[] = [];
  if (told.has(id)) possible.push(COMMITTED);
  else {
    const lived = parent === null || told.has(parent);
    if (!lived || watches !== null) possible.push(0);
    if (lived) possible.push(OTHERWISE[end]);
  }
  return possible.includes(state) ? [] : [`the state of T${id} is ${state}, not ${possible.join(' or ')}`];
}

/** The counter counts who committed; whoever looked at it was the only one at that count (rule 6). */
function counting(plan: HistoryPlan, { told }: Records, byteAt: ByteAt): string[] {
  const counters = new Set(told.flatMap(({ id }) => (plan.transactions[id]!.counts === 'no' ? [] : [id])));
  const count = wordAt({ byteAt }, counterAddress(plan));
  const lines =
    count === BigInt(counters.size) ? [] : [`the counter is ${count} after ${counters.size} commits`];
  const tickets = new Map<bigint, number>();
  for (const { id, ticket } of told) {
    if (ticket === null) continue;
    const other = tickets.get(ticket);
    if (other !== undefined) lines.push(`T${id} and T${other} both are number ${ticket}`);
    tickets.set(ticket, id);
  }
  return lines;
}
