// Sets of words for association tests: those of A. Caliskan, J. Bryson and A. Narayanan, Science 356 (2017), which come from the
// implicit association tests of A. Greenwald et al. 1998 and B. Nosek et al. 2002. Words as facts of those papers.

export interface WordSet {
  name: string;
  words: readonly string[];
}

/** Whether X is nearer to A, and Y to B, than the other way round. */
export interface AssociationTest {
  x: WordSet;
  y: WordSet;
  a: WordSet;
  b: WordSet;
}

const set = (name: string, words: string): WordSet => ({ name, words: words.split(" ") });

const pleasant = set(
  "pleasant",
  "caress freedom health love peace cheer friend heaven loyal pleasure diamond gentle honest lucky rainbow diploma gift honor " +
    "miracle sunrise family happy laughter paradise vacation",
);
const unpleasant = set(
  "unpleasant",
  "abuse crash filth murder sickness accident death grief poison stink assault disaster hatred pollute tragedy divorce jail " +
    "poverty ugly cancer kill rotten vomit agony prison",
);
const pleasantFew = set("pleasant (8 words)", "joy love peace wonderful pleasure friend laughter happy");
const unpleasantFew = set("unpleasant (8 words)", "agony terrible horrible nasty evil war awful failure");
const flowers = set(
  "flowers",
  "aster clover hyacinth marigold poppy azalea crocus iris orchid rose bluebell daffodil lilac pansy tulip buttercup daisy lily " +
    "peony violet carnation gladiola magnolia petunia zinnia",
);
const insects = set(
  "insects",
  "ant caterpillar flea locust spider bedbug centipede fly maggot tarantula bee cockroach gnat mosquito termite beetle cricket " +
    "hornet moth wasp blackfly dragonfly horsefly roach weevil",
);
const instruments = set(
  "instruments",
  "bagpipe cello guitar lute trombone banjo clarinet harmonica mandolin trumpet bassoon drum harp oboe tuba bell fiddle " +
    "harpsichord piano viola bongo flute horn saxophone violin",
);
const weapons = set(
  "weapons",
  "arrow club gun missile spear axe dagger harpoon pistol sword blade dynamite hatchet rifle tank bomb firearm knife shotgun " +
    "teargas cannon grenade mace slingshot whip",
);
const whiteNames = set(
  "white names",
  "Brad Brendan Geoffrey Greg Brett Matthew Neil Todd Allison Anne Carrie Emily Jill Laurie Meredith Sarah",
);
const blackNames = set(
  "black names",
  "Darnell Hakim Jermaine Kareem Jamal Leroy Rasheed Tyrone Aisha Ebony Keisha Kenya Lakisha Latoya Tamika Tanisha",
);
const maleNames = set("male names", "John Paul Mike Kevin Steve Greg Jeff Bill");
const femaleNames = set("female names", "Amy Joan Lisa Sarah Diana Kate Ann Donna");
const maleWords = set("male words", "male man boy brother he him his son");
const femaleWords = set("female words", "female woman girl sister she her hers daughter");
const maleKin = set("male kin", "brother father uncle grandfather son he his him");
const femaleKin = set("female kin", "sister mother aunt grandmother daughter she hers her");
const career = set("career", "executive management professional corporation salary office business career");
const family = set("family", "home parents children family cousins marriage wedding relatives");
const maths = set("mathematics", "math algebra geometry calculus equations computation numbers addition");
const arts = set("arts", "poetry art dance literature novel symphony drama sculpture");
const science = set("science", "science technology physics chemistry Einstein NASA experiment astronomy");
const artsToo = set("arts (other words)", "poetry art Shakespeare dance literature novel symphony drama");
const young = set("young names", "Tiffany Michelle Cindy Kristy Brad Eric Joey Billy");
const old = set("old names", "Ethel Bernice Gertrude Agnes Cecil Wilbert Mortimer Edgar");

/** The first two are no bias: any good vectors have them. Some ask the same of other words. */
export const associationTests: readonly AssociationTest[] = [
  { x: flowers, y: insects, a: pleasant, b: unpleasant },
  { x: instruments, y: weapons, a: pleasant, b: unpleasant },
  { x: whiteNames, y: blackNames, a: pleasant, b: unpleasant },
  { x: whiteNames, y: blackNames, a: pleasantFew, b: unpleasantFew },
  { x: maleNames, y: femaleNames, a: career, b: family },
  { x: maleWords, y: femaleWords, a: career, b: family },
  { x: maths, y: arts, a: maleWords, b: femaleWords },
  { x: maths, y: arts, a: maleNames, b: femaleNames },
  { x: science, y: artsToo, a: maleKin, b: femaleKin },
  { x: science, y: artsToo, a: maleNames, b: femaleNames },
  { x: young, y: old, a: pleasantFew, b: unpleasantFew },
  { x: young, y: old, a: pleasant, b: unpleasant },
];
