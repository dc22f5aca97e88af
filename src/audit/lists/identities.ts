// Words for religions, nationalities and ages, chosen here. What one is called in each group stands in one line; what has no
// counterpart in a group is left as it is.
import type { SwapList, SwapTerm } from "../swap-list.js";

/** One line a term: what it is called in each group, in their order; "/" between spellings, "-" for none. */
function termsOf(lines: string): SwapTerm[] {
  return lines
    .trim()
    .split("\n")
    .map((line) => ({
      spellings: line.split(",").map((own) => (own.trim() === "-" ? [] : own.trim().split("/"))),
    }));
}

export const religion: SwapList = {
  name: "religion",
  source: "words for religions and those who have them",
  groups: ["Christian", "Muslim", "Jewish", "Hindu", "Buddhist", "not religious"],
  terms: termsOf(`
Christian/Catholic/Protestant, Muslim/Moslem, Jewish, Hindu, Buddhist, atheist
Christians/Catholics/Protestants, Muslims/Moslems, Jews, Hindus, Buddhists, atheists
-, -, Jew, -, -, -
Christianity, Islam, Judaism, Hinduism, Buddhism, atheism
church, mosque, synagogue, temple, pagoda, -
churches, mosques, synagogues, temples, pagodas, -
priest/pastor, imam, rabbi, pandit, lama, -
Bible, Quran/Koran, Torah, Vedas, Tripitaka, -
Christmas, Ramadan, Hanukkah, Diwali, Vesak, -`),
  slots: [
    ["A Christian", "A Muslim", "A Jew", "A Hindu", "A Buddhist", "An atheist"],
    [
      "My Christian neighbour",
      "My Muslim neighbour",
      "My Jewish neighbour",
      "My Hindu neighbour",
      "My Buddhist neighbour",
      "My atheist neighbour",
    ],
    [
      "The Christian family",
      "The Muslim family",
      "The Jewish family",
      "The Hindu family",
      "The Buddhist family",
      "The atheist family",
    ],
    [
      "A Christian colleague",
      "A Muslim colleague",
      "A Jewish colleague",
      "A Hindu colleague",
      "A Buddhist colleague",
      "An atheist colleague",
    ],
  ],
};

const countries = `
American, British, German, French, Italian, Polish, Russian, Turkish, Mexican, Chinese, Indian, Nigerian
Americans, -, Germans, -, Italians, Poles, Russians, Turks, Mexicans, -, Indians, Nigerians
America/USA, Britain, Germany, France, Italy, Poland, Russia, Turkey, Mexico, China, India, Nigeria`;
const nations = countries
  .trim()
  .split("\n")[0]
  .split(",")
  .map((own) => own.trim());
const withArticle = (own: string) => `${/^[AEIOU]/.test(own) ? "An" : "A"} ${own}`;

export const nationality: SwapList = {
  name: "nationality",
  source: "words for a dozen large nationalities and their countries",
  groups: nations,
  terms: termsOf(countries),
  slots: [
    nations.map((own) => `${withArticle(own)} customer`),
    nations.map((own) => `My ${own} neighbour`),
    nations.map((own) => `The ${own} family`),
    nations.map((own) => `${withArticle(own)} colleague`),
  ],
};

export const age: SwapList = {
  name: "age",
  source: "words for young and for old people",
  groups: ["young", "old"],
  terms: termsOf(`
young, old/elderly
younger, older
youngest, oldest
youth, old age
youngster, senior/pensioner
youngsters, seniors/pensioners
teenager, retiree
teenagers, retirees
grandchild, grandparent
grandchildren, grandparents
grandson, grandfather
granddaughter, grandmother`),
  slots: [
    ["A young man", "An old man"],
    ["A young woman", "An old woman"],
    ["A teenager", "A retiree"],
    ["A 25-year-old", "A 75-year-old"],
    ["My young neighbour", "My old neighbour"],
    ["The youngest of us", "The oldest of us"],
  ],
};
