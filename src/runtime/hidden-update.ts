// Muon's part of an update: the hidden matrices, each moved whole by one worker, whichever has its turn.
import { muonApply, muonDirection } from "../optim/index.js";
import { floatsAt } from "./memory.js";
import type { WorkerSetup } from "./messages.js";
import { type Orthogonaliser, openOrthogonaliser } from "./newton-schulz.js";
import type { StepGraph } from "./step-graph.js";

export interface HiddenUpdate {
  /** `gradient`: the summed gradients, each at its parameter's place; `scale` clips them. */
  run(graph: StepGraph, gradient: Float32Array, learningRate: number, scale: number): Promise<void>;
  close(): Promise<void>;
}

export function createHiddenUpdate({ index, workers, optimizer, memory }: WorkerSetup): HiddenUpdate {
  const places = new Map(memory.places.map((place) => [place.name, place]));
  const parameters = floatsAt(memory, memory.parameters);
  const moment = floatsAt(memory, memory.moment1);
  /** By shape: matrices of one shape take turns with one session. */
  const orthogonalisers = new Map<string, Promise<Orthogonaliser>>();

  function orthogonaliserOf(shape: readonly number[]): Promise<Orthogonaliser> {
    const key = shape.join();
    const known = orthogonalisers.get(key) ?? openOrthogonaliser(shape);
    orthogonalisers.set(key, known);
    return known;
  }

  return {
    async run(graph, gradient, learningRate, scale) {
      const share = learningRate / optimizer.learningRate;
      const hidden = graph.gradients.map(({ parameter }) => places.get(parameter)!).filter(({ isHidden }) => isHidden);
      // Largest first, dealt out in turn.
      hidden.sort((a, b) => b.length - a.length || a.offset - b.offset);
      for (let i = index; i < hidden.length; i += workers) {
        const { offset: from, length, shape, decay, rateScale } = hidden[i];
        const { input, output, run } = await orthogonaliserOf(shape);
        muonDirection(input, moment, gradient, { from, length }, { momentum: optimizer.momentum, scale });
        await run();
        muonApply(
          parameters,
          output,
          { from, shape },
          {
            learningRate: optimizer.matrixLearningRate * share * rateScale,
            weightDecay: decay ? optimizer.weightDecay : 0,
          },
        );
      }
    },
    async close() {
      for (const one of orthogonalisers.values()) await (await one).close();
    },
  };
}
