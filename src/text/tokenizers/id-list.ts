// A list of ids that grows: what encoding fills before it knows how many there will be.

export interface IdList {
  length: number;
  values: Int32Array;
}

export function createIdList(): IdList {
  return { length: 0, values: new Int32Array(1 << 10) };
}

/** Makes room for `more` values at the end. */
export function reserve(list: IdList, more: number): void {
  if (list.length + more <= list.values.length) return;
  const longer = new Int32Array(Math.max(2 * list.values.length, list.length + more));
  longer.set(list.values.subarray(0, list.length));
  list.values = longer;
}

export function append(list: IdList, value: number): void {
  if (list.length === list.values.length) reserve(list, 1);
  list.values[list.length++] = value;
}

/** A copy of what is there; the list is empty then and keeps its memory, unless that is large. */
export function take(list: IdList): Int32Array {
  const taken = list.values.slice(0, list.length);
  list.length = 0;
  if (list.values.length > largest) list.values = new Int32Array(1 << 10);
  return taken;
}

const largest = 1 << 22;
