/** Arbitrary messages of every type, drawn by their definitions. */
import fc from 'fast-check';
import { builtIns, type BuiltInMessage, type MessageType } from '../../../core/messages.js';
import type { Definition, Message, Shape } from '../../../core/wire/record.js';
import { anyText } from '../../any-text.js';

const text = anyText(12);

/** Whatever a field of that shape may hold. */
export function arbitraryOf(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'uint': return fc.oneof(fc.nat(), fc.nat(200), fc.maxSafeNat());
    case 'index': return fc.oneof(fc.integer({ min: -1, max: 300 }), fc.nat());
    case 'flag': return fc.boolean();
    case 'id': return fc.stringMatching(/^[0-9a-f]{32}$/);
    case 'text': return text;
    case 'labels': return fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true });
    case 'values': return fc.option(fc.array(fc.double(), { maxLength: 4 }));
    case 'word': return fc.constantFrom(...shape.words);
    case 'nullable': return fc.option(arbitraryOf(shape.of));
    case 'list': return fc.array(arbitraryOf(shape.of), { maxLength: 4 });
    case 'record': {
      const fields = Object.entries(shape.fields);
      const model = fields.map(([name, field]) => [name, arbitraryOf(field.shape)] as const);
      // Of ordinary objects: what decoding makes.
      return fc.record(Object.fromEntries(model), { noNullPrototype: true });
    }
  }
}

/** Of `definition`; an envelope carries one of `payloads`. */
export function arbitraryMessageOf(
  { type, fields, isEnvelope }: Definition, payloads: readonly Definition[],
): fc.Arbitrary<Message> {
  const inner = isEnvelope ? fc.oneof(...payloads.map((one) => arbitraryMessageOf(one, []))) : null;
  return fc.tuple(arbitraryOf(fields.shape), inner ?? fc.constant(null)).map(([own, payload]) =>
    ({ type, ...(own as object), ...(payload === null ? {} : { payload }) }));
}

/** Of one that comes along; envelopes carry what they carry among managers. */
export function arbitraryMessage(type: MessageType): fc.Arbitrary<BuiltInMessage> {
  const definition: Definition = builtIns.find((one) => one.type === type)!;
  const carried = builtIns.filter(({ traits }: Definition) => traits.unnamedIn?.includes(type));
  return arbitraryMessageOf(definition, carried) as fc.Arbitrary<BuiltInMessage>;
}
