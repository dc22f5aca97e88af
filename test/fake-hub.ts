// A server that answers as the Hugging Face Hub does, with a second one for large files: lists with sizes and hashes, redirects,
// ETags, ranges, refusals with their codes. Knows nothing of the code that asks it.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface ServedModel {
  files: Record<string, Uint8Array | string>;
  /** Names of revisions by the commit that `main` and they stand for. */
  refs?: Record<string, string>;
  commit?: string;
  /** As with gated repositories: a token is asked for. */
  needsToken?: string;
  isGated?: boolean;
}

export interface AskedRequest {
  server: "hub" | "files";
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
}

export interface FakeHub {
  endpoint: string;
  requests: AskedRequest[];
  models: Record<string, ServedModel>;
  /** Answers in place of the server where it returns true. */
  intercept?: (request: AskedRequest, response: ServerResponse) => boolean | undefined;
  close(): Promise<void>;
}

export const isLarge = (path: string) => /\.(safetensors|gguf|onnx|bin|onnx_data)$/.test(path);
const bytesOf = (content: Uint8Array | string) => Buffer.from(content as Uint8Array);
export const sha256 = (content: Uint8Array | string) => createHash("sha256").update(content).digest("hex");
export const gitHash = (content: Uint8Array | string) =>
  createHash("sha1")
    .update(`blob ${bytesOf(content).length}\0`)
    .update(content)
    .digest("hex");

/** The commit of a model that names none. */
export const firstCommit = "c0ffee".padEnd(40, "0");

/**
 * @example
 * const hub = await startHub({ "org/name": { files: { "config.json": "{}" } } });
 * process.env.HF_ENDPOINT = hub.endpoint;
 */
export async function startHub(models: Record<string, ServedModel>): Promise<FakeHub> {
  const servers: Server[] = [];
  const listen = async (server: FakeHub["requests"][number]["server"], answer: Answer) => {
    const http = createServer((request, response) => {
      const asked = { server, method: request.method!, url: request.url!, headers: request.headers };
      hub.requests.push(asked);
      if (hub.intercept?.(asked, response) !== true) answer(asked, response);
    });
    servers.push(http);
    await new Promise<void>((done) => http.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  };
  const hub: FakeHub = {
    endpoint: "",
    requests: [],
    models,
    async close() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
    },
  };
  const files = await listen("files", (asked, response) => {
    const hash = asked.url.split("/").at(-1);
    const all = Object.values(hub.models).flatMap((model) => Object.values(model.files));
    const content = all.find((one) => sha256(one) === hash);
    if (content === undefined) refuse(response, 404);
    else sendPart(asked, response, bytesOf(content), {});
  });
  hub.endpoint = await listen("hub", (asked, response) => answerAsHub(hub, files, asked, response));
  return hub;
}

type Answer = (request: AskedRequest, response: ServerResponse) => void;

function answerAsHub(hub: FakeHub, files: string, asked: AskedRequest, response: ServerResponse): void {
  const url = new URL(asked.url, hub.endpoint);
  const list = /^\/api\/models\/(.+)\/(?:revision|tree)\/([^/]+)$/.exec(url.pathname);
  const file = /^(?:\/api\/resolve-cache\/models)?\/(.+?)\/(?:resolve\/)?([0-9a-f]{40}|main)\/(.+)$/.exec(url.pathname);
  const [, id, revision] = list ?? file ?? [];
  const model = id === undefined ? undefined : hub.models[id];
  const refusal = refusalOf(model, asked.headers.authorization?.replace("Bearer ", ""));
  const commit = model?.commit ?? firstCommit;
  const names: Record<string, string> = { main: commit, [commit]: commit, ...model?.refs };
  const found = names[decodeURIComponent(revision ?? "")];
  if (refusal) refuse(response, ...refusal);
  else if (found === undefined) refuse(response, 404, "RevisionNotFound");
  else if (list?.[0].includes("/tree/")) sendJson(response, treeOf(model!));
  else if (list) sendJson(response, repositoryOf(id, found, model!, url.searchParams.has("blobs")));
  else {
    const path = decodeURIComponent(file![3]);
    const content = model!.files[path];
    const facts = { "x-repo-commit": found };
    if (content === undefined) refuse(response, 404, "EntryNotFound");
    else if (isLarge(path)) {
      const linked = { "x-linked-size": bytesOf(content).length, "x-linked-etag": `"${sha256(content)}"` };
      response.writeHead(302, { ...facts, ...linked, location: `${files}/${sha256(content)}` }).end();
    } else if (!url.pathname.startsWith("/api/resolve-cache/")) {
      response.writeHead(307, { ...facts, location: `/api/resolve-cache/models/${id}/${found}/${file![3]}` }).end();
    } else sendPart(asked, response, bytesOf(content), { ...facts, etag: `"${gitHash(content)}"` });
  }
}

function refusalOf(model: ServedModel | undefined, token?: string): [number, string?, string?] | undefined {
  if (!model) return [401, "RepoNotFound"];
  if (model.needsToken === undefined || model.needsToken === token) return undefined;
  if (token !== undefined) return [401, undefined, "Invalid credentials in Authorization header"];
  return [401, model.isGated ? "GatedRepo" : "RepoNotFound"];
}

function repositoryOf(id: string, commit: string, { files }: ServedModel, hasBlobs: boolean): object {
  const siblings = Object.entries(files).map(([rfilename, content]) => {
    const size = bytesOf(content).length;
    const lfs = isLarge(rfilename) ? { lfs: { sha256: sha256(content), size, pointerSize: 134 } } : {};
    return { rfilename, ...(hasBlobs && { size, blobId: gitHash(content), ...lfs }) };
  });
  return { _id: "1", id, modelId: id, sha: commit, private: false, tags: [], siblings };
}

/** As Python's client asks for it. */
function treeOf({ files }: ServedModel): object[] {
  return Object.entries(files).map(([path, content]) => {
    const size = bytesOf(content).length;
    const lfs = isLarge(path) ? { lfs: { oid: sha256(content), size, pointerSize: 134 } } : {};
    return { type: "file", path, oid: gitHash(content), size, ...lfs };
  });
}

function sendPart({ method, headers }: AskedRequest, response: ServerResponse, content: Buffer, facts: object): void {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
  if (from > 0 && from >= content.length) {
    refuse(response, 416);
    return;
  }
  const part = content.subarray(from);
  const range = from > 0 ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(from > 0 ? 206 : 200, { ...facts, ...range, "content-length": part.length });
  response.end(method === "HEAD" ? undefined : part);
}

export function sendJson(response: ServerResponse, json: unknown): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(json));
}

export function refuse(response: ServerResponse, status: number, code?: string, message?: string): void {
  response
    .writeHead(status, {
      ...(code !== undefined && { "x-error-code": code }),
      ...(message !== undefined && { "x-error-message": message }),
    })
    .end();
}
