// A vocabulary's byte strings as a tree in flat arrays, for walking an automaton over all tokens at once.

export interface TokenTrie {
  /** Nodes in depth-first order; the root is left out. */
  bytes: Uint8Array;
  /** 1 for the first byte of a token. */
  depths: Int32Array;
  /** The first node that is not below this one. */
  skips: Int32Array;
  /** The tokens that end at node i are tokens[starts[i]] … tokens[starts[i + 1] − 1]. */
  starts: Int32Array;
  tokens: Int32Array;
  deepest: number;
  /** By byte: the first node of depth 1 that has it or a larger one. */
  roots: Int32Array;
}

/** @param bytesOf what an id adds to a text; ids that add nothing are left out */
export function tokenTrie(vocabSize: number, bytesOf: (id: number) => Uint8Array): TokenTrie {
  const all = Array.from({ length: vocabSize }, (_, id) => ({ id, bytes: bytesOf(id) }))
    .filter(({ bytes }) => bytes.length > 0)
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes) || a.id - b.id);
  const bytes: number[] = [];
  const depths: number[] = [];
  const starts: number[] = [];
  const tokens: number[] = [];
  let before: Uint8Array = new Uint8Array();
  for (const { id, bytes: spelled } of all) {
    let shared = 0;
    while (shared < before.length && before[shared] === spelled[shared]) shared++;
    for (let i = shared; i < spelled.length; i++) {
      bytes.push(spelled[i]);
      depths.push(i + 1);
      starts.push(tokens.length);
    }
    tokens.push(id);
    before = spelled;
  }
  starts.push(tokens.length);
  const roots = new Int32Array(256).fill(-1);
  for (let node = bytes.length - 1; node >= 0; node--) if (depths[node] === 1) roots[bytes[node]] = node;
  for (let byte = 255, after = bytes.length; byte >= 0; byte--) {
    if (roots[byte] < 0) roots[byte] = after;
    after = roots[byte];
  }
  return {
    roots,
    bytes: Uint8Array.from(bytes),
    depths: Int32Array.from(depths),
    skips: skipsOf(depths),
    starts: Int32Array.from(starts),
    tokens: Int32Array.from(tokens),
    deepest: depths.reduce((deepest, depth) => Math.max(deepest, depth), 0),
  };
}

function skipsOf(depths: readonly number[]): Int32Array {
  const skips = new Int32Array(depths.length).fill(depths.length);
  const open: number[] = [];
  for (const [node, depth] of depths.entries()) {
    while (open.length >= depth) skips[open.pop()!] = node;
    open.push(node);
  }
  return skips;
}
