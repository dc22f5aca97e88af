// When checkpoints are written: often enough to lose little, seldom enough to cost little.
import type { WorkflowWatch } from "../../base/watch.js";

/** Share of the time that checkpoints may take. */
const checkpointShare = 0.02;

/**
 * When checkpoints are written: the first after the first step, so that a run which is stopped again and again gets on;
 * the others as often as their share of the time allows. The first must succeed, as nothing is lost yet; of later ones a
 * failure is told, for the disk may have room again by the end.
 */
export function checkpointPace(write: () => void, trainer: { readonly done: number }, { onMessage }: WorkflowWatch) {
  let isFirst = true;
  let [last, pause, step] = [0, 0, trainer.done];
  const now = () => {
    const started = performance.now();
    write();
    [last, step, isFirst] = [performance.now(), trainer.done, false];
    pause = ((last - started) * (1 - checkpointShare)) / checkpointShare;
  };
  const orTell = () => {
    try {
      now();
    } catch (error) {
      if (isFirst || (error as NodeJS.ErrnoException).code === undefined) throw error;
      last = performance.now();
      onMessage?.(`The checkpoint of step ${trainer.done} was not written (${(error as Error).message}).`);
    }
  };
  return {
    now,
    whenDue() {
      if (isFirst || performance.now() - last > pause) orTell();
    },
    atTheEnd() {
      if (trainer.done > step) orTell();
    },
  };
}
