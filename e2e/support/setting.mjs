// What most test files begin and end with: an office and a browser.
import { after, before } from 'node:test'
import { openBrowser } from './browser.mjs'
import { Office } from './office.mjs'

export function setting () {
  const here = { office: null, browser: null }
  before(async () => { [here.office, here.browser] = await Promise.all([Office.open(), openBrowser()]) })
  after(async () => {
    await here.browser?.close()
    await here.office?.close()
  })
  return here
}
