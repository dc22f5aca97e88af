// Progress on stderr: one live bar on a terminal, otherwise one line for each stage and one now and then in long ones.
import type { Progress } from "../base/progress.js";
import { duration } from "./duration.js";
import { forPeople, visible } from "./terminal.js";

export interface ProgressPrinter {
  step(progress: Progress): void;
  message(text: string): void;
  /** May be called twice. */
  end(): void;
}

/** Stages are longer than this many ms before a bar is drawn for them. */
const patience = 150;
/** Without a terminal, a line at least every so many ms. */
const silence = 20_000;

export async function startProgress(stream: NodeJS.WriteStream = process.stderr): Promise<ProgressPrinter> {
  return stream.isTTY ? await liveBar(stream) : linePerStage(stream);
}

function linePerStage(stream: NodeJS.WriteStream): ProgressPrinter {
  let last = "";
  let since = 0;
  let spoken = 0;
  return {
    step({ stage, done, total, note }) {
      const now = performance.now();
      if (stage !== last) {
        stream.write(forPeople(`${stage} …\n`, stream));
        since = now;
      } else if (now - spoken > silence && done > 0) {
        const share = `${Math.floor((100 * done) / total)} %`;
        const parts = [`${stage} … ${share}`, timeLeft(now - since, done, total), note].filter(Boolean);
        stream.write(forPeople(`${parts.join(" · ")}\n`, stream));
      } else return;
      last = stage;
      spoken = now;
    },
    message: (text) => void stream.write(forPeople(`${text}\n`, stream)),
    end() {},
  };
}

async function liveBar(stream: NodeJS.WriteStream): Promise<ProgressPrinter> {
  const { default: cliProgress } = await import("cli-progress");
  let bar: InstanceType<typeof cliProgress.SingleBar> | undefined;
  let stage = "";
  let since = 0;
  const clear = () => {
    bar?.stop();
    bar = undefined;
  };
  const begin = (total: number, done: number) => {
    bar = new cliProgress.SingleBar({
      stream,
      format: "{stage} {bar} {percentage} % · {left}{note}",
      barsize: 18,
      barCompleteChar: "━",
      barIncompleteChar: "─",
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      linewrap: false,
      gracefulExit: false,
      fps: 8,
    });
    bar.start(total, done, { stage: visible(stage), left: "", note: "" });
  };
  return {
    step({ stage: next, done, total, note }) {
      if (next !== stage) {
        clear();
        stage = next;
        since = performance.now();
      }
      const elapsed = performance.now() - since;
      if (!bar && elapsed > patience && total > 1) begin(total, done);
      bar?.setTotal(total);
      const shown = { stage: visible(stage), note: note ? ` · ${visible(note)}` : "" };
      bar?.update(done, { ...shown, left: timeLeft(elapsed, done, total) });
    },
    message(text) {
      clear();
      stream.write(forPeople(`${text}\n`, stream));
    },
    end: clear,
  };
}

function timeLeft(elapsed: number, done: number, total: number): string {
  if (done === 0 || done >= total) return "";
  return `${duration(Math.ceil(((elapsed / done) * (total - done)) / 1000), 0)} left`;
}
