/** Files that a machine maps: opened before the run, so that what cannot be opened is known before anything has run. */

import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';

export interface InputFile {
  /** Bytes, as of the opening. */
  readonly length: number;
  /** Rejects if the file has become shorter than it was. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface OutputFile {
  write(offset: number, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export async function openInputFile(path: string): Promise<InputFile & Identified> {
  const { length, identity } = await regularFile(path);
  const handle = await open(path, 'r');
  return {
    length,
    identity,
    async read(offset, wanted) {
      const bytes = new Uint8Array(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await handle.read(bytes, filled, wanted - filled, offset + filled);
        if (bytesRead === 0)
          throw new Error(`${path} has become shorter than ${length} bytes during the run`);
        filled += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

/** Input from memory. */
export function inputFromBytes(bytes: Uint8Array): InputFile {
  return {
    length: bytes.length,
    read: async (offset, length) => bytes.slice(offset, offset + length),
    close: async () => {},
  };
}

/** Opened for writing, its content untouched until `begin`. */
export interface OpenedOutput extends OutputFile, Identified {
  /** Makes the file `length` zero bytes. */
  begin(length: number): Promise<void>;
}

export async function openOutputFile(path: string): Promise<OpenedOutput> {
  await regularFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT, 0o666);
  const { identity } = await regularFile(path);
  return {
    identity,
    async begin(length) {
      await handle.truncate(0);
      await handle.truncate(length);
    },
    async write(offset, bytes) {
      let written = 0;
      while (written < bytes.length) {
        const rest = bytes.length - written;
        written += (await handle.write(bytes, written, rest, offset + written)).bytesWritten;
      }
    },
    close: () => handle.close(),
  };
}

/** Two paths of one identity are one file. */
export interface Identified {
  readonly identity: string;
}

/** Asked before the opening: to open a FIFO is to wait for whoever may open its other end. */
async function regularFile(path: string): Promise<Identified & { readonly length: number }> {
  const found = await stat(path);
  if (!found.isFile()) throw new Error(`${path} is not a regular file`);
  return { length: found.size, identity: `${found.dev}:${found.ino}` };
}

/** The system's own words, without the call and the path that follow them. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '.*')?$/, '') : String(error);
}
