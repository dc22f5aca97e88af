// Requests to a server of models: redirects, the user's token, and tries after faults that pass.
import { setTimeout as wait } from "node:timers/promises";
import { CancelledError, UserError } from "../base/errors.js";
import { packageVersion } from "../base/package-version.js";
import type { WorkflowWatch } from "../base/watch.js";
import { accessToken, hubEndpoint, networkPatience } from "./environment.js";
import { PassingFault, passingFault, proxyHint, refusal } from "./faults.js";

export interface Connection {
  /** Address of the server, without a slash at its end. */
  endpoint: string;
  token?: string;
  watch: WorkflowWatch;
  /** Seconds without a byte after which a request is given up and tried again. */
  patience: number;
  /** Seconds before the second try; doubled before each further one. */
  pause: number;
}

/** @throws UserError where HF_ENDPOINT or the token cannot be used */
export function connect(watch: WorkflowWatch, pause = 0.5): Connection {
  const endpoint = hubEndpoint();
  if (!/^https?:$/.test(addressOf(endpoint)?.protocol ?? ""))
    throw new UserError(
      `HF_ENDPOINT is '${endpoint}', not an address. Write it as in https://huggingface.co, or unset it.`,
    );
  const token = accessToken();
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token))
    throw new UserError(
      "The access token (HF_TOKEN, or the file of `hf auth login`) has characters that no token has. Copy it again.",
    );
  return { endpoint, token, watch, patience: networkPatience(), pause };
}

export interface Answer {
  response: Response;
  /** Of the first answer of the server itself, before it redirects to where large files are kept. */
  headers: Headers;
  /** The body in pieces; a pause in it is a fault. */
  pieces(): AsyncGenerator<Uint8Array>;
}

const mostRedirects = 10;
/** Tries in a row without a new byte. */
const mostTries = 5;
/** Seconds that a server may make us wait. */
const longestWait = 300;

/**
 * Does `work` with the answer to a request, again where the network or the server fails in passing; `work` may go on where it was.
 *
 * @param headers asked before each try
 * @param reached grows with the bytes that `work` got: as long as it does, tries do not end
 * @throws UserError that says what the server refuses, or that it did not answer; CancelledError after an abort
 */
export async function ask<T>(
  connection: Connection,
  path: string,
  work: (answer: Answer) => Promise<T>,
  { method = "GET", headers = () => ({}), reached = () => 0 }: AskOptions = {},
): Promise<T> {
  const { watch, pause, endpoint } = connection;
  for (let tries = 1, before = reached(); ; tries++) {
    try {
      return await request(connection, path, method, headers(), work);
    } catch (error) {
      if (watch.signal?.aborted) throw new CancelledError("Stopped.", { cause: error });
      const fault = passingFault(error, endpoint);
      if (!fault) throw error;
      if (reached() > before) [tries, before] = [1, reached()];
      const seconds = fault.after ?? pause * 2 ** (tries - 1);
      if (tries === mostTries || seconds > longestWait)
        throw new UserError(
          `${fault.message}${proxyHint()}. What was downloaded is kept: run the same command again later.`,
          { cause: error },
        );
      watch.onMessage?.(`${fault.message}; trying again in ${Math.ceil(seconds)} s (${tries} of ${mostTries - 1}).`);
      await wait(1000 * seconds, undefined, { signal: watch.signal }).catch(() => {
        throw new CancelledError("Stopped.");
      });
    }
  }
}

export interface AskOptions {
  method?: "GET" | "HEAD";
  headers?: () => Record<string, string>;
  reached?: () => number;
}

async function request<T>(
  { endpoint, token, watch, patience }: Connection,
  path: string,
  method: string,
  headers: Record<string, string>,
  work: (answer: Answer) => Promise<T>,
): Promise<T> {
  const clock = stallClock(1000 * patience, watch.signal);
  let response: Response | undefined;
  try {
    const home = new URL(endpoint).origin;
    let url = new URL(endpoint + path);
    let first: Headers | undefined;
    for (let redirects = 0; ; redirects++) {
      const isHome = url.origin === home;
      // Sizes and hashes are the file's own only where nothing is compressed on its way.
      const own = { "accept-encoding": "identity", "user-agent": `columnist/${packageVersion()}`, ...headers };
      const secret: Record<string, string> = token !== undefined && isHome ? { authorization: `Bearer ${token}` } : {};
      response = await fetch(url, { method, headers: { ...own, ...secret }, redirect: "manual", signal: clock.signal });
      if (isHome) first ??= isLinked(response) || !isRedirect(response) ? response.headers : undefined;
      const target = isRedirect(response) ? addressOf(response.headers.get("location") ?? "", url) : undefined;
      // Asked for what a file is, the server tells it before it leads elsewhere.
      if (!target || (method === "HEAD" && target.origin !== home)) break;
      await response.body?.cancel();
      if (redirects === mostRedirects) throw new UserError(`${endpoint} redirects in a circle. Check HF_ENDPOINT.`);
      if (!/^https?:$/.test(target.protocol) || (url.protocol === "https:" && target.protocol === "http:"))
        throw new UserError(`${endpoint} redirects to ${target.origin}, which is not encrypted. Check HF_ENDPOINT.`);
      url = target;
    }
    if (!response.ok && !isRedirect(response)) throw await refusal(response, endpoint, path, token !== undefined);
    const answered = response;
    return await work({
      response: answered,
      headers: first ?? answered.headers,
      async *pieces() {
        for await (const piece of answered.body ?? []) {
          clock.touch();
          yield piece as Uint8Array;
        }
      },
    });
  } finally {
    clock.stop();
    if (response && !response.bodyUsed) await response.body?.cancel().catch(() => {});
  }
}

function addressOf(text: string, base?: URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}

const isRedirect = ({ status, headers }: Response) =>
  [301, 302, 303, 307, 308].includes(status) && headers.has("location");
const isLinked = ({ headers }: Response) => headers.has("x-linked-etag");

/** Ends a request where nothing arrives for so many ms, or when the user stops. */
function stallClock(ms: number, stopped?: AbortSignal) {
  const controller = new AbortController();
  const stop = () => controller.abort(stopped?.reason);
  stopped?.addEventListener("abort", stop, { once: true });
  if (stopped?.aborted) stop();
  const begin = () => setTimeout(() => controller.abort(new PassingFault(`nothing arrived for ${ms / 1000} s`)), ms);
  let timer = begin();
  return {
    signal: controller.signal,
    touch() {
      clearTimeout(timer);
      timer = begin();
    },
    stop() {
      clearTimeout(timer);
      stopped?.removeEventListener("abort", stop);
    },
  };
}
