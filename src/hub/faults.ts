// What can go wrong between us and a server of models: what passes and is tried again, and what a user can do about the rest.
import { UserError } from "../base/errors.js";

/** A fault that may pass: the request is tried again. */
export class PassingFault extends Error {
  constructor(
    message: string,
    /** Seconds, where the server says how long to wait. */
    readonly after?: number,
  ) {
    super(message);
  }
}

/** What a user can do about an answer that is none. https://huggingface.co/docs/hub/api; its codes: X-Error-Code */
export async function refusal(response: Response, endpoint: string, path: string, hasToken: boolean): Promise<Error> {
  const { status, headers } = response;
  const id = /^\/(?:api\/models\/)?(.+?)\/(?:revision|resolve)\//.exec(path)?.[1] ?? path;
  const [code, told] = [headers.get("x-error-code"), headers.get("x-error-message") ?? ""];
  const login = hasToken
    ? "Your token may lack the right to read it."
    : "For a private model set HF_TOKEN, or log in with: hf auth login";
  await response.body?.cancel();
  if (code === "GatedRepo")
    return new UserError(
      `'${id}' asks for its conditions to be accepted (${status}). Accept them at ${endpoint}/${id}, then ` +
        `${hasToken ? "check that your token has the right to read gated models" : "set HF_TOKEN, or log in with: hf auth login"}.`,
    );
  if (code === "RevisionNotFound")
    return new UserError(
      `'${id}' has no such revision (${status}). Its branches, tags and commits: ${endpoint}/${id}/commits/main`,
    );
  if (code === "EntryNotFound") return new UserError(`${endpoint} does not have this file (${status}): ${path}`);
  if (status === 401 && hasToken && /credentials/i.test(told))
    return new UserError(
      "The access token (HF_TOKEN, or the file of `hf auth login`) is not valid (401). Copy it again, or unset it.",
    );
  if ([401, 403, 404, 410].includes(status))
    return new UserError(
      `${endpoint} has no model '${id}', or none that you may read (${status}). Check both parts of the id ` +
        `(${endpoint}/models?search=${encodeURIComponent(id.split("/").at(-1) ?? "")}). ${login}`,
    );
  if (status === 429) return new PassingFault(`${endpoint} asks for fewer requests (429)`, retryAfter(headers));
  if (status === 408 || status >= 500) return new PassingFault(`${endpoint} answered ${status}`, retryAfter(headers));
  return new UserError(`${endpoint} refused ${path} (${status}). Check the id, and HF_ENDPOINT if it is set.`);
}

/** Seconds: a number, a date, or the rest of a window in the draft RateLimit header (`"api";r=0;t=55`). */
function retryAfter(headers: Headers): number | undefined {
  const told = headers.get("retry-after");
  const seconds =
    told === null ? Number.NaN : /^\d+$/.test(told.trim()) ? Number(told) : (Date.parse(told) - Date.now()) / 1000;
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const window = /r=0\s*;\s*t=(\d+)/.exec(headers.get("ratelimit") ?? "")?.[1];
  return window === undefined ? undefined : Number(window);
}

const refusedCertificates = /CERT|SELF_SIGNED|UNABLE_TO_/;

/** Undefined where trying again cannot help. */
export function passingFault(error: unknown, endpoint: string): PassingFault | undefined {
  if (error instanceof PassingFault) return error;
  if (!(error instanceof Error) || error instanceof UserError) return undefined;
  const causes = [error, error.cause].filter((one) => one instanceof Error) as NodeJS.ErrnoException[];
  const inner = causes.find((one) => one instanceof PassingFault);
  if (inner) return inner as PassingFault;
  const codes = causes.map(({ code }) => code).filter((code) => typeof code === "string");
  if (codes.some((code) => refusedCertificates.test(code)))
    throw new UserError(
      `The certificate of ${endpoint} is not trusted (${codes.join(", ")}). Behind a company's proxy, name its certificate ` +
        "in NODE_EXTRA_CA_CERTS.",
      { cause: error },
    );
  const reason = codes.at(-1) ?? causes.at(-1)?.message ?? error.message;
  if (codes.some((code) => /^(E(CONN|NOTFOUND|AI_AGAIN|PIPE|HOST|NET|TIMEDOUT)|UND_ERR)/.test(code)))
    return new PassingFault(`The connection to ${endpoint} failed (${reason})`);
  if (error instanceof TypeError && error.message === "fetch failed")
    throw new UserError(`${endpoint} cannot be asked (${reason}). Check HF_ENDPOINT.`, { cause: error });
  return undefined;
}

/** Node itself asks a proxy only when told to. */
export function proxyHint(): string {
  const named = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"].find((name) => process.env[name]);
  return named === undefined || process.env.NODE_USE_ENV_PROXY
    ? ""
    : ` (${named} is set: Node 24 and later use it with NODE_USE_ENV_PROXY=1)`;
}

/** A fault in the middle of a body that the size tells. */
export const brokenOff = (endpoint: string) => new PassingFault(`The connection to ${endpoint} broke off`);
