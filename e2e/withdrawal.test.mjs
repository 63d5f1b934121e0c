// The signed request of an applicant who withdraws: what the clerk put in can be seen again, though
// it came from outside and may run nothing.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync, crc32 } from 'node:zlib'
import { see, until } from './support/browser.mjs'
import { CLERK, enter, receive } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()

/** A page with a red square in its middle, as a scanner's program writes PDF. */
function redPdf () {
  const drawn = '1 0 0 rg 60 300 475 400 re f'
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>',
    `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`
  ]
  let text = '%PDF-1.4\n'
  const places = objects.map((object, index) => {
    const at = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(at).padStart(10, '0')} 00000 n \n`
  })
  const table = text.length
  text += `xref\n0 5\n0000000000 65535 f \n${places.join('')}trailer << /Size 5 /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`
  return Buffer.from(text)
}

/** A red picture, as a camera's program writes PNG. */
function redPng () {
  const side = 200
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3).map((_, at) => at % 3 === 0 ? 255 : 0)])
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    frame.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.set([8, 2], 8)
  const rows = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)))
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}

/** How much of what the person sees is red, of one. */
async function redness (page, easel) {
  const shot = (await page.screenshot()).toString('base64')
  return await easel.evaluate(async data => {
    const picture = new Image()
    picture.src = `data:image/png;base64,${data}`
    await picture.decode()
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    const brush = canvas.getContext('2d')
    brush.drawImage(picture, 0, 0)
    const { data: dots } = brush.getImageData(0, 0, picture.width, picture.height)
    let red = 0
    for (let at = 0; at < dots.length; at += 4) red += dots[at] > 200 && dots[at + 1] < 60 && dots[at + 2] < 60 ? 1 : 0
    return red / (dots.length / 4)
  }, shot)
}

for (const [kind, mimeType, content, least] of [['pdf', 'application/pdf', redPdf(), 0.05], ['png', 'image/png', redPng(), 0.02]]) {
  test(`the request to withdraw is seen as ${kind}, under a policy that lets it run nothing`, async () => {
    const page = await enter(here.browser, here.office, CLERK)
    const address = await receive(page)
    await page.goto(`${address}/withdraw`)
    await page.locator('input[type="file"]').setInputFiles({ name: `don.${kind}`, mimeType, buffer: content })
    await page.locator('button[data-main]', { hasText: 'Rút hồ sơ' }).click()
    await see(page, 'Đơn rút hồ sơ')
    const answer = await page.context().request.get(`${address}/don-rut`)
    assert.equal(answer.headers()['content-security-policy'], "sandbox; default-src 'none'; style-src 'unsafe-inline'")
    const easel = await here.browser.newPage()
    // The viewer asks for its own picture, which the server does not have.
    page.provoke(404)
    await page.goto(`${address}/don-rut`)
    await until('the request is seen', async () => await redness(page, easel) > least)
    await easel.close()
    await page.leave()
  })
}
