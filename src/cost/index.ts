// What training and answering cost: operations, memory, time, energy.
export { type AnsweringCost, costOfAnswering } from "./answering.js";
export { usualWatts, wattHours } from "./energy.js";
export { showEnergy, showFlops, showMemory, showSeconds } from "./show-cost.js";
export { costOfTraining, countedTraining, type FamilyCost } from "./training.js";
