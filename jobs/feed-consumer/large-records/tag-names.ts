const [space, slash, greater] = [0x20, 0x2f, 0x3e];

interface Known {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** A prime, so that names which differ in a few letters seldom collide; small enough for exact products. */
const hashes = 1_000_003;

/** Reads the names of tags. Millions of elements have few of them, so they are remembered. */
export class TagNames {
  /** By a hash of their bytes; of two that collide, the latest. */
  readonly #known = new Map<number, Known>();

  /** The name in the tag whose `<` lies here. */
  at(bytes: Uint8Array, tag: number): string {
    const start = tag + 1;
    let end = start;
    let hash = 0;
    for (let byte = bytes[end] ?? 0; byte > space && byte !== slash && byte !== greater; byte = bytes[++end] ?? 0)
      hash = (hash * 31 + byte) % hashes;
    const known = this.#known.get(hash);
    if (known !== undefined && isAt(bytes, start, end, known.bytes)) return known.name;
    const own = Buffer.from(bytes.subarray(start, end));
    const name = own.toString();
    this.#known.set(hash, { bytes: own, name });
    return name;
  }
}

function isAt(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  if (end - start !== name.length) return false;
  for (let at = 0; at < name.length; at++) if (bytes[start + at] !== name[at]) return false;
  return true;
}
