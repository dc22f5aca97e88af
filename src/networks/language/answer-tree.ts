// Given answers as a tree of their tokens: what several begin with stands there once, and all of them are read at once.
import { farBelow } from "./key-value-cache.js";

/** Answers whose tokens are read together. */
export interface AnswerTree {
  /** Tokens that another one follows, each after its parent. */
  nodes: Int32Array;
  /** How many of them stand before each. */
  depths: Int32Array;
  /** (nodes, nodes): 0 where a node is another one or follows it, very negative elsewhere. */
  among: Float32Array;
  /** Tokens behind a node; −1: first ones. */
  steps: { node: number; token: number }[];
  /** The steps of each answer, of which `first` is the first one. */
  paths: number[][];
  first: number;
}

/** @param most - nodes of a tree: so that there may be several trees. No answer is longer */
export function answerTrees(answers: readonly ArrayLike<number>[], most: number): AnswerTree[] {
  const trees: AnswerTree[] = [];
  for (let first = 0; first < answers.length; ) {
    const grown = growTree(answers, first, most);
    trees.push(grown);
    first += grown.paths.length;
  }
  return trees;
}

/** As many of the answers as have their place. */
function growTree(answers: readonly ArrayLike<number>[], first: number, most: number): AnswerTree {
  const nodes: { token: number; parent: number; depth: number }[] = [];
  const steps: AnswerTree["steps"] = [];
  const stepOf = new Map<string, number>();
  const nodeOf = new Map<number, number>();
  const paths: number[][] = [];
  for (const answer of answers.slice(first)) {
    const [nodesBefore, stepsBefore] = [nodes.length, steps.length];
    const path: number[] = [];
    let node = -1;
    for (let depth = 0; depth < answer.length; depth++) {
      const token = answer[depth];
      const key = `${node} ${token}`;
      const step = stepOf.get(key) ?? steps.push({ node, token }) - 1;
      stepOf.set(key, step);
      path.push(step);
      if (depth + 1 === answer.length) continue;
      node = nodeOf.get(step) ?? nodes.push({ token, parent: node, depth }) - 1;
      nodeOf.set(step, node);
    }
    if (nodes.length > most) {
      nodes.length = nodesBefore;
      steps.length = stepsBefore;
      break;
    }
    paths.push(path);
  }
  return { ...arraysOf(nodes), steps, paths, first };
}

function arraysOf(nodes: readonly { token: number; parent: number; depth: number }[]) {
  const among = new Float32Array(nodes.length ** 2).fill(farBelow);
  for (const node of nodes.keys())
    for (let seen = node; seen >= 0; seen = nodes[seen].parent) among[node * nodes.length + seen] = 0;
  return {
    nodes: Int32Array.from(nodes, ({ token }) => token),
    depths: Int32Array.from(nodes, ({ depth }) => depth),
    among,
  };
}
