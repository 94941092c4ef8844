/** Shapes of messages as data: the codec reads them, and tests draw messages from them. */

import { isUtf8 } from 'node:buffer';
import { invariant } from '../../../invariant.ts';
import { LONG_BYTES, type LongBytes } from './long-bytes.ts';

/** What a value looks like. */
export type Form =
  /** A whole number within bounds. */
  | { readonly kind: 'int'; readonly least: number; readonly most: number }
  /** 64 bits, unsigned: eight bytes, never a number. */
  | { readonly kind: 'word' }
  /** A number that counts actors, or the 64-bit id of a watcher. */
  | { readonly kind: 'id' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'text' }
  | { readonly kind: 'bytes' }
  /** One of these values: its place in the list. */
  | { readonly kind: 'choice'; readonly of: readonly (string | number)[] }
  | { readonly kind: 'nullable'; readonly of: Form }
  | { readonly kind: 'list'; readonly of: Form }
  /** A list of the fields' values, in this order. */
  | { readonly kind: 'struct'; readonly fields: readonly Field[] }
  /** A list of structs as one byte string, a record of `width` bytes each: what there are thousands of, such as pages. */
  | { readonly kind: 'records'; readonly fields: readonly RecordField[]; readonly width: number }
  /** A struct after the place of its `type` in the list. */
  | { readonly kind: 'variants'; readonly of: readonly Variant[] };

export interface Field {
  readonly name: string;
  readonly form: Form;
}

/** Of a record, whose bytes from `at` on it is: a double, the place of a choice, or the length of bytes, which are long ones. */
export interface RecordField {
  readonly name: string;
  readonly form: Extract<Form, { readonly kind: 'int' | 'choice' | 'bytes' }>;
  readonly at: number;
}

export interface Variant {
  readonly type: string;
  readonly fields: readonly Field[];
}

/** A form that describes values of type `T`. */
export interface Schema<T> {
  readonly form: Form;
  /** Only for the compiler: nothing holds such a field. */
  readonly describes?: (value: T) => T;
}

/** One schema for each field: one too few or too many does not compile. */
export type Fields<T> = { readonly [K in keyof T]-?: Schema<T[K]> };

/** One entry for each type of message: a message without a schema does not compile. */
export type Variants<T extends { readonly type: string }> = {
  readonly [Type in T['type']]: Fields<Omit<Extract<T, { readonly type: Type }>, 'type'>>;
};

export const count: Schema<number> = integer(0, Number.MAX_SAFE_INTEGER);
export const word: Schema<bigint> = { form: { kind: 'word' } };
export const flag: Schema<boolean> = { form: { kind: 'flag' } };
export const text: Schema<string> = { form: { kind: 'text' } };
export const bytes: Schema<Uint8Array> = { form: { kind: 'bytes' } };
export const id: Schema<number | bigint> = { form: { kind: 'id' } };

export function integer(least: number, most: number): Schema<number> {
  return { form: { kind: 'int', least, most } };
}

/** `choice<T>()(…)` takes every member of `T`: a list that lacks one does not compile. */
export function choice<T extends string | number>() {
  return <const L extends readonly T[]>(...of: [T] extends [L[number]] ? L : never): Schema<T> => ({
    form: { kind: 'choice', of },
  });
}

export function nullable<T>(of: Schema<T>): Schema<T | null> {
  return { form: { kind: 'nullable', of: of.form } };
}

export function list<T>(of: Schema<T>): Schema<readonly T[]> {
  return { form: { kind: 'list', of: of.form } };
}

export function struct<T>(fields: Fields<T>): Schema<T> {
  return { form: { kind: 'struct', fields: fieldsOf(fields) } };
}

/** A list of what has no parts but whole numbers, choices and bytes. Its fields are read and written without msgpack. */
export function records<T>(of: Fields<T>): Schema<readonly T[]> {
  let width = 0;
  const fields = fieldsOf(of).map(({ name, form }): RecordField => {
    invariant(form.kind === 'int' || form.kind === 'choice' || form.kind === 'bytes', 'a record is flat');
    invariant(form.kind !== 'choice' || form.of.length <= 256, 'a choice in a record is a byte');
    const at = width;
    width += RECORD_BYTES[form.kind];
    return { name, form, at };
  });
  return { form: { kind: 'records', fields, width } };
}

/** Bytes of a record that a field takes. */
const RECORD_BYTES = { int: 8, choice: 1, bytes: 4 } as const;

export function variants<T extends { readonly type: string }>(of: Variants<T>): Schema<T> {
  const all = Object.entries(of) as [string, Readonly<Record<string, Schema<unknown>>>][];
  return {
    form: { kind: 'variants', of: all.map(([type, fields]) => ({ type, fields: fieldsOf(fields) })) },
  };
}

function fieldsOf(fields: object): readonly Field[] {
  return Object.entries(fields as Readonly<Record<string, Schema<unknown>>>).map(([name, { form }]) => ({
    name,
    form,
  }));
}

/**
 * The value as what msgpack can say: numbers, booleans, null, buffers and lists of these. `long` gets long bytes, which go
 * without msgpack; their length stands for them.
 */
export function pack(form: Form, value: unknown, long: Uint8Array[]): unknown {
  switch (form.kind) {
    case 'int':
      mustBeWhole(value, form);
      return value;
    case 'word':
      return packWord(value as bigint);
    case 'id':
      return typeof value === 'bigint' ? packWord(value) : pack(count.form, value, long);
    case 'flag':
      invariant(typeof value === 'boolean', 'a flag in a message is a boolean');
      return value;
    // As bytes: msgpack-lite's own UTF-8 makes halves of characters out of bytes that are none.
    case 'text':
      return packBytes(Buffer.from(value as string), long);
    case 'bytes':
      return packBytes(value as Uint8Array, long);
    case 'choice':
      return placeOf(form, value);
    case 'nullable':
      return value === null ? null : pack(form.of, value, long);
    case 'list':
      return (value as readonly unknown[]).map((item) => pack(form.of, item, long));
    case 'struct':
      return form.fields.map(({ name, form }) => pack(form, (value as Fielded)[name], long));
    case 'records':
      return packRecords(form, value as readonly Fielded[], long);
    case 'variants': {
      const { type } = value as { readonly type: string };
      const place = form.of.findIndex((variant) => variant.type === type);
      invariant(place >= 0, 'a message has a schema');
      const { fields } = form.of[place]!;
      return [place, ...fields.map(({ name, form }) => pack(form, (value as Fielded)[name], long))];
    }
  }
}

type Fielded = Readonly<Record<string, unknown>>;

function packBytes(bytes: Uint8Array, long: Uint8Array[]): Buffer | number {
  if (bytes.length < LONG_BYTES) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  long.push(bytes);
  return bytes.length;
}

function packRecords(
  { fields, width }: Extract<Form, { kind: 'records' }>,
  rows: readonly Fielded[],
  long: Uint8Array[],
): Buffer | number {
  const packed = Buffer.allocUnsafe(rows.length * width);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.length);
  const contents: Uint8Array[] = [];
  let row = 0;
  for (const values of rows) {
    for (const { name, form, at } of fields) {
      const value = values[name];
      if (form.kind === 'int') {
        mustBeWhole(value, form);
        view.setFloat64(row + at, value);
      } else if (form.kind === 'choice') packed[row + at] = placeOf(form, value);
      else {
        const content = value as Uint8Array;
        view.setUint32(row + at, content.length);
        if (content.length > 0) contents.push(content);
      }
    }
    row += width;
  }
  const bytes = packBytes(packed, long);
  for (const content of contents) long.push(content);
  return bytes;
}

function placeOf({ of }: Extract<Form, { kind: 'choice' }>, value: unknown): number {
  const place = of.indexOf(value as string | number);
  invariant(place >= 0, 'a choice in a message is one of its schema');
  return place;
}

function mustBeWhole(
  value: unknown,
  { least, most }: Extract<Form, { kind: 'int' }>,
): asserts value is number {
  invariant(isWhole(value, least, most), 'a number in a message is whole and within bounds');
}

/** Thrown by `unpack`: the value has another shape. */
export class Misshapen {
  /** What was expected. */
  readonly expected: Form['kind'];

  constructor(expected: Form['kind']) {
    this.expected = expected;
  }
}

/**
 * The reverse of `pack`. Throws `Misshapen`, or `CutShort`; whatever msgpack said, it gives only values that the form describes. `long`:
 * where the long bytes are that `pack` has left out.
 */
export function unpack(form: Form, packed: unknown, long: LongBytes): unknown {
  switch (form.kind) {
    case 'int':
      mustBe(form, isWhole(packed, form.least, form.most));
      return packed;
    case 'word':
      return unpackWord(form, packed);
    case 'id':
      return typeof packed === 'number' ? unpack(count.form, packed, long) : unpackWord(form, packed);
    case 'flag':
      mustBe(form, typeof packed === 'boolean');
      return packed;
    case 'text':
      return unpackText(form, unpackBytes(form, packed, long));
    case 'bytes':
      return unpackBytes(form, packed, long);
    case 'choice': {
      mustBe(form, isWhole(packed, 0, form.of.length - 1));
      return form.of[packed as number];
    }
    case 'nullable':
      return packed === null ? null : unpack(form.of, packed, long);
    case 'list':
      mustBe(form, Array.isArray(packed));
      return (packed as readonly unknown[]).map((item) => unpack(form.of, item, long));
    case 'struct':
      return unpackFields({}, form, form.fields, packed, 0, long);
    case 'records':
      return unpackRecords(form, packed, long);
    case 'variants': {
      mustBe(form, Array.isArray(packed));
      const [place] = packed as readonly unknown[];
      mustBe(form, isWhole(place, 0, form.of.length - 1));
      const { type, fields } = form.of[place as number]!;
      return unpackFields({ type }, form, fields, packed, 1, long);
    }
  }
}

function unpackFields(
  into: Record<string, unknown>,
  form: Form,
  fields: readonly Field[],
  packed: unknown,
  from: number,
  long: LongBytes,
): Record<string, unknown> {
  mustBe(form, Array.isArray(packed) && packed.length === from + fields.length);
  fields.forEach(({ name, form }, i) => {
    into[name] = unpack(form, (packed as readonly unknown[])[from + i], long);
  });
  return into;
}

function unpackRecords(
  form: Extract<Form, { kind: 'records' }>,
  packed: unknown,
  long: LongBytes,
): readonly Fielded[] {
  const { fields, width } = form;
  const bytes = Buffer.isBuffer(packed) ? packed : takeLong(form, packed, long);
  mustBe(form, bytes.length % width === 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const rows: Fielded[] = [];
  for (let row = 0; row < bytes.length; row += width) {
    const values: Record<string, unknown> = {};
    for (const field of fields) values[field.name] = unpackField(field, view, row + field.at, long);
    rows.push(values);
  }
  return rows;
}

function unpackField({ form }: RecordField, view: DataView, at: number, long: LongBytes): unknown {
  if (form.kind === 'bytes') return long.take(view.getUint32(at));
  if (form.kind === 'choice') return unpack(form, view.getUint8(at), long);
  const value = view.getFloat64(at);
  mustBe(form, isWhole(value, form.least, form.most));
  return value;
}

function unpackBytes(form: Form, packed: unknown, long: LongBytes): Uint8Array {
  return Buffer.isBuffer(packed) ? new Uint8Array(packed) : takeLong(form, packed, long);
}

function takeLong(form: Form, length: unknown, long: LongBytes): Uint8Array {
  mustBe(form, isWhole(length, LONG_BYTES, Number.MAX_SAFE_INTEGER));
  return long.take(length);
}

function packWord(value: bigint): Buffer {
  invariant(BigInt.asUintN(64, value) === value, 'a word in a message has 64 bits');
  const packed = Buffer.alloc(8);
  packed.writeBigUInt64BE(value);
  return packed;
}

function unpackWord(form: Form, packed: unknown): bigint {
  mustBe(form, Buffer.isBuffer(packed) && packed.length === 8);
  return (packed as Buffer).readBigUInt64BE();
}

function unpackText(form: Form, bytes: Uint8Array): string {
  mustBe(form, isUtf8(bytes));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return (
    Number.isSafeInteger(value) &&
    !Object.is(value, -0) &&
    (value as number) >= least &&
    (value as number) <= most
  );
}

function mustBe(form: Form, condition: boolean): asserts condition {
  if (!condition) throw new Misshapen(form.kind);
}
