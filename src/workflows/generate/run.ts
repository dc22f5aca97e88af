// Writes text with a language model: from a prompt to one or several texts, piece by piece as they come.
import { availableParallelism } from "node:os";
import { UserError } from "../../base/errors.js";
import { option } from "../../base/option.js";
import type { WorkflowWatch } from "../../base/watch.js";
import {
  beamSearch,
  type Decoder,
  type GeneratedTokens,
  generate,
  jsonSchemaPattern,
  oneOfTexts,
  type Pattern,
  parseRegex,
  stopScanner,
  type TokenConstraint,
} from "../../generate/index.js";
import { type LanguageModel, openLanguageModel } from "../../tasks/language/index.js";
import { renderChat } from "../../text/chat/index.js";
import { endsOf, nameless, type Tokenizer, unwritableIds } from "../../text/tokenizers/index.js";
import { constraintOf, readJsonSchema } from "../json-schema.js";
import { type GenerateTextOptions, generateOptionsSchema, type ResolvedGenerateOptions } from "./options.js";

export interface WrittenText {
  /** The generated text, without the prompt. */
  text: string;
  tokens: number;
  /** end: the model ended it, or the pattern was complete; stop: a stop text occurred; length: maxTokens was reached. */
  finish: "end" | "stop" | "length";
  /** With beams: log-probability / length^lengthPenalty. */
  score?: number;
}

export interface GenerateResult {
  prompt: string;
  /** Whether the texts answer the prompt instead of continuing it. */
  isAnswer: boolean;
  promptTokens: number;
  samples: WrittenText[];
}

/** Receives each text while it is generated; a character is never split. */
export type TextListener = (sample: number, piece: string, isAnswer: boolean) => void;

/**
 * @throws UserError for a folder without a language model, a model that cannot generate, options that conflict
 * and a pattern that cannot be used; CancelledError after an abort
 * @example
 * const { samples } = await generateText("lm", { prompt: "Call me", maxTokens: 20, seed: 7 });
 */
export async function generateText(
  folder: string,
  options: GenerateTextOptions = {},
  watch: WorkflowWatch = {},
  onText?: TextListener,
): Promise<GenerateResult> {
  const settings = generateOptionsSchema.parse(options);
  checkTogether(settings);
  const pattern = patternOf(settings);
  const threads = settings.threads ?? availableParallelism();
  const { model } = await openLanguageModel(folder, { threads, precision: settings.precision });
  try {
    if (!model.openDecoder)
      throw new UserError(
        `The model in '${folder}' predicts masked tokens and cannot generate text. Pretrain one with ` +
          `${option("objective")} next-token.`,
      );
    const constraint = pattern && constraintOf(pattern, model.tokenizer, settings.maxTokens);
    const decoder = await model.openDecoder();
    try {
      const begun = await beginText(folder, model, settings, watch);
      return await write(model, decoder, constraint, begun, settings, watch, onText);
    } finally {
      await decoder.close();
    }
  } finally {
    await model.close();
  }
}

interface BegunText {
  /** All that stands before what is written. */
  ids: Int32Array;
  isAnswer: boolean;
}

/** The prompt as it is, or as a message to answer. */
async function beginText(
  folder: string,
  { tokenizer, writing }: LanguageModel,
  { prompt, chat, raw, system }: ResolvedGenerateOptions,
  watch: WorkflowWatch,
): Promise<BegunText> {
  const template = writing?.chat;
  if (!template && (chat || system !== undefined))
    throw new UserError(
      `The model in '${folder}' has no chat template: it continues texts. Omit ${option(chat ? "chat" : "system")}.`,
    );
  if (template && !raw && (prompt !== "" || chat || system !== undefined)) {
    const told = system === undefined ? [] : [{ role: "system" as const, content: system }];
    const text = await renderChat(template, [...told, { role: "user", content: prompt }]);
    return { ids: tokenizer.encode(text), isAnswer: true };
  }
  const own = tokenizer.encode(prompt);
  sayUnknown(tokenizer, prompt, own, watch);
  return { ids: writing ? Int32Array.of(...writing.before, ...own) : own, isAnswer: false };
}

async function write(
  { tokenizer, vocabSize, writing }: LanguageModel,
  decoder: Decoder,
  constraint: TokenConstraint | undefined,
  { ids, isAnswer }: BegunText,
  settings: ResolvedGenerateOptions,
  watch: WorkflowWatch,
  onText?: TextListener,
): Promise<GenerateResult> {
  const { prompt, maxTokens, samples, beams, seed, repetitionPenalty, lengthPenalty, stop } = settings;
  const { window = Infinity } = decoder;
  if (ids.length >= window)
    watch.onMessage?.(
      `The prompt has ${ids.length} tokens, but the context of the model is ${window}: only the last ones are used.`,
    );
  const endIds = writing?.endIds ?? endsOf(tokenizer);
  // Others' models may write their own special tokens.
  const never = writing ? nameless(tokenizer, vocabSize) : unwritableIds(tokenizer, vocabSize);
  const rules = { endIds, never, repetitionPenalty, constraint };
  const texts = Array.from({ length: samples }, (_, sample) =>
    textWriter(tokenizer, ids, stop, (piece) => onText?.(sample, piece, isAnswer)),
  );
  let answers: (GeneratedTokens & { score?: number })[];
  if (beams > 1) {
    answers = await beamSearch(decoder, ids, {
      ...rules,
      maxTokens,
      beams,
      samples,
      lengthPenalty,
      signal: watch.signal,
    });
    for (const [sample, answer] of answers.entries()) for (const id of answer.ids) if (texts[sample].push(id)) break;
  } else {
    let written = 0;
    answers = await generate(decoder, [ids], {
      ...rules,
      maxTokens,
      samples,
      seed,
      temperature: settings.temperature ?? 0.8,
      topK: settings.topK ?? 0,
      topP: settings.topP ?? 0.95,
      minP: settings.minP ?? 0,
      signal: watch.signal,
      onToken(sample, id) {
        if (samples > 1) watch.onProgress?.({ stage: "generating", done: ++written, total: samples * maxTokens });
        return texts[sample].push(id);
      },
    });
  }
  const results = answers.map(({ finish, ids, score }, sample): WrittenText => {
    const { text, isStopped } = texts[sample].end();
    return {
      text,
      tokens: ids.length,
      finish: isStopped ? "stop" : finish === "stopped" ? "stop" : finish,
      ...(score !== undefined && { score }),
    };
  });
  const longest = Math.max(...results.map(({ tokens }) => tokens));
  if (ids.length < window && ids.length + longest > window)
    watch.onMessage?.(`The context of the model is ${window} tokens; the beginning of a longer text is not used.`);
  return { prompt, isAnswer, promptTokens: ids.length, samples: results };
}

/** Tokens of the prompt that may matter to what follows it. */
const longestJoin = 32;

/** Text of one answer from its ids, up to the first stop text. */
function textWriter(
  tokenizer: Tokenizer,
  prompt: Int32Array,
  stop: readonly string[],
  onText: (piece: string) => void,
) {
  const stream = tokenizer.decodeStream();
  // The prompt's end is read before, so that what joins it (a space, say) is as it must be.
  for (const id of prompt.slice(-longestJoin)) stream.push(id);
  const scanner = stopScanner(stop);
  let text = "";
  let isStopped = false;
  const tell = (piece: string) => {
    text += piece;
    if (piece !== "") onText(piece);
  };
  return {
    /** True when a stop text came. */
    push(id: number): boolean {
      const scan = scanner.push(stream.push(id));
      tell(scan.text);
      isStopped = scan.stopped;
      return isStopped;
    },
    end() {
      if (!isStopped) {
        const scan = scanner.push(stream.end());
        tell(scan.text);
        isStopped = scan.stopped;
        if (!isStopped) tell(scanner.end());
      }
      return { text, isStopped };
    },
  };
}

function checkTogether(options: ResolvedGenerateOptions): void {
  const { beams, samples, chat, raw, system, temperature, topK, topP, minP, regex, choices, jsonSchema, stop } =
    options;
  const given = (values: Record<string, unknown>) =>
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name]) => option(name));
  if (raw && (chat || system !== undefined))
    throw new UserError(
      `${option("raw")} continues the prompt as it is, without ${option("chat")} and ${option("system")}: omit one of them.`,
    );
  const drawing = given({ temperature, topK, topP, minP });
  if (beams > 1 && drawing.length > 0)
    throw new UserError(
      `${option("beams")} finds the most probable text without sampling: omit ${drawing.join(" and ")}, or ` +
        `${option("beams")}.`,
    );
  if (beams > 1 && samples > beams)
    throw new UserError(
      `${option("samples")} ${samples} is more than ${option("beams")} ${beams}: raise ${option("beams")}, or lower ` +
        `${option("samples")}.`,
    );
  const patterns = given({ regex, choices, jsonSchema });
  if (patterns.length > 1) throw new UserError(`${patterns.join(" and ")} cannot be combined: use only one of them.`);
  if (patterns.length > 0 && stop.length > 0)
    throw new UserError(`${option("stop")} would cut off the text that ${patterns[0]} requires: omit one of them.`);
}

function patternOf({ regex, choices, jsonSchema }: ResolvedGenerateOptions): Pattern | undefined {
  if (regex !== undefined) return parseRegex(regex).pattern;
  if (choices !== undefined) {
    const texts = choices.split(",").map((choice) => choice.trim());
    if (texts.includes(""))
      throw new UserError(`${option("choices")} has an empty choice between its commas: '${choices}'.`);
    return oneOfTexts(texts);
  }
  return jsonSchema === undefined ? undefined : jsonSchemaPattern(readJsonSchema(jsonSchema));
}

function sayUnknown(tokenizer: Tokenizer, prompt: string, ids: Int32Array, { onMessage }: WorkflowWatch): void {
  const { unknown } = tokenizer.roles;
  if (unknown === undefined || !ids.includes(unknown)) return;
  const { ids: placed, starts, ends } = tokenizer.encodeWithOffsets(prompt);
  const parts = [...placed.keys()]
    .filter((i) => placed[i] === unknown && starts && ends)
    .map((i) => `'${prompt.slice(starts![i], ends![i])}'`);
  const named = parts.length > 0 ? ` (${[...new Set(parts)].slice(0, 10).join(" ")})` : "";
  onMessage?.(`Parts of the prompt are not in the model's vocabulary${named}: they count as unknown tokens.`);
}
