/** The two exporters of a broker. */
export const EXPORTERS = ['jmx', 'node'] as const;
export type Exporter = (typeof EXPORTERS)[number];

/** AWS's own ports: https://docs.aws.amazon.com/msk/latest/developerguide/open-monitoring.html */
export const EXPORTER_PORTS: Readonly<Record<Exporter, number>> = { jmx: 11001, node: 11002 };
