// Energy from time: an estimate, whose assumption is always told with it.

/**
 * Watts that one busy core draws, with its share of memory and board: servers of 64 cores come to 4 to 8 (280 W and more for 64), desktops
 * and laptops to 8 to 20.
 */
export const usualWatts = 10;

/** @param watts - of one busy core */
export function wattHours(seconds: number, cores: number, watts: number): number {
  return (seconds * cores * watts) / 3600;
}
