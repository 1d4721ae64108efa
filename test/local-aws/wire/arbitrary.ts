import fc from 'fast-check';
import type { Shape, StructShape } from '../../../scripts/local-aws/wire/shape.ts';

/**
 * Members that SDK clients set, check or transform themselves, so that what goes in is not what travels: checksums,
 * lengths, digests of messages, customer keys; and EventBridge's choice of another endpoint.
 */
const clientsOwn =
  /^(Checksum.*|Content(Length|MD5|Encoding)|Expires|MD5Of.*|(CopySource)?SSECustomerKey(MD5)?|EndpointId)$/;

/** Begins and ends visibly: headers and XML text do not keep white space at their ends. */
const textOf = (alphabet: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...'aZ0'),
      fc.array(fc.constantFrom(...alphabet), { maxLength: 6 }),
      fc.constantFrom(...'bY9'),
    )
    .map(([first, inner, last]) => first + inner.join('') + last);

const anyText = textOf('a &<>"\'\\/%+=,;:#?\t\n{}[]é漢😀');
const headerText = textOf('a "\\,;:=/+');
const labelText = textOf('a &<>"\'\\/%+=,;:#?{}é漢😀');

/** Random values of a shape; below `depth` 0 only required members remain, since models are recursive. */
export function arbitraryOf(shape: Shape, depth = 4): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'string':
      return textFor(shape);
    case 'number':
      return shape.traits.httpResponseCode ? fc.constant(200) : fc.nat(1000);
    case 'boolean':
      return fc.boolean();
    case 'timestamp':
      return fc.nat(2_000_000_000).map((seconds) => new Date(seconds * 1000));
    case 'blob':
      return fc.uint8Array({ minLength: 1, maxLength: 40 });
    case 'document':
      return fc.jsonValue();
    case 'list':
      return fc.array(arbitraryOf(shape.item, depth - 1), { minLength: 1, maxLength: 2 });
    case 'map':
      return fc.dictionary(textFor(shape.key), arbitraryOf(shape.value, depth - 1), {
        minKeys: 1,
        maxKeys: 2,
        noNullPrototype: true,
      });
    case 'struct':
      return structOf(shape, depth);
    default:
      return shape satisfies never;
  }
}

function textFor(shape: Shape): fc.Arbitrary<string> {
  if (shape.memberName === 'Bucket') return fc.stringMatching(/^[a-z]{3,12}$/);
  if (shape.traits.httpLabel) return labelText;
  return shape.traits.httpHeader === undefined ? anyText : headerText;
}

function structOf(shape: StructShape, depth: number): fc.Arbitrary<object> {
  const members = [...shape.members].filter(([name, member]) => member.required || !clientsOwn.test(name));
  if (shape.union)
    return fc.oneof(
      ...members.map(([name, member]) =>
        fc.record({ [name]: arbitraryOf(member, depth - 1) }, { noNullPrototype: true }),
      ),
    );
  const wanted = members.filter(([, member]) => member.required || depth > 0);
  const model = Object.fromEntries(wanted.map(([name, member]) => [name, memberOf(member, depth - 1)]));
  const needed = wanted.filter(([, { required, traits }]) => required || traits.httpPayload || traits.httpResponseCode);
  // A form cannot tell an empty structure from none, so none is empty.
  const requiredKeys = (needed.length > 0 ? needed : wanted.slice(0, 1)).map(([name]) => name);
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}

function memberOf(member: Shape, depth: number): fc.Arbitrary<unknown> {
  if (member.traits.httpPrefixHeaders !== undefined)
    return fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), headerText, {
      minKeys: 1,
      maxKeys: 2,
      noNullPrototype: true,
    });
  if (member.kind === 'list' && member.item.kind === 'string' && member.traits.httpHeader !== undefined)
    return fc.array(headerText, { minLength: 1, maxLength: 2 });
  return arbitraryOf(member, depth);
}
