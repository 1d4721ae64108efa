import { none } from './faults';

/**
 * Readers give the address behind what they have read, or 0 when they cannot: either a fault was found, or what they read
 * goes on behind the end of the input. No address of the input is 0.
 */
export const unread: usize = 0;

let code: u32 = none;
let address: usize = 0;

export function stop(fault: u32, at: usize): usize {
  code = fault;
  address = at;
  return unread;
}

export function fault(): u32 {
  return code;
}

export function faultAt(): usize {
  return address;
}

export function clearFault(): void {
  code = none;
  address = 0;
}
