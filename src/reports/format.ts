// Numbers for people. What could not be computed is "n/a", never 0.

const MISSING = "n/a";

/** 1234567 → "1,234,567" */
export function formatCount(count: number | undefined): string {
  if (count === undefined) return MISSING;
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** (2.345, 2) → "2.35" */
export function formatRatio(ratio: number | undefined, digits = 2): string {
  return ratio === undefined ? MISSING : withoutNegativeZero(ratio.toFixed(digits));
}

/** 0.1234 → "12.3 %" */
export function formatShare(share: number | undefined): string {
  return share === undefined ? MISSING : `${withoutNegativeZero((share * 100).toFixed(1))} %`;
}

const BYTE_UNITS = ["KiB", "MiB", "GiB", "TiB"];

/** 1536 → "1.5 KiB" */
export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined) return MISSING;
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes / 1024;
  let unit = 0;
  // 1023.95 and above would print as "1024.0".
  for (; value >= 1023.95 && unit < BYTE_UNITS.length - 1; unit++) value /= 1024;
  return `${value.toFixed(1)} ${BYTE_UNITS[unit]}`;
}

/** 950 → "950 ms", 12345 → "12.3 s", 125000 → "2 min 05 s", 7380000 → "2 h 03 min" */
export function formatDuration(durationMs: number | undefined): string {
  if (durationMs === undefined) return MISSING;
  if (Math.round(durationMs) < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${twoDigits(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

function twoDigits(n: number): string {
  return String(n).padStart(2, "0");
}

/** -0.001 rounds to "-0.0", which no reader expects. */
function withoutNegativeZero(digits: string): string {
  return /^-[0.]+$/.test(digits) ? digits.slice(1) : digits;
}
