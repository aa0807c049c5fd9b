// A certificate authority of one run: made when the run starts, trusted by nobody else, valid for two days.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MissingPrerequisite } from './artifacts.ts';

const OPENSSL_MISSING = 'openssl is missing. Install it with: sudo apt-get install -y openssl';
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const DAYS = ['-days', '2'];

/** PEM files of one certificate. */
export interface IssuedCertificate {
  certificateFile: string;
  /** PKCS#8, not encrypted. */
  keyFile: string;
  /** How a broker calls a client that comes with it; for ACLs. */
  principal: string;
}

export interface TestCa {
  certificateFile: string;
  issueClient(commonName: string): Promise<IssuedCertificate>;
  /** For 127.0.0.1. The key and the certificate in one file, as Kafka's PEM key store wants it. */
  issueServer(): Promise<string>;
}

export async function createTestCa(folder: string): Promise<TestCa> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string): string => join(folder, name);
  const certificateFile = file('ca.pem');
  const subject = ['-subj', '/CN=sandbox test authority'];
  await openssl(['req', '-x509', ...NEW_KEY, ...DAYS, ...subject, '-keyout', file('ca.key'), '-out', certificateFile]);

  const issue = async (commonName: string, extensions: string): Promise<IssuedCertificate> => {
    const issued = { certificateFile: file(`${commonName}.pem`), keyFile: file(`${commonName}.key`) };
    const request = file(`${commonName}.csr`);
    await openssl(['req', ...NEW_KEY, '-subj', `/CN=${commonName}`, '-keyout', issued.keyFile, '-out', request]);
    const extensionsFile = file(`${commonName}.ext`);
    writeFileSync(extensionsFile, extensions);
    const serial = ['-set_serial', `0x${randomBytes(8).toString('hex')}`];
    const authority = ['-CA', certificateFile, '-CAkey', file('ca.key'), ...serial, '-extfile', extensionsFile];
    await openssl(['x509', '-req', '-in', request, ...authority, ...DAYS, '-out', issued.certificateFile]);
    return { ...issued, principal: `User:CN=${commonName}` };
  };
  return {
    certificateFile,
    issueClient: (commonName) => issue(commonName, 'extendedKeyUsage=clientAuth\n'),
    issueServer: async () => {
      const server = await issue('broker', 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n');
      const both = file('broker-key-and-certificate.pem');
      const text = [server.keyFile, server.certificateFile].map((part) => readFileSync(part, 'utf8')).join('');
      writeFileSync(both, text, { mode: 0o600 });
      return both;
    },
  };
}

async function openssl(args: string[]): Promise<void> {
  try {
    await promisify(execFile)('openssl', args);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new MissingPrerequisite(OPENSSL_MISSING, { cause: error });
    throw error;
  }
}
