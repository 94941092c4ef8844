/** Messages drawn from their own schemas, with the values at which codecs go wrong. */

import fc, { type Arbitrary } from 'fast-check';
import { toNode } from '../../src/actors/node/wire/control.ts';
import { MESSAGES } from '../../src/actors/node/wire/messages.ts';
import type { Field, Form, RecordField } from '../../src/actors/node/wire/schema.ts';
import { encodeLetter, type Letter, messageOf } from '../../src/actors/node/wire/wire.ts';
import type { ActorKind, MessageTo } from '../../src/actors/protocol.ts';

export const ACTOR_KINDS = Object.keys(MESSAGES) as ActorKind[];

export function messageTo<K extends ActorKind>(kind: K): Arbitrary<MessageTo[K]> {
  return drawn(MESSAGES[kind].form) as Arbitrary<MessageTo[K]>;
}

export const anyMessage: Arbitrary<{ [K in ActorKind]: { kind: K; message: MessageTo[K] } }[ActorKind]> = fc
  .constantFrom(...ACTOR_KINDS)
  .chain((kind) => messageTo(kind).map((message) => ({ kind, message }) as never));

const word = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 255n, 256n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n),
);

/** A message and whom it is for. */
export const anyLetter: Arbitrary<Letter> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .tuple(anyMessage, fc.nat(), drawn({ kind: 'id' }))
      .map(([{ kind, message }, run, id]) => ({ kind, run, id, message }) as Letter),
  },
  drawn(toNode.form).map((message) => ({ kind: 'node', run: 0, id: 0, message }) as Letter),
);

/** Letters as they stand in a frame. */
export function frameOf(letters: readonly Letter[]): Buffer {
  return Buffer.concat(messageOf(letters.map(encodeLetter)).pieces);
}

function drawn(form: Form): Arbitrary<unknown> {
  switch (form.kind) {
    case 'int':
      return fc.oneof(
        fc.integer({ min: Math.max(form.least, -200), max: Math.min(form.most, 70_000) }),
        fc.constantFrom(2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 46 - 1, 2 ** 53 - 1, form.least),
      );
    case 'word':
      return word;
    case 'id':
      return fc.oneof(fc.nat(), word);
    case 'flag':
      return fc.boolean();
    case 'text':
      return fc.string({ unit: 'binary' });
    case 'bytes':
      return fc.oneof(
        { weight: 9, arbitrary: fc.uint8Array({ maxLength: 40 }) },
        fc.uint8Array({ minLength: 4096, maxLength: 4100 }),
      );
    case 'choice':
      return fc.constantFrom(...form.of);
    case 'nullable':
      return fc.option(drawn(form.of));
    case 'list':
      return fc.array(drawn(form.of), { maxLength: 5 });
    case 'struct':
      return structOf(form.fields);
    case 'records':
      return fc.oneof(
        { weight: 9, arbitrary: fc.array(structOf(form.fields), { maxLength: 5 }) },
        fc.array(structOf(form.fields), { minLength: 64, maxLength: 70, size: 'max' }),
      );
    case 'variants':
      return fc.oneof(
        ...form.of.map(({ type, fields }) => structOf(fields).map((value) => ({ type, ...value }))),
      );
  }
}

function structOf(fields: readonly (Field | RecordField)[]): Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(fields.map(({ name, form }) => [name, drawn(form)])), {
    noNullPrototype: true,
  });
}
