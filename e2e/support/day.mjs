// The main job from the empty screen to the result in the citizen's hands. The hands differ, the
// assertions do not.
import { execFileSync } from 'node:child_process'
import assert from 'node:assert/strict'
import { openPage, see, until } from './browser.mjs'
import { identify, sign } from './hands.mjs'
import { PASSWORD } from './office.mjs'
import { CARD, CLERK, COPIES, LEADER, OFFICER, SEAL, numberOn } from './people.mjs'

export class Day {
  #browser
  #office
  #Hands
  #options

  constructor (browser, office, Hands, options = {}) {
    this.#browser = browser
    this.#office = office
    this.#Hands = Hands
    this.#options = options
  }

  /** A person at an empty screen. */
  async #arrive (login) {
    const page = await openPage(this.#browser, this.#office.base, this.#options)
    page.provoke(422) // the password alone is not enough where a code is asked for
    const hands = new this.#Hands(page)
    await page.goto('/')
    await hands.type('Tên đăng nhập', login)
    await hands.type('Mật khẩu', PASSWORD)
    await hands.act('Đăng nhập')
    if ([LEADER, SEAL].includes(login)) {
      await see(page, 'Nhập lại mật khẩu và mã xác thực')
      await hands.type('Mật khẩu', PASSWORD)
      await hands.type('Mã xác thực', await this.#office.code(login))
      await hands.act('Đăng nhập')
    }
    await page.getByRole('search').waitFor()
    return { page, hands }
  }

  /** The whole day; `received` is called when the slip of the reception is on the screen. */
  async run (received = () => {}) {
    const clerk = await this.#arrive(CLERK)
    const address = await this.reception(clerk)
    const number = await numberOn(clerk.page)
    await received(clerk)
    await clerk.hands.act('Chuyển giải quyết')
    await see(clerk.page, 'Đã chuyển giải quyết')
    await this.#step(OFFICER, address, async ({ page, hands }) => {
      await hands.act('Soạn kết quả')
      await hands.type('Nội dung kết quả', 'Chứng thực 02 bản sao đúng với bản chính.')
      await hands.act('Lưu dự thảo, lập văn bản')
      await see(page, 'Đã lưu dự thảo kết quả')
      await hands.act('Trình: Lãnh đạo ký duyệt')
      await see(page, 'Đã chuyển bước sau')
    })
    await this.#step(LEADER, address, async ({ page, hands }) => {
      await sign(page, hands)
    })
    await this.#step(SEAL, address, async ({ page, hands }) => {
      await hands.act('Vào sổ, phát hành')
      await see(page, 'Đã vào sổ, phát hành kết quả')
      await sealed(page)
    })
    await this.#returning(clerk, number)
    await clerk.page.leave()
  }

  /** From the empty counter form to the slip. */
  async reception ({ page, hands }) {
    await hands.scan('Quét thẻ căn cước', CARD)
    await see(page, 'Nguyễn Thị An')
    await see(page, '0381****0017')
    await hands.choose('Tên hoặc mã thủ tục', COPIES)
    await see(page, 'còn thiếu 1 giấy tờ bắt buộc')
    await hands.act('Đã đủ giấy tờ')
    await see(page, 'đủ giấy tờ bắt buộc')
    await hands.type('Số trang 1', '1')
    await hands.act('Tiếp nhận, in giấy hẹn')
    await page.getByRole('heading', { name: 'Đã tiếp nhận hồ sơ' }).waitFor()
    const address = new URL(page.url()).pathname
    await isPdf(page, `${address}/phieu/01`)
    return address
  }

  async #step (login, address, work) {
    const person = await this.#arrive(login)
    await person.hands.open()
    await person.page.getByRole('heading', { level: 1, name: /Chứng thực bản sao/ }).waitFor()
    assert.equal(new URL(person.page.url()).pathname, address)
    await work(person)
    await person.page.leave()
  }

  async #returning ({ page, hands }, number) {
    await page.goto('/tra-ket-qua')
    await hands.open()
    await see(page, number.slice(-4))
    await hands.act('Trả kết quả')
    await see(page, 'Người nhận')
    await identify(page, hands)
    await hands.act('Trả kết quả')
    await see(page, 'Hồ sơ đã kết thúc')
    const said = await page.locator('main').innerText()
    assert.match(said, /Trả kết quả cho người nộp/)
    assert.match(said, /Phát hành kết quả số 01\//)
  }
}

/** Waits until the issued result of the open dossier bears the agency's seal; nobody gets it before. */
export async function sealed (page) {
  await until('the result is sealed', async () => {
    await page.reload()
    return (await page.locator('.story').textContent()).includes('Lập văn bản kết quả')
  })
}

/** The slip is a PDF as soon as it is made. */
export async function isPdf (page, address) {
  await until(`${address} is a PDF`, async () => {
    const answer = await page.context().request.get(address)
    if (answer.status() === 202) return false
    assert.equal(answer.status(), 200)
    assert.match(answer.headers()['content-type'], /^application\/pdf/)
    assert.equal((await answer.body()).subarray(0, 5).toString(), '%PDF-')
    return true
  })
}

/** What a PDF says, in one line. */
export async function pdfText (page, address) {
  await isPdf(page, address)
  const answer = await page.context().request.get(address)
  const said = execFileSync('pdftotext', ['-', '-'], { input: await answer.body() })
  return said.toString().replace(/\s+/g, ' ')
}
