/** Opens what a machine's options name, and refuses what cannot be opened or mapped. */

import { UsageError } from '../../errors.ts';
import { ADDRESS_LIMIT, SYSTEM_RANGE } from '../../isa/layout.ts';
import type { Program } from '../../isa/program.ts';
import { end, type Range } from '../../memory/ranges.ts';
import type { IoKind } from '../init.ts';
import type { ToIo } from '../protocol.ts';
import { STREAM_HEADER } from '../stream.ts';
import type { Device, Reply } from './devices/device.ts';
import { type InputFile, inputFromBytes, openInputFile, openOutputFile, reasonOf } from './devices/files.ts';
import { InFileDevice } from './devices/in-file-device.ts';
import { OutFileDevice } from './devices/out-file-device.ts';

const ASSEMBLED = 'assembled bytes';

/** Every method throws `UsageError`, with the name of what is refused. */
export class Opening {
  readonly ios: IoKind[] = [];
  readonly devices = new Map<number, Device>();
  readonly #reply: (io: number, message: ToIo) => void;
  readonly #taken: { readonly range: Range; readonly name: string }[];
  /** Names by file identity. */
  readonly #files = new Map<string, string>();
  /** What is to be done once nothing is refused any more. */
  readonly beginnings: (() => Promise<void>)[] = [];
  readonly #regionBoundary: number;

  constructor(program: Program, reply: (io: number, message: ToIo) => void) {
    this.#reply = reply;
    this.#regionBoundary = program.regionBoundary;
    this.#taken = [
      { range: SYSTEM_RANGE, name: 'the system words' },
      { range: program.stack, name: "the entry runner's stack" },
      ...program.sections.map(({ address, bytes }) => ({
        range: { base: address, length: bytes.length },
        name: ASSEMBLED,
      })),
    ];
  }

  add(io: IoKind, device: ((reply: Reply) => Device) | null): void {
    const id = this.ios.length;
    this.ios.push(io);
    if (device !== null)
      this.devices.set(
        id,
        device((message) => this.#reply(id, message)),
      );
  }

  async input(base: number, source: string | Uint8Array): Promise<void> {
    const name = typeof source === 'string' ? `input file ${source}` : 'input bytes';
    const file = typeof source === 'string' ? await this.#openInput(source) : inputFromBytes(source);
    const io = this.ios.length;
    this.add(
      { type: 'in-file', file: { base, length: file.length, io } },
      (reply) => new InFileDevice(file, reply),
    );
    if (file.length === 0) throw new UsageError(`${name} is empty: there is nothing to map`);
    this.#take({ base, length: file.length }, name);
  }

  async output(base: number, length: number, path: string): Promise<void> {
    const name = `output file ${path}`;
    if (length === 0) throw new UsageError(`${name}: its range is empty`);
    this.#take({ base, length }, name);
    const file = await openOutputFile(path).catch((error: unknown) => {
      throw new UsageError(`cannot write ${name}: ${reasonOf(error)}`);
    });
    const io = this.ios.length;
    this.add({ type: 'out-file', file: { base, length, io } }, (reply) => new OutFileDevice(file, reply));
    this.#claim(file.identity, name);
    this.beginnings.push(() =>
      file.begin(length).catch((error: unknown) => {
        throw new UsageError(`cannot make ${name} ${length} bytes long: ${reasonOf(error)}`);
      }),
    );
  }

  stream(base: number, length: number, device: (reply: Reply) => Device): void {
    const name = 'standard input';
    if (base % 8 !== 0) throw new UsageError(`${name}: its range must begin at a multiple of 8`);
    if (length <= STREAM_HEADER) {
      throw new UsageError(
        `${name}: its range has ${length} bytes, too few`,
        `the ring begins at +${STREAM_HEADER}, after the stream's own words`,
      );
    }
    this.#take({ base, length }, name);
    this.add({ type: 'stream', stream: { base, length, io: this.ios.length } }, device);
  }

  async #openInput(path: string): Promise<InputFile> {
    const file = await openInputFile(path).catch((error: unknown) => {
      throw new UsageError(`cannot read input file ${path}: ${reasonOf(error)}`);
    });
    this.#files.set(file.identity, `input file ${path}`);
    return file;
  }

  #claim(identity: string, name: string): void {
    const other = this.#files.get(identity);
    if (other !== undefined) throw new UsageError(`${name} is also ${other}: one would overwrite the other`);
    this.#files.set(identity, name);
  }

  #take(range: Range, name: string): void {
    const { base, length } = range;
    if (!Number.isSafeInteger(base) || !Number.isSafeInteger(length) || length < 0)
      throw new UsageError(`${name}: its base and length must be whole numbers, not ${base} and ${length}`);
    const shown = `${name} at ${show(range)}`;
    if (range.base < this.#regionBoundary) {
      throw new UsageError(
        `${shown} lies below the shared region`,
        `the shared region begins at 0x${this.#regionBoundary.toString(16)}`,
        [range],
      );
    }
    if (end(range) > ADDRESS_LIMIT) {
      throw new UsageError(`${shown} does not fit below 2^46`, 'addresses have 46 bits', [range]);
    }
    const other = this.#taken.find((one) => one.range.base < end(range) && range.base < end(one.range));
    if (other !== undefined) {
      const hint = other.name === ASSEMBLED ? 'name the range with .equ instead of giving it data' : '';
      throw new UsageError(`${shown} overlaps ${other.name} at ${show(other.range)}`, hint, [
        range,
        other.range,
      ]);
    }
    this.#taken.push({ range, name });
  }
}

function show({ base, length }: Range): string {
  return `0x${base.toString(16)} + ${length} bytes`;
}
