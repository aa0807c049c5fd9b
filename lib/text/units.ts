// The one place that turns a number with a unit into text. A leaf: imports nothing.

/** Units of every number that a reader sees. The raw number is kept in JSON; only text goes through `formatQuantity`. */
export type Unit =
  | 'bytes'
  | 'bytesPerSec'
  | 'percent'
  | 'ratio'
  | 'durationMs'
  | 'durationSec'
  | 'count'
  | 'countPerSec'
  | 'messages'
  | 'days'
  | 'minutes'
  | 'usdPerMonth'
  | 'usd'
  | 'epochMs'
  | 'name';

const NOT_MEASURED = 'not measured';

const WHOLE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const ONE_DECIMAL = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const TWO_DECIMALS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const TWO_SIGNIFICANT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 2 });
const PRICE = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 6 });
const CENTS = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Three significant digits are all a reader uses; whole numbers keep every digit. */
function short(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || value === 0) return WHOLE.format(value === 0 ? 0 : value);
  if (size >= 10) return ONE_DECIMAL.format(value);
  return size >= 0.01 ? TWO_DECIMALS.format(value) : TWO_SIGNIFICANT.format(value);
}

const BYTE_STEPS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

function bytes(value: number): string {
  let step = 0;
  let scaled = value;
  // 1023.6 would be shown as 1,024: the next step begins where the shown number would reach it.
  while (Math.abs(scaled) >= 1023.5 && step < BYTE_STEPS.length - 1) {
    scaled /= 1024;
    step += 1;
  }
  return `${short(scaled)} ${BYTE_STEPS[step]}`;
}

/** A value just below 100 % must not read as 100 %: that difference is what the reader is looking for. */
function percent(value: number): string {
  return `${value < 100 && value > 99.9 ? '99.9' : short(value)}%`;
}

/** Whole numbers of the smaller unit read better than decimals of the larger: `90 s`, `36 h`. */
function duration(ms: number): string {
  const size = Math.abs(ms);
  if (size < 1_000) return `${short(ms)} ms`;
  if (size < 120_000) return `${short(ms / 1_000)} s`;
  if (size < 7_200_000) return `${short(ms / 60_000)} min`;
  if (size < 172_800_000) return `${short(ms / 3_600_000)} h`;
  return `${short(ms / 86_400_000)} d`;
}

function usd(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '-$' : '$';
  if (size >= 100) return sign + WHOLE.format(size);
  if (size >= 0.01 || size === 0) return sign + CENTS.format(size);
  return sign + TWO_SIGNIFICANT.format(size);
}

/** A price per unit, with the decimals that matter when it is multiplied: `$0.204`, `$0.000045`. */
export function formatPrice(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return 'not known';
  return (value < 0 ? '-$' : '$') + PRICE.format(Math.abs(value));
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Civil date of a day number (Howard Hinnant's `civil_from_days`): formatting a time needs no clock and no Date. */
function civilDate(day: number): string {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}`;
}

/** `2026-01-05`, in UTC. */
export function formatDate(epochMs: number): string {
  return civilDate(Math.floor(epochMs / 86_400_000));
}

/** `2026-01-05 06:15 UTC`, the minute begun. */
export function formatTime(epochMs: number): string {
  const minuteOfDay = Math.floor(epochMs / 60_000) - Math.floor(epochMs / 86_400_000) * 1_440;
  return `${formatDate(epochMs)} ${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)} UTC`;
}

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  bytes,
  bytesPerSec: (value) => `${bytes(value)}/s`,
  percent,
  ratio: short,
  durationMs: duration,
  durationSec: (value) => duration(value * 1_000),
  count: short,
  countPerSec: (value) => `${short(value)}/s`,
  messages: (value) => `${short(value)} ${value === 1 ? 'message' : 'messages'}`,
  days: (value) => `${short(value)} d`,
  minutes: (value) => duration(value * 60_000),
  usdPerMonth: (value) => `${usd(value)}/month`,
  usd,
  epochMs: formatTime,
  name: String,
};

/** A measured value as a reader meets it; null and what is no number are `not measured`, never zero. */
export function formatQuantity(value: number | null, unit: Unit): string {
  return value === null || !Number.isFinite(value) ? NOT_MEASURED : FORMATS[unit](value);
}

/** An integer that may exceed what a number holds (an offset, a lag), with separators; any other text unchanged. */
export function formatDecimal(digits: string | null): string {
  if (digits === null) return NOT_MEASURED;
  return /^-?\d{1,30}$/.test(digits) ? BigInt(digits).toLocaleString('en-US') : digits;
}

/** `1 topic`, `2 topics`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${WHOLE.format(count)} ${count === 1 ? one : many}`;
}
