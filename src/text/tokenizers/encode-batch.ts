// The ids of several texts in one array.
import type { EncodedBatch } from "./encode-batches.js";
import { createIdList, reserve, take } from "./id-list.js";
import type { Tokenizer } from "./tokenizer.js";

export function encodeBatch(tokenizer: Tokenizer, texts: readonly string[], offsets: boolean): EncodedBatch {
  const textsAt = new Int32Array(texts.length + 1);
  const lists = [createIdList(), createIdList(), createIdList()];
  let isPlaced = offsets;
  for (const [i, text] of texts.entries()) {
    const { ids, starts, ends } = offsets
      ? tokenizer.encodeWithOffsets(text)
      : { ids: tokenizer.encode(text), starts: undefined, ends: undefined };
    if (!starts || !ends) isPlaced = false;
    for (const [k, values] of (starts && ends ? [ids, starts, ends] : [ids]).entries()) {
      reserve(lists[k], values.length);
      lists[k].values.set(values, lists[k].length);
      lists[k].length += values.length;
    }
    textsAt[i + 1] = lists[0].length;
  }
  const [ids, starts, ends] = lists.map(take);
  return isPlaced ? { ids, textsAt, starts, ends } : { ids, textsAt };
}
