// Who works in the demonstration's ward, and how they sign in.
import { field, openPage, see, until } from './browser.mjs'
import { PASSWORD } from './office.mjs'

export const CLERK = 'tiepnhan.hacthanh'
export const OFFICER = 'chuyenvien.hacthanh'
export const LEADER = 'lanhdao.hacthanh'
export const SEAL = 'vanthu.hacthanh'
export const DIRECTOR = 'giamdoc.hacthanh'
export const POST = 'buudien.hacthanh'
export const VOLUNTEER = 'tinhnguyen.hacthanh'
export const ADMIN = 'quantri'
/** Who decides in the other ward of the demonstration. */
export const OTHER_LEADER = 'lanhdao.nguyetvien'
export const OTHER_SEAL = 'vanthu.nguyetvien'
const WITH_CODE = [LEADER, SEAL, ADMIN, OTHER_LEADER, OTHER_SEAL]

/** The text of a citizen's card as a hand scanner types it. */
export const CARD = '038199000017||Nguyễn Thị An|31121999|Nữ|Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa|01012022'
/** Certified copies from an original: one paper, the same working day. */
export const COPIES = '2.000815'

/** A page on which `login` is signed in. */
export async function enter (browser, office, login, options = {}) {
  const page = await openPage(browser, office.base, options)
  const known = office.sessions.get(login)
  if (known) {
    await page.context().addCookies(known)
    return page
  }
  await signIn(page, office, login)
  office.sessions.set(login, await page.context().cookies())
  return page
}

/** Signs in by the form, with the one-time code where the account has one. */
export async function signIn (page, office, login) {
  await page.goto('/dang-nhap')
  await page.getByLabel('Tên đăng nhập').fill(login)
  await page.getByLabel('Mật khẩu').fill(PASSWORD)
  if (WITH_CODE.includes(login)) {
    page.provoke(422)
    await page.getByRole('button', { name: 'Đăng nhập' }).click()
    // The page that asks for the code has a password field as well: it is the one that is open then.
    await page.getByLabel('Mã xác thực').fill(await office.code(login))
    await page.getByLabel('Mật khẩu').fill(PASSWORD)
  }
  await page.getByRole('button', { name: 'Đăng nhập' }).click()
  await page.getByRole('navigation').first().waitFor()
}

/** Receives a complete dossier of the known citizen and gives the page's address of it. */
export async function receive (page, card = CARD) {
  await fillIn(page, card)
  return await finish(page)
}

/** Takes every paper, receives, and gives the address of the dossier. */
export async function finish (page) {
  await page.getByRole('button', { name: 'Đã đủ giấy tờ' }).click()
  await see(page, 'đủ giấy tờ bắt buộc')
  // Asked for only where the copies are counted; where they are, nothing is received without.
  const pages = field(page, 'Số trang 1')
  if (await pages.count() > 0) await pages.fill('1')
  await page.getByRole('button', { name: 'Tiếp nhận, in giấy hẹn' }).click()
  await page.getByRole('heading', { name: 'Đã tiếp nhận hồ sơ' }).waitFor()
  return new URL(page.url()).pathname
}

/** Fills the counter form in up to the papers. */
export async function fillIn (page, card = CARD) {
  await page.goto('/tiep-nhan')
  await page.getByLabel('Quét thẻ căn cước').fill(card)
  await page.getByRole('button', { name: 'Điền' }).click()
  await see(page, 'Quét thẻ căn cước lúc')
  await field(page, 'Tên hoặc mã thủ tục').fill(COPIES)
  await page.getByRole('button', { name: 'Chọn', exact: true }).click()
  await see(page, 'còn thiếu')
}

/** The number of the dossier on the page, such as H56.14-261122-0001, once it is there. */
export async function numberOn (page) {
  let found = null
  await until(`a number on ${page.url()}`, async () => {
    const text = await page.locator('main').innerText()
    found = /H56(?:\.\d+)*-\d{6}-\d{4,}/.exec(text.replace(/\s*-\s*/g, '-'))
    return found !== null
  })
  return found[0]
}

/** Asks in the bar, by hand. */
export async function search (page, words) {
  await page.locator('header').getByRole('searchbox').fill(words)
  const before = page.url() // an answer to other words has such an address too
  await page.keyboard.press('Enter')
  await page.waitForURL(url => url.href !== before && /\/tim\?hoi=[0-9a-f]+$/.test(url.href))
}
