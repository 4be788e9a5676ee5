import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import * as v from 'valibot';

import type { Language } from '../../actors/texts/keys.ts';
import { chromiumProgram, testSoftware, whyNot } from './software.ts';

/** Why no browser can be had here; null once it can. */
export const whyNoBrowser = () => whyNot(testSoftware.chromium);

/** The machine's Chromium, without a window. Close it when done. */
export async function openBrowser(): Promise<Browser> {
  const reason = await whyNoBrowser();
  if (reason !== null) throw new Error(reason);
  return chromium.launch({
    executablePath: chromiumProgram() as string,
    // Root, as in most containers, gets no sandbox; it loads pages of ours alone.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    timeout: 60_000,
  });
}

/** A narrow telephone whose owner reads `lang`. */
export async function phone(
  browser: Browser,
  lang: Language | 'ja',
  more: { readonly javaScriptEnabled?: boolean; readonly hasTouch?: boolean } = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    locale: lang,
    isMobile: true,
    hasTouch: true,
    ...more,
  });
  context.setDefaultTimeout(15_000);
  return context;
}

const Findings = v.array(
  v.object({ id: v.string(), impact: v.nullish(v.string()), nodes: v.array(v.string()) }),
);

/** What axe finds that is serious or critical: the rule, and where. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // By the driver and not as a script of the page, whose own policy stays as strict as it is.
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html.slice(0, 200)) })))`,
  );
  return v
    .parse(Findings, found)
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.join(' | ')}`);
}

/** How far the page is wider than the screen, in px: what a phone would have to scroll sideways. */
export async function overflowOf(page: Page): Promise<number> {
  return v.parse(
    v.number(),
    await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    ),
  );
}
