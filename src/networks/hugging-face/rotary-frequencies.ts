// The angles of rotary positions by the settings of a config.json: plain, or scaled for texts longer than those of training.
import { z } from "zod";
import { UserError } from "../../base/errors.js";

const settings = z.looseObject({
  rope_type: z.string().nullish(),
  type: z.string().nullish(),
  rope_theta: z.number().positive().nullish(),
  partial_rotary_factor: z.number().nullish(),
  factor: z.number().min(1).nullish(),
  low_freq_factor: z.number().positive().nullish(),
  high_freq_factor: z.number().positive().nullish(),
  original_max_position_embeddings: z.number().min(1).nullish(),
});
type Settings = z.output<typeof settings>;

/** Of a config.json. New ones have all in rope_parameters. */
export const rotarySettings = z.looseObject({
  rope_theta: z.number().positive().nullish(),
  rope_scaling: settings.nullish(),
  rope_parameters: settings.nullish(),
  partial_rotary_factor: z.number().nullish(),
});

/** Of the angles, by the name of the scaling. In 32 bits, as PyTorch has them. */
const scalings: Record<string, (plain: number, of: Settings, need: (name: keyof Settings) => number) => number> = {
  default: (plain) => plain,
  linear: (plain, _, need) => plain / need("factor"),
  /** Slow turns are slowed further, fast ones stay, and between them it is a mixture. Llama 3.1. */
  llama3(plain, _, need) {
    const [low, high] = [need("low_freq_factor"), need("high_freq_factor")];
    const turns = (need("original_max_position_embeddings") * plain) / (2 * Math.PI);
    if (turns < low) return plain / need("factor");
    if (turns > high) return plain;
    const share = (turns - low) / (high - low);
    return ((1 - share) * plain) / need("factor") + share * plain;
  },
};

/**
 * The angle of each pair of features from one position to the next, (headWidth / 2).
 *
 * @throws UserError for a scaling that is not supported
 */
export function rotaryFrequencies(config: z.output<typeof rotarySettings>, headWidth: number, path: string): number[] {
  const given: Settings = config.rope_parameters ?? config.rope_scaling ?? {};
  const type = given.rope_type ?? given.type ?? "default";
  if (!Object.hasOwn(scalings, type))
    throw new UserError(
      `${path} has rotary positions scaled by '${type.slice(0, 40)}', which is not supported (supported: ` +
        `${Object.keys(scalings).join(", ")}). Use another model.`,
    );
  const share = given.partial_rotary_factor ?? config.partial_rotary_factor ?? 1;
  if (share !== 1)
    throw new UserError(`${path} has the partial_rotary_factor ${share}, which is not supported. Use another model.`);
  const need = (name: keyof Settings) => {
    const value = given[name];
    if (typeof value === "number") return value;
    throw new UserError(`${path} is not valid: its rotary positions (${type}) have no ${name}. Download it again.`);
  };
  const base = given.rope_theta ?? config.rope_theta ?? 10000;
  return plainFrequencies(base, headWidth).map((plain) => Math.fround(scalings[type](plain, given, need)));
}

/** base^(−2i/d) */
export function plainFrequencies(base: number, headWidth: number): number[] {
  return Array.from({ length: headWidth / 2 }, (_, i) =>
    Math.fround(1 / Math.fround(base ** Math.fround((2 * i) / headWidth))),
  );
}
