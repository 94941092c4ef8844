/** The outside of a machine: which I/O actors it has, and the device behind each. */

import { Writable } from 'node:stream';
import { invariant } from '../../invariant.ts';
import type { Program } from '../../isa/program.ts';
import { STANDARD_IO } from '../boot.ts';
import type { IoKind } from '../init.ts';
import type { ToDevice, ToIo } from '../protocol.ts';
import { ChannelDevice } from './devices/channel-device.ts';
import type { Device } from './devices/device.ts';
import { StreamDevice } from './devices/stream-device.ts';
import { Opening } from './opening.ts';
import type { MachineOptions } from './options.ts';

export class Outside {
  /** An I/O actor's id is its place here. */
  readonly ios: readonly IoKind[];
  /** By the id of their I/O actors; signals have none. */
  readonly #devices: ReadonlyMap<number, Device>;
  readonly #collected: Readonly<Record<'stdout' | 'stderr', Collector>>;

  readonly #beginnings: readonly (() => Promise<void>)[];

  private constructor(
    { ios, devices, beginnings }: Opening,
    collected: Readonly<Record<'stdout' | 'stderr', Collector>>,
  ) {
    this.ios = ios;
    this.#devices = devices;
    this.#beginnings = beginnings;
    this.#collected = collected;
  }

  /**
   * Opens everything that the options name. Rejects with `UsageError` if something cannot be opened or mapped; then
   * nothing stays open and no file's content is touched.
   */
  static async open(
    program: Program,
    options: MachineOptions,
    reply: (io: number, message: ToIo) => void,
  ): Promise<Outside> {
    const opening = new Opening(program, reply);
    const collected = { stdout: new Collector(), stderr: new Collector() };
    try {
      for (const io of STANDARD_IO) {
        const sink = io.type === 'channel' ? (options[io.channel] ?? collected[io.channel]) : null;
        opening.add(io, sink && ((answer) => new ChannelDevice(sink, answer)));
      }
      for (const input of options.inputs ?? []) await opening.input(input.base, input.file);
      for (const output of options.outputs ?? [])
        await opening.output(output.base, output.length, output.file);
      const { stdin } = options;
      if (stdin !== undefined) {
        opening.stream(stdin.base, stdin.length, (answer) => new StreamDevice(stdin.source, answer));
      }
    } catch (error) {
      await closeAll(opening.devices);
      throw error;
    }
    return new Outside(opening, collected);
  }

  /** Nothing is refused any more: from here on files are changed. Rejects with `UsageError`. */
  async begin(): Promise<void> {
    for (const begin of this.#beginnings) await begin();
  }

  receive(io: number, message: ToDevice): void {
    this.#devices.get(io)?.receive(message);
  }

  /** So many bytes of an output channel were put out before. */
  resume(io: number, offset: number): void {
    const device = this.#devices.get(io);
    invariant(device instanceof ChannelDevice, 'only channels have offsets that go on');
    device.resume(offset);
  }

  /** Its I/O actors live now: those whose outside has been full before hear of it. */
  remind(): void {
    for (const device of this.#devices.values()) if (device instanceof ChannelDevice) device.remind();
  }

  get output(): { readonly stdout: Uint8Array; readonly stderr: Uint8Array } {
    return { stdout: this.#collected.stdout.bytes, stderr: this.#collected.stderr.bytes };
  }

  /** The program has ended: input streams are let go of, files stay readable. */
  endInput(): void {
    for (const [io, kind] of this.ios.entries()) {
      if (kind.type === 'stream') void this.#devices.get(io)?.close();
    }
  }

  async close(): Promise<void> {
    await closeAll(this.#devices);
  }
}

/** Keeps what is written to it. */
class Collector extends Writable {
  readonly #chunks: Uint8Array[] = [];

  get bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks));
  }

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }
}

async function closeAll(devices: ReadonlyMap<number, Device>): Promise<void> {
  for (const device of devices.values()) await device.close();
}
