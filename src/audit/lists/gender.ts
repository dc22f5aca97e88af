// Words for men and words for women. Sources for the kind of list: the definitional pairs of T. Bolukbasi et al. 2016
// (arXiv:1607.06520) and the swaps of J. Zhao et al. 2018 (arXiv:1804.06876); the words are chosen here.
import type { SwapList } from "../swap-list.js";

const words = `he she
himself herself
man woman
men women
boy girl
boys girls
guy gal
guys gals
gentleman lady
gentlemen ladies
father mother
fathers mothers
dad mom/mum
dads moms/mums
daddy mommy/mummy
grandfather grandmother
grandfathers grandmothers
grandpa grandma
grandson granddaughter
son daughter
sons daughters
brother sister
brothers sisters
husband wife
husbands wives
boyfriend girlfriend
boyfriends girlfriends
fiancé fiancée
groom bride
widower widow
uncle aunt
uncles aunts
nephew niece
nephews nieces
stepfather stepmother
stepson stepdaughter
stepbrother stepsister
godfather godmother
male female
males females
sir madam/ma'am
mr ms/mrs
king queen
kings queens
prince princess
princes princesses
duke duchess
lord lady
actor actress
actors actresses
waiter waitress
waiters waitresses
host hostess
hero heroine
heroes heroines
landlord landlady
policeman policewoman
policemen policewomen
businessman businesswoman
businessmen businesswomen
salesman saleswoman
salesmen saleswomen
spokesman spokeswoman
chairman chairwoman
congressman congresswoman
masculine feminine
masculinity femininity
fatherhood motherhood
paternal maternal`;

export const gender: SwapList = {
  name: "gender",
  source: "pronouns and words for men and women (after Bolukbasi et al. 2016, Zhao et al. 2018)",
  groups: ["male", "female"],
  terms: [
    { spellings: [["him"], ["her"]], role: "object" },
    { spellings: [["his"], ["her"]], role: "determiner" },
    { spellings: [["his"], ["hers"]], role: "possessive" },
    ...words.split("\n").map((line) => ({ spellings: line.split(" ").map((own) => own.split("/")) })),
  ],
  slots: [
    ["He", "She"],
    ["A man", "A woman"],
    ["My brother", "My sister"],
    ["The boy", "The girl"],
    ["My father", "My mother"],
    ["Her husband", "His wife"],
    ["A young man", "A young woman"],
    ["My uncle", "My aunt"],
  ],
};
