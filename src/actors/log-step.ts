/** One more version in the log, and who hears of it: homes, streams, output channels (rules 7, 25–27). */

import type { Channel } from '../isa/layout.ts';
import { byHome, pageOf } from '../memory/directory.ts';
import type { PagePatch } from '../memory/patch.ts';
import { end, overlap } from '../memory/ranges.ts';
import type { Span } from '../memory/span.ts';
import type { Version } from '../memory/version.ts';
import { addressOf } from './address.ts';
import { send, trace } from './behaviour.ts';
import type { MachineConfig } from './config.ts';
import type { AttemptId } from './control-block.ts';
import { noteWritten } from './homing.ts';
import type { MasterState, Out } from './master-state.ts';
import { keepersOf } from './places.ts';
import type { Output } from './protocol.ts';
import { STREAM_CURSOR } from './stream.ts';

/** Assigns the next version and tells the homes; from here on it is true. */
export function nextVersion(
  state: MasterState,
  attempt: AttemptId,
  sv: Version,
  spans: readonly Span[],
  staged: readonly number[],
  record: readonly PagePatch[],
  out: Out,
): Version {
  state.version += 1;
  const { version, epoch } = state;
  const records = byHome(record, state.config.homes);
  const stagedAt = new Set(staged);
  const homes = [...new Set([...staged, ...records.keys()])];
  out.push(trace({ type: 'commit', version, attempt, sv, spans, homes, record }));
  noteWritten(state, spans);
  for (const home of homes) {
    const decide = {
      type: 'decide',
      epoch,
      attempt: stagedAt.has(home) ? attempt : null,
      version,
      previous: state.homes[home]!,
      record: records.get(home) ?? [],
    } as const;
    for (const keeper of keepersOf(state.homing.places, home)) out.push(send(keeper, decide));
    state.homes[home] = version;
    state.touched.add(home);
  }
  state.ledger.add(version, supersededBytes(state.config, spans));
  tellStreams(state, version, spans, out);
  return version;
}

/** A commit's output, to its channels in order (rule 26). */
export function release(state: MasterState, version: Version, output: readonly Output[], out: Out): void {
  for (const { channel, bytes } of joined(output)) write(state, version, channel, bytes, out);
}

/** A stream whose cursor a commit has written may have room again. */
function tellStreams(state: MasterState, version: Version, spans: readonly Span[], out: Out): void {
  for (const [io, input] of state.inputs) {
    if (input.stream === null) continue;
    const cursor = { base: input.stream.base + STREAM_CURSOR, length: 8 };
    if (overlap([cursor], spans) === null) continue;
    input.consumed = version;
    input.stalled = false;
    out.push(send(addressOf('io', io), { type: 'consumed', version }));
  }
}

function write(state: MasterState, version: Version, channel: Channel, bytes: Uint8Array, out: Out): void {
  const record = state.channels.get(channel);
  if (record === undefined) return;
  out.push(send(addressOf('io', record.io), { type: 'output', version, offset: record.offset, bytes }));
  record.offset += bytes.length;
}

/** Neighbouring stores to one channel as one message. */
function joined(output: readonly Output[]): readonly Output[] {
  if (output.length < 2) return output;
  const result: { channel: Channel; bytes: Uint8Array }[] = [];
  for (let first = 0; first < output.length; ) {
    const { channel } = output[first]!;
    let last = first + 1;
    while (output[last]?.channel === channel) last += 1;
    const parts = output.slice(first, last);
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part.bytes, at);
      at += part.bytes.length;
    }
    result.push({ channel, bytes });
    first = last;
  }
  return result;
}

/** Bytes of page versions that a commit of these spans puts new ones in the place of. */
export function supersededBytes({ pageSize }: MachineConfig, spans: readonly Span[]): number {
  let pages = 0;
  for (const span of spans) pages += pageOf(end(span) - 1, pageSize) - pageOf(span.base, pageSize) + 1;
  return pages * pageSize;
}
