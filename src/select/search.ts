// The search for the best model in a given time: candidates, cheapest first, each trained as long as it is worth it. Knows no task, no
// files and no way to train: it is handed one.
import { CancelledError } from "../base/errors.js";
import type { Clock } from "./clock.js";
import { halving } from "./halving.js";

export interface Candidate {
  name: string;
  /** Settings of one family: they are compared while they are trained, and what one takes tells what another will. */
  group: string;
  /** What a whole training takes beside that of others, roughly. */
  cost: number;
}

/** What a training tells while it runs, and hears. */
export interface Run {
  /** Comes when it is hopeless, has no time left, or the user stops it. */
  readonly signal: AbortSignal;
  /** Whether it came because nothing is wanted of this run. */
  readonly isUnwanted: boolean;
  /** A score on the validation rows. @param share of the training that is done @param score at best so far; more is better */
  reached(share: number, score: number): void;
  /** Time passes. @param after seconds that the run needs when its training is over */
  tick(after?: number): void;
  /** Steps were timed. @param seconds from now to the end of the run */
  forecast(seconds: number): void;
}

export interface SearchOptions<C extends Candidate, Trained> {
  /** In the order in which they are tried. */
  candidates: readonly C[];
  clock: Clock;
  /** The moment by which a run must be over. What comes after the runs is measured as they end, so it may change. */
  until(): number;
  /** Undefined where a signal left nothing to use. @throws CancelledError for the same */
  train(candidate: C, run: Run): Promise<Trained | undefined>;
  /** Of the user: what is trained by then is kept. */
  signal?: AbortSignal;
}

export interface SearchOutcome<C extends Candidate, Trained> {
  trained: { candidate: C; seconds: number; result: Trained }[];
  /** Runs that were behind others of their group, at that share of their training. */
  stopped: { candidate: C; seconds: number; share: number; score: number }[];
  /** Those that could not be over in time, and what they would have taken where that is known. */
  notBegun: { candidate: C; seconds?: number }[];
}

/**
 * Trains the first candidate whatever the time, since there must be a model. Others are begun if they can be over in time, by what
 * their group took so far and by their own first steps; the time that is over ends a run with what it has by then.
 *
 * @throws CancelledError after a signal, where nothing is trained yet; what `train` throws
 * @example
 * const { trained } = await search({ candidates, clock: wallClock, until: () => 60, train });
 */
export async function search<C extends Candidate, Trained>(
  options: SearchOptions<C, Trained>,
): Promise<SearchOutcome<C, Trained>> {
  const { clock, until, train, signal } = options;
  const { goesOn } = halving();
  const outcome: SearchOutcome<C, Trained> = { trained: [], stopped: [], notBegun: [] };
  /** Seconds for a cost of 1. */
  const pace = new Map<string, number>();
  for (const candidate of options.candidates) {
    const { group, cost } = candidate;
    const mustRun = outcome.trained.length === 0;
    if (signal?.aborted && !mustRun) break;
    const begun = clock.now();
    const known = pace.get(group);
    const expected = known === undefined ? undefined : known * cost;
    if (!mustRun && begun + (expected ?? 0) >= until()) {
      outcome.notBegun.push({ candidate, seconds: expected });
      continue;
    }
    const own = new AbortController();
    let [share, isLate] = [0, false];
    let hopeless: { share: number; score: number } | undefined;
    let needs: number | undefined;
    const run: Run = {
      signal: signal ? AbortSignal.any([own.signal, signal]) : own.signal,
      get isUnwanted() {
        return hopeless !== undefined || needs !== undefined;
      },
      reached(reachedShare, score) {
        if (!goesOn(group, share, reachedShare, score)) {
          hopeless ??= { share: reachedShare, score };
          own.abort();
        }
        share = reachedShare;
      },
      tick(after = 0) {
        isLate ||= clock.now() + after > until();
        if (isLate && !mustRun) own.abort();
      },
      forecast(seconds) {
        if (mustRun || share > 0 || clock.now() + seconds <= until()) return;
        needs = clock.now() - begun + seconds;
        own.abort();
      },
    };
    const result = await train(candidate, run).catch((error: unknown) => {
      if (error instanceof CancelledError && (own.signal.aborted || !mustRun)) return undefined;
      throw error;
    });
    const seconds = clock.now() - begun;
    if (hopeless) outcome.stopped.push({ candidate, seconds, ...hopeless });
    else if (result !== undefined) outcome.trained.push({ candidate, seconds, result });
    else if (!signal?.aborted) outcome.notBegun.push({ candidate, seconds: needs });
    if (needs !== undefined) pace.set(group, needs / cost);
    else if (result !== undefined && !isLate) pace.set(group, seconds / cost);
  }
  return outcome;
}
