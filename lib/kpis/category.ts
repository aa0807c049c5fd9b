// The seven things a score is made of.
export const CATEGORIES = [
  'availability',
  'performance',
  'consumers',
  'balance',
  'capacity',
  'security',
  'cost',
] as const;
export type Category = (typeof CATEGORIES)[number];
