// Downloads and prepares what the sandbox keeps in its cache, so that no test waits for a registry: jars, formatted directories,
// class archives, the AWS emulator and the Lambda runtime. Nothing happens where all of it is there.
import { ensureMotoVenv, ensureRuntimeEmulator } from './aws/python.ts';
import { ensureKafkaArtifacts, type KafkaVersion, kafkaVersions } from './kafka/artifacts.ts';
import { ensureClassArchive, ensureFormattedTemplates } from './kafka/prepared.ts';
import { brokerRacks } from './kafka/settings.ts';
import { cacheDir } from './paths.ts';
import { missingPrerequisites } from './prerequisites.ts';

async function prepareKafka(version: KafkaVersion): Promise<void> {
  const artifacts = await ensureKafkaArtifacts(version, console.log);
  await ensureFormattedTemplates(artifacts, [...brokerRacks.keys()], console.log);
  await ensureClassArchive(artifacts, console.log);
}

const missing = missingPrerequisites();
if (missing.length > 0) {
  console.log(missing.join('\n'));
  process.exitCode = process.env.CI === 'true' ? 1 : 0;
} else {
  await ensureMotoVenv(cacheDir, console.log);
  await ensureRuntimeEmulator(cacheDir, console.log);
  const versions = process.argv.includes('--all') ? kafkaVersions : kafkaVersions.slice(0, 1);
  for (const version of versions) await prepareKafka(version);
}
