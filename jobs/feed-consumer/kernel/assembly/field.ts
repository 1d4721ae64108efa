/** A field with the test of its values. 32 bytes. */
@unmanaged
export class Field {
  /** CHILD or ATTRIBUTE. */
  kind: u32;
  nameLength: u32;
  nameHash: u32;
  test: u32;
  /** Bytes of text that it surely may have. */
  mostBytes: u32;
  /** What a field of type enum may be: each value behind its length. */
  values: u32;
  valuesEnd: u32;
}
