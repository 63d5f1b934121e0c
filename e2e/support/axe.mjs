// What axe-core finds on the page that is open.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Fails with what axe finds wrong. As a tool of the browser's owner it is not bound by the page's policy. */
export async function accessible (page) {
  await page.waitForLoadState('load') // elements are there before the styles are
  await page.evaluate(axe)
  const { violations } = await page.evaluate(async tags => await globalThis.axe.run({ runOnly: tags }), RULES)
  const said = violations.map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | ')}`)
  assert.deepEqual(said, [], `axe on ${new URL(page.url()).pathname}`)
}

/** The same in the light and in the dark. */
export async function accessibleInBoth (page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    await accessible(page)
  }
  await page.emulateMedia({ colorScheme: 'light' })
}
