// Two departments are asked at once: one takes the task, answers, and its answer is acknowledged; the
// other stays silent until its time is over, which is consent; then the leader approves. By keyboard.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessible } from './support/axe.mjs'
import { field, see, until } from './support/browser.mjs'
import { Keys, sign } from './support/hands.mjs'
import { CARD, CLERK, DIRECTOR, LEADER, OFFICER, enter, finish } from './support/people.mjs'
import { setting } from './support/setting.mjs'

const here = setting()
const JUSTICE = 'chuyenvien.sotuphap'
const BUILDING = 'chuyenvien.soxaydung'
/** Who does not answer within the time agrees. */
const PROCEDURE = '1.010736'

/** A dossier that the ward's officer has. */
async function handedOver () {
  const clerk = await enter(here.browser, here.office, CLERK)
  await clerk.goto('/tiep-nhan')
  await clerk.getByLabel('Quét thẻ căn cước').fill(CARD)
  await clerk.getByRole('button', { name: 'Điền' }).click()
  await see(clerk, 'Quét thẻ căn cước lúc')
  await field(clerk, 'Tên hoặc mã thủ tục').fill(PROCEDURE)
  await clerk.getByRole('button', { name: 'Chọn', exact: true }).click()
  await see(clerk, 'còn thiếu')
  const address = await finish(clerk)
  await clerk.getByRole('button', { name: 'Chuyển giải quyết' }).click()
  await see(clerk, 'Đã chuyển giải quyết')
  await clerk.leave()
  return address
}

/** Chooses an agency in the field that has the cursor, or that Tab reaches. */
async function choose (page, name, words) {
  const here = page.locator(`#${name}`)
  for (let tries = 0; tries < 20; tries++) {
    if (await here.evaluate(element => element === document.activeElement)) break
    await page.keyboard.press('Tab')
  }
  await page.keyboard.type(words)
  await page.locator('.combo-option:visible').first().waitFor()
  await page.keyboard.press('Enter')
}

async function fill (page, name, words) {
  const here = page.locator(`#${name}`)
  for (let tries = 0; tries < 20; tries++) {
    await page.keyboard.press('Tab')
    if (await here.evaluate(element => element === document.activeElement)) return await page.keyboard.type(words)
  }
  throw new Error(`Tab does not reach ${name}`)
}

test('of two departments asked at once one answers, the silence of the other consents, the leader approves', async () => {
  const address = await handedOver()
  const officer = await enter(here.browser, here.office, OFFICER)
  await officer.goto(address)
  await new Keys(officer).act('Lấy ý kiến, giao phối hợp')
  await see(officer, 'Im lặng là đồng ý')
  await accessible(officer)
  await choose(officer, 'agency1', 'tu phap')
  await fill(officer, 'content1', 'Hồ sơ có trái quy định nào không?')
  await choose(officer, 'agency2', 'xay dung')
  await fill(officer, 'content2', 'Có phù hợp quy hoạch không?')
  await accessible(officer)
  await officer.keyboard.press('F9')
  await see(officer, 'Đã gửi các cơ quan phối hợp')
  await accessible(officer)

  const justice = await enter(here.browser, here.office, JUSTICE)
  const answers = new Keys(justice)
  await justice.goto('/viec-phoi-hop')
  await see(justice, 'Việc được xin ý kiến')
  await accessible(justice)
  await answers.open()
  await see(justice, 'Hồ sơ có trái quy định nào không?')
  assert.equal(new URL(justice.url()).pathname, address)
  for (const role of ['button', 'link']) {
    assert.equal(await justice.locator('main').getByRole(role, { name: /Trình|Ký duyệt/ }).count(), 0, 'nothing but its task')
  }
  await accessible(justice)
  await justice.keyboard.press('y')
  await see(justice, 'Đã tiếp nhận việc phối hợp')
  await justice.keyboard.press('y')
  await justice.getByRole('radio', { name: 'Đồng ý', exact: true }).waitFor()
  await accessible(justice)
  await justice.getByRole('radio', { name: 'Đồng ý', exact: true }).focus()
  await justice.keyboard.press('Space')
  await fill(justice, 'text', 'Không trái quy định.')
  await justice.keyboard.press('F9')
  await see(justice, 'Đã trả lời việc phối hợp')
  await justice.leave()

  await officer.goto(address)
  await see(officer, 'Không trái quy định.')
  await officer.keyboard.press('y')
  await see(officer, 'Đã xác nhận nhận trả lời')
  await accessible(officer)
  await officer.leave()

  const building = await enter(here.browser, here.office, BUILDING)
  await building.goto('/viec-phoi-hop')
  assert.equal(await building.locator('[data-row]').count(), 1)
  await building.leave()

  // The fifteen days of the procedure, and no fewer.
  await here.office.later(17)
  const later = await enter(here.browser, here.office, OFFICER)
  await later.goto(address)
  await until('silence is consent', async () => {
    await later.reload()
    return (await later.locator('#viec-2').innerText()).includes('Im lặng, coi là đồng ý')
  })
  await accessible(later)
  await later.goto(`${address}/draft_result`)
  await field(later, 'Nội dung kết quả').fill('Thống nhất với nội dung tham vấn.')
  await later.getByRole('button', { name: 'Lưu dự thảo' }).click()
  await see(later, 'Đã lưu dự thảo kết quả')
  await later.getByRole('button', { name: 'Trình: Lãnh đạo ký duyệt' }).click()
  await see(later, 'Đã chuyển bước sau')
  await later.leave()

  const leader = await enter(here.browser, here.office, LEADER)
  await leader.goto(address)
  await sign(leader, new Keys(leader))
  await leader.leave()
  assert.match(await here.office.check(), /no differences|clean|0/i)
})

test('an opinion that is late is shown to the head of the centre', async () => {
  const address = await handedOver()
  const officer = await enter(here.browser, here.office, OFFICER)
  await officer.goto(`${address}/send_tasks`)
  await officer.locator('#agency1').fill('Sở Xây dựng')
  await officer.locator('#kind1').selectOption('work')
  await officer.locator('#days1').fill('1')
  await officer.locator('#content1').fill('Kiểm tra hiện trạng.')
  await officer.keyboard.press('F9')
  await see(officer, 'Đã gửi các cơ quan phối hợp')
  await officer.leave()
  await here.office.later(5)
  const director = await enter(here.browser, here.office, DIRECTOR)
  await director.goto('/viec-phoi-hop')
  await see(director, 'Ý kiến chưa trả lời của hồ sơ đã nhận')
  await until('it is late', async () => await director.locator('[data-row] .due-late').count() === 1)
  await accessible(director)
  await director.leave()
})
