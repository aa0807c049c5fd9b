// The value of a secret leaves the lint in no format, wherever it stands in a file.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLIENT_LIBRARIES } from '../../lib/facts/client-libraries.ts';
import { LIBRARY_SETTINGS } from '../../lib/facts/library-settings.ts';
import { LintInputError } from '../../lib/lint/lint-types.ts';
import { renderLintJson } from '../../lib/lint/render/json.ts';
import { renderSarif } from '../../lib/lint/render/sarif.ts';
import { renderText } from '../../lib/lint/render/text.ts';
import { lint } from './linted.ts';

const SECRET = 'Xq7-hunter2-Zk9';

function everything(files: Readonly<Record<string, string>>): string {
  try {
    const report = lint(files);
    return [renderText(report, 80), renderLintJson(report, '1.0.0'), renderSarif(report, '1.0.0')].join('\n');
  } catch (error) {
    if (!(error instanceof LintInputError)) throw error;
    return error.message;
  }
}

describe('a secret is not shown', () => {
  test.each([
    ['a password of Java', 'a.properties', `acks=all\nbuffer.memory=1\nssl.key.password=${SECRET}`],
    [
      'a JAAS line',
      'a.properties',
      `buffer.memory=1\nsasl.jaas.config=x.ScramLoginModule required password="${SECRET}";`,
    ],
    ['twice, differing', 'a.properties', `buffer.memory=1\nssl.key.password=${SECRET}\nssl.key.password=${SECRET}2`],
    ['a misspelt password', 'a.properties', `buffer.memory=1\nssl.key.pasword=${SECRET}`],
    ['an unknown key', 'a.properties', `buffer.memory=1\norders.thing=${SECRET}`],
    ['librdkafka', 'a.json', `{"batch.num.messages":1,"sasl.password":"${SECRET}"}`],
    ['Sarama', 'a.yaml', `Net:\n  SASL:\n    Enable: true\n    Password: ${SECRET}`],
    [
      'KafkaJS',
      'a.json',
      `{"clientId":"a","sasl":{"mechanism":"plain","secretAccessKey":"${SECRET}","password":"${SECRET}"}}`,
    ],
    ['kafka-python', 'a.json', `{"linger_ms":0,"sasl_plain_password":"${SECRET}"}`],
    ['an address', 'a.properties', `buffer.memory=1\nschema.registry.url=https://user:${SECRET}@registry`],
    [
      'a mechanism that is a password',
      'a.properties',
      `buffer.memory=1\nssl.key.password=${SECRET}\nsasl.mechanism=${SECRET}`,
    ],
    ['broken YAML', 'a.yaml', `sasl.password: "${SECRET}\nb: [`],
    ['broken JSON', 'a.json', `{"sasl.password": ${SECRET}}`],
    ['a comment behind it', 'a.properties', `buffer.memory=1\nssl.key.password=${SECRET} # ${SECRET}`],
    [
      'a broker',
      'server.properties',
      `num.io.threads=8\nlistener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=x password="${SECRET}";`,
    ],
  ])('%s', (_, path, text) => {
    expect(everything({ [path]: text })).not.toContain(SECRET);
  });

  const secretKeys = CLIENT_LIBRARIES.flatMap((library) =>
    [...LIBRARY_SETTINGS[library]]
      .filter(([key, { value }]) => value.type === 'password' || /password|secret/i.test(key))
      .map(([key]) => key),
  );

  test('under each key for secrets of each library, in each syntax', () => {
    expect(secretKeys.length).toBeGreaterThan(15);
    fc.assert(
      fc.property(fc.constantFrom(...secretKeys), fc.constantFrom('properties', 'json', 'yaml'), (key, syntax) => {
        const value = {
          properties: `${key}=${SECRET}`,
          json: JSON.stringify({ [key]: SECRET }),
          yaml: `${key}: ${SECRET}`,
        }[syntax];
        const text = everything({ [`producer.${syntax}`]: value! });
        expect(text).not.toContain(SECRET);
        expect(text).toContain('secret-inline');
      }),
      { numRuns: 300 },
    );
  });
});

describe('no false alarm', () => {
  test.each([
    '${env:PASSWORD}',
    '$(PASSWORD)',
    '{{ password }}',
    '%(password)s',
    '<password>',
    '$PASSWORD',
    '',
    '****',
    'arn:aws:secretsmanager:eu-west-1:1:secret:a',
  ])('%s is filled in later', (value) => {
    const { files } = lint({ 'a.properties': `acks=all\nbuffer.memory=67108864\nssl.key.password=${value}` });
    expect(files[0]!.findings).toEqual([]);
  });
});
