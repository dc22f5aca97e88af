// Numbers too small for a normal exponent count as zero: fading gradients would make products up to 20 times as slow.
import { encodeOnnx } from "../formats/onnx/encode.js";
import { emitModel, input, neg } from "../graph/index.js";
import { createSession } from "./onnx-runtime.js";

let done: Promise<void> | undefined;

/**
 * To be called before a thread starts others that compute. `set_denormal_as_zero` reaches the threads of a session's own
 * pool and the thread that opens the first session of the process, no other; but a new thread starts with the setting of
 * the one that starts it. So the first session is opened here. Workers that differed in it would also differ in bits.
 */
export function flushDenormals(): Promise<void> {
  done ??= openFirst();
  return done;
}

async function openFirst(): Promise<void> {
  const session = await createSession(encodeOnnx(emitModel({ y: neg(input("x", [1])) })), 1);
  await session.release();
}
