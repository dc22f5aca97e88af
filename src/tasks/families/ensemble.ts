// Several models of one task as one: the weighted mean of their answers. A folder of it holds theirs.
import { z } from "zod";
import { type ModelFiles, mostMembers, wrongModel } from "../../folders/index.js";
import { weightedMean } from "../../select/index.js";
import type { Family, FamilyEntry, TextModel } from "./family.js";

export const ensembleName = "ensemble";
export const ensembleSummary = "the weighted mean of several models' answers";

export interface EnsembleMember {
  name: string;
  family: string;
  weight: number;
  files: ModelFiles;
}

type Families = Readonly<Record<string, FamilyEntry>>;

/** Opens the models of a folder; it is not trained, but chosen from models that are. @param families of the task, which members are of */
export function ensembleFamily(families: Families): Pick<Family, "load"> {
  return {
    async load(files, options) {
      const { members } = readConfig(files, families);
      const weights = files.tensors.get(weightsName)!.data as Float32Array;
      const models: TextModel[] = [];
      try {
        for (const [i, { family }] of members.entries())
          models.push(await (await families[family].load()).load(files.members![i], options));
        if (models.some(({ width }) => width !== models[0].width))
          throw wrongModel("its members differ in their answers");
        return opened(models, weights, files);
      } catch (error) {
        for (const model of models) await model.close();
        throw error;
      }
    },
  };
}

function opened(models: readonly TextModel[], weights: Float32Array, files: ModelFiles): TextModel {
  return {
    family: ensembleName,
    width: models[0].width,
    parameters: models.reduce((sum, { parameters }) => sum + parameters, 0),
    async predict(texts) {
      const answers: Float32Array[] = [];
      for (const model of models) answers.push(await model.predict(texts));
      return weightedMean(answers, weights);
    },
    files: async () => files,
    async close() {
      for (const model of models) await model.close();
    },
  };
}

const weightsName = "member_weights";

/** What a folder keeps. @param members their weights sum to 1 */
export function ensembleFiles(members: readonly EnsembleMember[]): ModelFiles {
  return {
    config: { members: members.map(({ name, family, files }) => ({ name, family, config: files.config })) },
    tensors: new Map([
      [weightsName, { shape: [members.length], data: Float32Array.from(members, ({ weight }) => weight) }],
    ]),
    members: members.map(({ files }) => files),
  };
}

const configSchema = z.object({
  members: z
    .array(z.object({ name: z.string(), family: z.string(), config: z.unknown() }))
    .min(2)
    .max(mostMembers),
});

function readConfig({ config, tensors, members = [] }: ModelFiles, families: Families) {
  const read = configSchema.safeParse(config);
  if (!read.success) throw wrongModel(`it has no valid ensemble under 'model': ${z.prettifyError(read.error)}`);
  const unknown = read.data.members.find(({ family }) => !Object.hasOwn(families, family));
  if (unknown)
    throw wrongModel(`a member is of the family '${unknown.family.slice(0, 60)}', which this task does not have`);
  const weights = tensors.get(weightsName);
  const count = read.data.members.length;
  if (!(weights?.data instanceof Float32Array) || weights.data.length !== count || members.length !== count)
    throw wrongModel("members and their weights are not equally many");
  const sum = weights.data.reduce((total, weight) => total + weight, 0);
  if (weights.data.some((weight) => weight < 0) || Math.abs(sum - 1) > 1e-3)
    throw wrongModel("weights of members are shares that sum to 1");
  return read.data;
}
