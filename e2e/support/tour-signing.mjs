// The part of the tour that leads past what is signed: batches, certificates, the store, verification.
import { Already } from './already.mjs'
import { field, openPage, see } from './browser.mjs'
import { PIN } from './office.mjs'
import { code } from './paper.mjs'
import { CLERK, LEADER, SEAL, enter } from './people.mjs'

export async function signing (browser, office, visit) {
  const already = new Already({ browser, office })
  const dossiers = [await already.toSign(), await already.toSign(), await already.toSign()]
  await batches(await enter(browser, office, LEADER), visit)
  const [given] = dossiers
  await already.numbered(given)
  const document = await already.sealed(given)
  await already.leave()
  await stored(await enter(browser, office, CLERK), given, visit)
  await verified(await openPage(browser, office.base), document, visit)
  const seal = await enter(browser, office, SEAL)
  await seal.goto('/ket-qua-chua-ky-so')
  await visit('unsealed', seal)
  await seal.leave()
}

async function batches (leader, visit) {
  // The viewer beside the list asks for its own picture, which the server does not have.
  leader.provoke(404, 422)
  await leader.goto('/ky-so')
  await visit('signing', leader)
  await leader.getByRole('button', { name: /^Lập danh sách ký/ }).click()
  await see(leader, 'Chờ đọc và ký: 3 văn bản')
  await visit('signing-ready', leader)
  for (const place of [1, 2]) {
    await leader.locator(`a[data-read="${place}"]`).click()
    await leader.locator('tr[data-row]').nth(place - 1).getByText('Đã đọc').waitFor()
  }
  await leader.keyboard.press('r')
  await visit('signing-read', leader)
  await leader.locator('form[data-return]:not([hidden]) button').click()
  await see(leader, 'Chưa trả lại được')
  await visit('signing-return', leader)
  await field(leader, 'Mã PIN khóa ký').fill('000000')
  await leader.getByRole('button', { name: /^Ký số văn bản đã chọn/ }).click()
  await see(leader, 'Chưa ký văn bản nào')
  await visit('signing-pin', leader)
  await field(leader, 'Mã PIN khóa ký').fill(PIN)
  await leader.getByRole('button', { name: /^Ký số văn bản đã chọn/ }).click()
  await see(leader, 'Xong: đã ký 2 trên')
  await visit('signing-done', leader)
  await leader.goto('/chung-thu')
  await visit('certificates', leader)
  await leader.locator('a[data-row-link]').first().click()
  await leader.locator('h1').waitFor()
  await visit('certificate', leader)
  await leader.leave()
}

async function stored (clerk, given, visit) {
  await clerk.goto(`/ho-so/${given}`)
  await visit('dossier-sealed', clerk)
  await clerk.goto(`/ho-so/${given}/kho`)
  await visit('held', clerk)
  await clerk.leave()
}

async function verified (citizen, document, visit) {
  await citizen.goto(new URL(code(document)).pathname)
  await visit('verify', citizen)
  const changed = Buffer.from(document)
  changed[changed.indexOf('/MediaBox') + 12] ^= 1
  await field(citizen, 'Tệp cần so').setInputFiles({ name: 'ket-qua.pdf', mimeType: 'application/pdf', buffer: changed })
  await citizen.getByRole('button', { name: 'So tệp' }).click()
  await see(citizen, 'Tệp đã bị sửa sau khi ký hoặc phát hành')
  await visit('verify-changed', citizen)
  await citizen.leave()
}
