/**
 * Finds the first child of a name among the children of an element. However many there are, it takes the same time, unless
 * their names were made to collide. One hash table serves the whole record. It is never cleared: a slot counts as taken only
 * while the element that it names belongs to the present record and names that slot, too.
 */
import { Element, elementAt, NONE } from './element';
import { slotAddress, slotCount } from './regions';
import { isSame } from './scan';

/** The first child with this child's name, or NONE; then the child itself is entered as the first. */
export function firstOfName(index: u32, count: u32, record: usize): u32 {
  const child = elementAt(index);
  const mask = slotCount() - 1;
  let slot = mixed(child.nameHash, child.parent) & mask;
  for (;;) {
    const found = load<u32>(slotAddress(slot));
    if (found >= count || elementAt(found).slot !== (slot as u32)) break;
    if (isSibling(elementAt(found), child, record)) return found;
    slot = (slot + 1) & mask;
  }
  store<u32>(slotAddress(slot), index);
  child.slot = slot as u32;
  return NONE;
}

/** Enters those that were entered before the table grew. */
export function reindex(count: u32): void {
  const mask = slotCount() - 1;
  for (let index: u32 = 0; index < count; index++) {
    const element = elementAt(index);
    if (element.slot === NONE) continue;
    let slot = mixed(element.nameHash, element.parent) & mask;
    // Elements behind this one still name slots of the old table.
    while (load<u32>(slotAddress(slot)) < index && elementAt(load<u32>(slotAddress(slot))).slot === (slot as u32))
      slot = (slot + 1) & mask;
    store<u32>(slotAddress(slot), index);
    element.slot = slot as u32;
  }
}

function isSibling(one: Element, other: Element, record: usize): bool {
  return (
    one.parent === other.parent &&
    one.nameHash === other.nameHash &&
    one.nameLength === other.nameLength &&
    isSame(record + one.name, record + other.name, one.nameLength)
  );
}

function mixed(nameHash: u32, parent: u32): usize {
  const product = (nameHash ^ (parent * 0x9e3779b1)) * 0x85ebca6b;
  return (product ^ (product >> 15)) as usize;
}
