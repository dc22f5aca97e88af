// Finds an expression of JavaScript in a text, and counts its steps: where there are too many for the length of the text, it
// gives up instead of running on for years. For expressions that the engine's own matcher cannot be trusted with.
import type { AST } from "@eslint-community/regexpp";
import { type CharacterTest, characterTest } from "./character-test.js";

/** The first match at or after a place. */
export type Search = (from: number) => readonly [from: number, to: number] | undefined;

/** Steps, and places that may be gone back to: of any text, and more for each of its units. */
const stepsOfAny = 1_000_000;
const stepsOfUnit = 200;
const waysBackOfAny = 100_000;
const waysBackOfUnit = 20;
const mostOperations = 20_000;

type Operation =
  | { kind: "character"; test: CharacterTest; isBackwards: boolean }
  /** `to` first, then what stands behind. */
  | { kind: "choice"; to: number; otherwise: number }
  | { kind: "jump"; to: number }
  | { kind: "save"; register: number }
  | { kind: "clear"; from: number; to: number }
  /** Fails where nothing was consumed since the place was saved. */
  | { kind: "moved"; register: number }
  | { kind: "look"; to: number; isNegated: boolean }
  | { kind: "start" }
  | { kind: "end" }
  | { kind: "same"; register: number }
  | { kind: "match" };

/** What an expression has that is not known here, or how much of it there is. */
export class UnknownConstruct extends Error {}

/** Too many steps. */
export class TooManySteps extends Error {}

/**
 * @throws UnknownConstruct
 * @example
 * const search = boundedMatcher(parsed("(a|b)*c"), "v")("xabc");
 * search(0); // [1, 4]
 */
export function boundedMatcher(pattern: AST.Pattern, flags: string): (text: string) => Search {
  const { operations, registers } = compiled(pattern, flags);
  return (text) => {
    const saved = new Int32Array(registers);
    const mostSteps = stepsOfAny + stepsOfUnit * text.length;
    const mostWaysBack = 2 * (waysBackOfAny + waysBackOfUnit * text.length);
    /** Pairs: a place and an operation to go on from, or a register's former value and −1 − the register. */
    const stack: number[] = [];
    let steps = 0;

    function save(register: number, value: number): void {
      stack.push(saved[register], -1 - register);
      saved[register] = value;
    }

    /** The place after the match, or −1; what was saved can be undone by what is on the stack. */
    function run(first: number, from: number): number {
      const base = stack.length;
      let [next, at] = [first, from];
      for (;;) {
        if (++steps > mostSteps || stack.length > mostWaysBack) throw new TooManySteps();
        const operation = operations[next++];
        let fits = true;
        switch (operation.kind) {
          case "character":
            if (operation.isBackwards) {
              const code = at === 0 ? -1 : codeBefore(text, at);
              fits = code >= 0 && operation.test(code);
              at -= code > 0xffff ? 2 : 1;
            } else {
              const code = at < text.length ? text.codePointAt(at)! : -1;
              fits = code >= 0 && operation.test(code);
              at += code > 0xffff ? 2 : 1;
            }
            break;
          case "choice":
            stack.push(at, operation.otherwise);
            next = operation.to;
            break;
          case "jump":
            next = operation.to;
            break;
          case "save":
            save(operation.register, at);
            break;
          case "clear":
            for (let register = operation.from; register < operation.to; register++)
              if (saved[register] >= 0) save(register, -1);
            break;
          case "moved":
            fits = saved[operation.register] !== at;
            break;
          case "look": {
            const before = stack.length;
            const isFound = run(next, at) >= 0;
            if (isFound) settle(before, operation.isNegated);
            fits = isFound !== operation.isNegated;
            next = operation.to;
            break;
          }
          case "start":
            fits = at === 0;
            break;
          case "end":
            fits = at === text.length;
            break;
          case "same": {
            const [begin, end] = [saved[operation.register], saved[operation.register + 1]];
            if (begin < 0 || end < 0) break;
            fits = text.startsWith(text.slice(begin, end), at);
            steps += end - begin;
            at += end - begin;
            break;
          }
          case "match":
            return at;
        }
        while (!fits) {
          if (stack.length === base) return -1;
          const operationOrRegister = stack.pop()!;
          const value = stack.pop()!;
          if (operationOrRegister < 0) saved[-1 - operationOrRegister] = value;
          else [next, at, fits] = [operationOrRegister, value, true];
        }
      }
    }

    /** A look around is done: nothing goes back into it. What it saved stays, unless it was to find nothing. */
    function settle(base: number, isUndone: boolean): void {
      if (isUndone)
        while (stack.length > base) {
          const register = stack.pop()!;
          const value = stack.pop()!;
          if (register < 0) saved[-1 - register] = value;
        }
      let kept = base;
      for (let i = base; i < stack.length; i += 2)
        if (stack[i + 1] < 0) {
          stack[kept++] = stack[i];
          stack[kept++] = stack[i + 1];
        }
      stack.length = kept;
    }

    return (from) => {
      for (let start = from; start <= text.length; start += (text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1) {
        saved.fill(-1);
        stack.length = 0;
        const end = run(0, start);
        if (end >= 0) return [start, end];
      }
      return undefined;
    };
  };
}

function codeBefore(text: string, at: number): number {
  const isLow = at > 1 && (text.charCodeAt(at - 1) & 0xfc00) === 0xdc00;
  return text.codePointAt(isLow ? at - 2 : at - 1)!;
}

function compiled(pattern: AST.Pattern, flags: string): { operations: Operation[]; registers: number } {
  if (/[my]/.test(flags)) throw new UnknownConstruct(`the flags ${flags}`);
  const operations: Operation[] = [];
  /** Registers of groups by their place in the source, two each; those of loops come behind. */
  const groups = new Map<AST.CapturingGroup, number>();
  let registers = 0;

  const add = <Kind extends Operation>(operation: Kind): Kind => {
    if (operations.push(operation) > mostOperations)
      throw new UnknownConstruct(`more than ${mostOperations} operations`);
    return operation;
  };

  function either(alternatives: readonly AST.Alternative[], isBackwards: boolean): void {
    const ends: { to: number }[] = [];
    for (const [i, { elements }] of alternatives.entries()) {
      const isLast = i === alternatives.length - 1;
      const choice = isLast ? undefined : add({ kind: "choice", to: operations.length + 1, otherwise: 0 });
      for (const element of isBackwards ? elements.toReversed() : elements) one(element, isBackwards);
      if (!isLast) ends.push(add({ kind: "jump", to: 0 }));
      if (choice) choice.otherwise = operations.length;
    }
    for (const end of ends) end.to = operations.length;
  }

  function one(element: AST.Element, isBackwards: boolean): void {
    switch (element.type) {
      case "Character":
      case "CharacterSet":
      case "CharacterClass":
      case "ExpressionCharacterClass":
        add({ kind: "character", test: characterTest(element.raw, flags), isBackwards });
        return;
      case "Group":
        if (element.modifiers) throw new UnknownConstruct("flags inside");
        either(element.alternatives, isBackwards);
        return;
      case "CapturingGroup": {
        const register = groupOf(element);
        add({ kind: "save", register: isBackwards ? register + 1 : register });
        either(element.alternatives, isBackwards);
        add({ kind: "save", register: isBackwards ? register : register + 1 });
        return;
      }
      case "Quantifier":
        repeated(element, isBackwards);
        return;
      case "Assertion":
        assertion(element);
        return;
      case "Backreference":
        if (isBackwards || flags.includes("i") || Array.isArray(element.resolved))
          throw new UnknownConstruct(`the reference ${element.raw}`);
        add({ kind: "same", register: groupOf(element.resolved as AST.CapturingGroup) });
        return;
    }
  }

  function groupOf(group: AST.CapturingGroup): number {
    const known = groups.get(group);
    if (known !== undefined) return known;
    groups.set(group, registers);
    registers += 2;
    return registers - 2;
  }

  function repeated({ element, min, max, greedy }: AST.Quantifier, isBackwards: boolean): void {
    const isGroup = element.type === "Group" || element.type === "CapturingGroup";
    const body = () => {
      const before = registers;
      const clear = isGroup ? add({ kind: "clear", from: before, to: before }) : undefined;
      one(element, isBackwards);
      if (clear) clear.to = registers;
    };
    /** A repeat beyond `min` that consumes nothing does not count. */
    const another = () => {
      if (!isGroup) return body();
      const register = registers++;
      add({ kind: "save", register });
      body();
      add({ kind: "moved", register });
    };
    const choice = () => {
      const made = add({ kind: "choice", to: 0, otherwise: 0 });
      const [into, out] = greedy ? (["to", "otherwise"] as const) : (["otherwise", "to"] as const);
      made[into] = operations.length;
      return () => {
        made[out] = operations.length;
      };
    };
    for (let i = 0; i < min; i++) body();
    const ends: (() => void)[] = [];
    if (max === Number.POSITIVE_INFINITY) {
      const loop = operations.length;
      ends.push(choice());
      another();
      add({ kind: "jump", to: loop });
    } else
      for (let i = min; i < max; i++) {
        ends.push(choice());
        another();
      }
    for (const end of ends) end();
  }

  function assertion(element: AST.Assertion): void {
    if (element.kind === "word") throw new UnknownConstruct(element.raw);
    if (!("alternatives" in element)) {
      add({ kind: element.kind });
      return;
    }
    const look = add({ kind: "look", to: 0, isNegated: element.negate });
    either(element.alternatives, element.kind === "lookbehind");
    add({ kind: "match" });
    look.to = operations.length;
  }

  either(pattern.alternatives, false);
  add({ kind: "match" });
  return { operations, registers };
}
