/** A client's own files and streams, for a program that runs on a DVM: a machine's devices, far from its actors. */

import { Readable } from 'node:stream';
import { invariant } from '../../../invariant.ts';
import type { Program } from '../../../isa/program.ts';
import type { Range } from '../../../memory/ranges.ts';
import type { ToIo } from '../../protocol.ts';
import type { MachineOptions } from '../options.ts';
import { Outside } from '../outside.ts';

/** Bytes on their way to a device; with more, whoever brings them waits. */
const MOST_UNDERWAY = 2 ** 20;

export interface MappedOutput extends Range {
  readonly io: number;
}

export class ClientDevices {
  readonly #outside: Outside;
  /** Called once. */
  onFailure: () => void = () => {};
  /** Bytes since the last time that all were known to be outside, by device. */
  readonly #underway = new Map<number, number>();
  readonly #waiting = new Map<number, () => void>();
  #failure = '';

  private constructor(outside: Outside) {
    this.#outside = outside;
  }

  /** Rejects with `UsageError`, as a machine in this process would. */
  static async open(program: Program, options: MachineOptions): Promise<ClientDevices> {
    // The input itself goes to the DVM; here only its range is looked at.
    const stdin = options.stdin && { ...options.stdin, source: Readable.from([]) };
    let devices: ClientDevices | null = null;
    const outside = await Outside.open(program, { ...options, ...(stdin && { stdin }) }, (io, message) => {
      if (devices !== null) devices.#hear(io, message);
    });
    devices = new ClientDevices(outside);
    return devices;
  }

  /** Nothing is refused any more: from here on files are changed. Rejects with `UsageError`. */
  async begin(): Promise<void> {
    await this.#outside.begin();
  }

  /** What has failed, in the outside's own words; empty: nothing. */
  get failure(): string {
    return this.#failure;
  }

  get outputs(): readonly MappedOutput[] {
    return this.#outside.ios.flatMap((io) => (io.type === 'out-file' ? [io.file] : []));
  }

  /** What went to no stream of the caller's. */
  get output(): { readonly stdout: Uint8Array; readonly stderr: Uint8Array } {
    return this.#outside.output;
  }

  channel(channel: 'stdout' | 'stderr'): number {
    const io = this.#outside.ios.findIndex((one) => one.type === 'channel' && one.channel === channel);
    invariant(io >= 0, 'there are the standard channels');
    return io;
  }

  /** Fulfilled when there is room for more. */
  async write(io: number, offset: number, bytes: Uint8Array): Promise<void> {
    const underway = (this.#underway.get(io) ?? 0) + bytes.length;
    this.#underway.set(io, underway);
    this.#outside.receive(io, { type: 'device-write', offset, bytes });
    if (underway > MOST_UNDERWAY) await this.flush(io);
  }

  /** Fulfilled when all is outside, or cannot be. */
  async flush(io: number): Promise<void> {
    this.#underway.set(io, 0);
    if (this.#failure !== '') return;
    const flushed = new Promise<void>((resolve) => this.#waiting.set(io, resolve));
    this.#outside.receive(io, { type: 'device-flush' });
    await flushed;
  }

  async close(): Promise<void> {
    await this.#outside.close();
  }

  #hear(io: number, message: ToIo): void {
    if (message.type === 'device-failed' && this.#failure === '') {
      this.#failure = message.error;
      this.onFailure();
      for (const resolve of this.#waiting.values()) resolve();
    }
    if (message.type === 'device-flushed') this.#waiting.get(io)?.();
  }
}
