// How many look-ups by time it takes to find one time lag, by three ways of searching.

export interface SearchShape {
  /** The oldest age that can be. */
  rangeSec: number;
  /** How near the answer has to be. */
  resolutionSec: number;
  /** The first age asked for by the search that doubles. */
  gallopStartSec: number;
  trueLagSec: number;
}

export interface SearchCalls {
  /** Halving the whole range. */
  bisection: number;
  /** Doubling the age until it exceeds the lag. */
  gallop: number;
  /** Halving between the last two of these ages. */
  bisectionInsideGallop: number;
}

export function listOffsetsCalls({ rangeSec, resolutionSec, gallopStartSec, trueLagSec }: SearchShape): SearchCalls {
  const doublings = Math.max(0, Math.ceil(Math.log2(trueLagSec / gallopStartSec)));
  const lastSec = gallopStartSec * 2 ** doublings;
  const bracketSec = doublings === 0 ? lastSec : lastSec / 2;
  return {
    bisection: halvings(rangeSec, resolutionSec),
    gallop: doublings + 1,
    bisectionInsideGallop: halvings(bracketSec, resolutionSec),
  };
}

function halvings(widthSec: number, resolutionSec: number): number {
  return Math.max(0, Math.ceil(Math.log2(widthSec / resolutionSec)));
}
