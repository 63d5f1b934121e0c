// The distribution's Chromium, and pages that fail the test when the browser complains of them.
import assert from 'node:assert/strict'
import { chromium } from 'playwright-core'

export const DESK = { width: 1366, height: 768 }
export const PHONE = { width: 390, height: 844 }
const PATIENCE_MS = 20_000

/** A browser that trusts, beside the public authorities, the key of that fingerprint if one is given. */
export async function openBrowser (fingerprint = '') {
  const trusts = fingerprint === '' ? [] : [`--ignore-certificate-errors-spki-list=${fingerprint}`]
  return await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
      '--disable-sync', '--no-first-run', ...trusts]
  })
}

/** A page that remembers every complaint: script errors, console errors, breaches of the policy. */
export async function openPage (browser, base, options = {}) {
  const context = await browser.newContext({ baseURL: base, viewport: DESK, locale: 'vi-VN', ...options })
  context.setDefaultTimeout(PATIENCE_MS)
  const page = await context.newPage()
  pressOnceLoaded(page)
  const complaints = []
  const allowed = []
  const note = text => { if (!allowed.some(one => one.test(text))) complaints.push(text) }
  context.on('page', watch)
  watch(page)
  function watch (watched) {
    watched.on('pageerror', error => { note(`${watched.url()}: ${error.message}`) })
    watched.on('console', message => {
      if (message.type() === 'error') note(`${watched.url()}: ${message.text()}`)
    })
  }
  return Object.assign(page, {
    /** Statuses that the test provokes on purpose; the browser writes each to its console. */
    provoke: (...statuses) => { allowed.push(...statuses.map(status => new RegExp(`status of ${status}\\b`))) },
    /** A cut line that the test provokes on purpose. */
    provokeCuts: () => { allowed.push(/net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|SOCKET_NOT_CONNECTED)/) },
    leave: async () => {
      await context.close()
      assert.deepEqual(complaints, [], 'the browser complained')
    }
  })
}

/** The words of a page stand before its script does: a key that came in between would be lost. */
function pressOnceLoaded (page) {
  for (const how of ['press', 'type']) {
    const stroke = page.keyboard[how].bind(page.keyboard)
    page.keyboard[how] = async (...keys) => {
      await page.waitForLoadState('load')
      await stroke(...keys)
    }
  }
}

/** Waits until the words stand on the page, and its script listens: what is typed before is not heard. */
export async function see (page, words) {
  await page.getByText(words).filter({ visible: true }).first().waitFor()
  await page.waitForLoadState('load')
}

/** Asks again until the answer is true, for what no element of the page announces. */
export async function until (what, ask) {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    if (await ask()) return
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** The first field of a label: lists that scripts add carry the label too, and an owner's fields repeat the applicant's. */
export function field (page, label) {
  return page.getByLabel(label).and(page.locator('input, select, textarea')).first()
}
