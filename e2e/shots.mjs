// Pictures of every page for people to look at: shots/NAME.png (desk) and shots/NAME-390.png (phone).
import { mkdir } from 'node:fs/promises'
import { DESK, PHONE, openBrowser } from './support/browser.mjs'
import { Office } from './support/office.mjs'
import { tour } from './support/tour.mjs'

const scheme = process.argv.includes('--dark') ? 'dark' : 'light'
const tail = scheme === 'dark' ? '-dark' : ''
await mkdir('shots', { recursive: true })
const [office, browser] = await Promise.all([Office.open(), openBrowser()])
try {
  await tour(browser, office, async (name, page) => {
    await page.emulateMedia({ colorScheme: scheme })
    await page.evaluate(() => document.fonts.ready)
    await page.screenshot({ path: `shots/${name}${tail}.png` })
    await page.setViewportSize(PHONE)
    await page.screenshot({ path: `shots/${name}-390${tail}.png`, fullPage: true })
    await page.setViewportSize(DESK)
  })
} finally {
  await browser.close()
  await office.close()
}
