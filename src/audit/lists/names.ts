// First names. Common ones: among the most frequent of their decade in the Social Security Administration's counts of the United
// States (ssa.gov/oact/babynames), without those that are common words. Names that people there take for those of a white or a
// black person: M. Bertrand and S. Mullainathan, American Economic Review 94 (2004); A. Greenwald et al., Journal of Personality
// and Social Psychology 74 (1998), as in A. Caliskan et al., Science 356 (2017).
import type { SwapList } from "../swap-list.js";

const names = {
  "female, common":
    "Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Karen Nancy Lisa Margaret Sandra Ashley Kimberly Donna Michelle " +
    "Carol Amanda Melissa Deborah Stephanie Rebecca Laura Helen Sharon Cynthia Amy Angela Emma Olivia Sophia Isabella Mia Julia " +
    "Hannah Samantha Rachel Victoria Nicole",
  "male, common":
    "James Robert John Michael David William Richard Joseph Thomas Christopher Charles Daniel Anthony Steven Paul Andrew Joshua " +
    "Kenneth Kevin Brian George Timothy Ronald Edward Jason Jeffrey Jacob Gary Nicholas Eric Liam Noah Ethan Benjamin Lucas Henry " +
    "Alexander Peter Samuel Nathan",
  "female, white":
    "Emily Anne Jill Allison Laurie Sarah Meredith Carrie Kristen Katie Heather Courtney Betsy Peggy Colleen Megan Lauren Wendy " +
    "Melanie Ellen",
  "male, white":
    "Todd Neil Geoffrey Brett Brendan Greg Matthew Brad Adam Harry Josh Roger Alan Justin Ryan Jack Wilbur Stephen Fred Jonathan",
  "female, black":
    "Aisha Keisha Tamika Lakisha Tanisha Latoya Latonya Ebony Shaniqua Latisha Nichelle Yolanda Tawanda Temeka Shereen Yvette " +
    "Lashandra Shavonn Tameisha Shanise",
  "male, black":
    "Rasheed Tremayne Kareem Darnell Tyrone Hakim Jamal Leroy Jermaine Alonzo Jamel Alphonse Jerome Torrance Lamar Lionel Malik " +
    "Terrence Rashaun Marcellus",
};

const columns = Object.values(names).map((own) => own.split(" "));
const longest = Math.max(...columns.map(({ length }) => length));
/** Shorter columns start again. */
const rows = Array.from({ length: longest }, (_, row) => columns.map((own) => own[row % own.length]));

export const firstNames: SwapList = {
  name: "names",
  source: "first names (US Social Security Administration; Bertrand and Mullainathan 2004; Caliskan et al. 2017)",
  groups: Object.keys(names),
  terms: rows.map((row) => ({ spellings: row.map((own) => [own]) })),
  slots: rows,
  areExamples: true,
};
