// Loaded before a measured program (`node --import`): as its last act the process tells on descriptor 3 what it has used.
// An import of node:fs would cost the measured program four milliseconds.
const { writeSync } = process.getBuiltinModule('node:fs');

process.once('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const collecting = performance.getEntriesByName('collecting')[0];
  const alone =
    collecting === undefined ? {} : { collectMs: collecting.duration, collectCpuMs: cpuMs(collecting.detail) };
  writeSync(3, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakRssMb: maxRSS / 1024, ...alone }));
});

/** @param {NodeJS.CpuUsage} usage */
function cpuMs({ user, system }) {
  return (user + system) / 1000;
}
