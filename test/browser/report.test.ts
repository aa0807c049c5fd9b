// The page in a real browser: nothing overflows, nothing is loaded, nothing is logged, and assistive technology can use it.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderHtml } from '../../lib/report/html.ts';
import type { Report } from '../../lib/report/report.ts';
import { aHostileReport } from '../report/a-hostile-report.ts';
import { aReport } from '../report/a-report.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const nothing = { rows: [], total: 0 };
const PAGES: Record<string, Report> = {
  'a full report': aReport(),
  'names that cannot be broken at a space': aHostileReport(`${'W'.repeat(120)}<b>`),
  'a thin role, a bill, and what the cluster does not have': aReport({
    missingPermissions: ['kafka:ListNodes', 'kafka:ListClusterOperationsV2'].map((action) => ({
      action,
      resource: aReport().cluster.arn ?? '*',
      sections: ['nodes'],
    })),
    gaps: [
      ...aReport().gaps,
      {
        section: 'storageScaling',
        reason: 'not-supported',
        detail: 'no volumes',
        fix: null,
        hides: [],
        isFault: false,
      },
    ],
    bill: {
      modelUsdPerMonth: 612.9,
      billUsdPerMonth: 1000,
      adjustmentsUsdPerMonth: 190,
      differencePercent: -38.7,
      agrees: false,
      confidence: 0.5,
      caveats: ['The bill is of the whole account and region.'],
      startDate: '2025-12-05',
      endDate: '2026-01-04',
      partial: null,
    },
  }),
  'a first run that measured nothing': aReport({
    verdict: 'no-data',
    actions: [],
    findings: [],
    checks: [],
    brokers: nothing,
    topics: nothing,
    groups: nothing,
    scorecard: { ...aReport().scorecard, score: null, uncapped: null, caps: [] },
    changes: {
      previous: null,
      new: [],
      worse: [],
      persisting: [],
      clearing: [],
      resolved: [],
      notRechecked: [],
      causes: [],
    },
  }),
};

interface AxeViolation {
  id: string;
  impact: string;
  nodes: { target: string[]; failureSummary: string }[];
}

test.each(Object.entries(PAGES))('%s is valid HTML', async (_, report) => {
  const validator = new HtmlValidate({ extends: ['html-validate:recommended'] });
  const result = await validator.validateString(renderHtml(report).body);
  const problems = result.results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${ruleId} ${line}: ${message}`),
  );
  expect([...new Set(problems)]).toEqual([]);
});

if (CHROMIUM === undefined && process.env.CI === 'true') {
  test('chromium is installed', () => expect.fail('Chromium is missing: apt-get install chromium'));
}

describe.skipIf(CHROMIUM === undefined)(
  CHROMIUM === undefined ? 'SKIPPED: chromium is missing (apt-get install chromium)' : 'in Chromium',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'msk-checkup-browser-'));
    let browser: BrowserContext;

    beforeAll(async () => {
      browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
        executablePath: CHROMIUM ?? '',
        args: ARGS,
      });
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    async function open(report: Report): Promise<{ page: Page; heard: string[] }> {
      const file = join(folder, 'report.html');
      writeFileSync(file, renderHtml(report).body);
      const page = await browser.newPage();
      const heard: string[] = [];
      page.on('console', (message) => heard.push(`console: ${message.text()}`));
      page.on('pageerror', (error) => heard.push(`error: ${error.message}`));
      page.on('request', (request) => {
        if (!request.url().startsWith('file:')) heard.push(`request: ${request.url()}`);
      });
      await page.goto(`file://${file}`);
      return { page, heard };
    }

    test.each(Object.entries(PAGES))(
      '%s: fits every width, loads nothing, passes axe in both themes',
      async (_, report) => {
        const { page, heard } = await open(report);
        for (const unfolded of [false, true]) {
          await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = ${unfolded}; })`);
          for (const width of [360, 390, 768, 1280, 1600]) {
            await page.setViewportSize({ width, height: 900 });
            expect(
              await page.evaluate('document.documentElement.scrollWidth'),
              `scroll width at ${width}`,
            ).toBeLessThanOrEqual(width);
          }
        }
        await page.evaluate(AXE);
        for (const colorScheme of ['light', 'dark'] as const) {
          for (const width of [390, 1280]) {
            await page.emulateMedia({ colorScheme });
            await page.setViewportSize({ width, height: 900 });
            const violations = (await page.evaluate('axe.run().then((result) => result.violations)')) as AxeViolation[];
            expect(
              violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')} ${nodes[0]?.failureSummary}`),
              `${colorScheme} ${width}`,
            ).toEqual([]);
          }
        }
        expect(heard).toEqual([]);
        await page.close();
      },
    );

    test('runs no script and shows every name as text', async () => {
      const { page } = await open(
        aHostileReport('<img src=x onerror="document.title=1"><script>document.title=2</script>'),
      );
      expect(await page.title()).toMatch(/^Act now: <img/);
      expect(await page.evaluate('document.scripts.length + document.images.length')).toBe(0);
      await page.close();
    });
  },
);
