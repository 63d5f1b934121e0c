// What a journey finds already done: dossiers brought as far as it begins, by the interface for programs.
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { until } from './browser.mjs'
import { PIN } from './office.mjs'
import { CLERK, COPIES, LEADER, OFFICER, SEAL, enter } from './people.mjs'

/** The citizen of the card, and a paper of hers to be certified. */
const AN = {
  name: 'Nguyễn Thị An', number: '038199000017', birth: '31/12/1999',
  address: 'Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa', phone: '0912 345 678'
}
const ONE_COPY = { procedure: COPIES, c1: 'paper', pages1: '1' }

/** A ward's people as programs, each signed in once. */
export class Already {
  #here
  #hands = new Map()

  constructor (here) {
    this.#here = here
  }

  async #who (login) {
    if (!this.#hands.has(login)) {
      const page = await enter(this.#here.browser, this.#here.office, login)
      await page.goto('/quy-tac')
      const secret = await page.locator('meta[name="csrf"]').getAttribute('content')
      this.#hands.set(login, { page, secret })
    }
    return this.#hands.get(login)
  }

  /** Sends as a person does whose page is open. */
  async #send (login, path, data) {
    const { page, secret } = await this.#who(login)
    const headers = { 'x-csrf-token': secret, 'idempotency-key': randomUUID() }
    const answer = data === undefined
      ? await page.request.get(path)
      : await page.request.post(path, { data, headers })
    const said = await answer.text()
    assert.ok(answer.ok(), `${login} ${path}: ${answer.status()} ${said}`)
    return JSON.parse(said)
  }

  async #give (login, id, command, fields = {}) {
    const at = `/api/v1/dossiers/${id}`
    const { version } = await this.#send(login, at)
    await this.#send(login, `${at}/commands/${command}`, { version, fields })
  }

  /** Received at the counter; gives the dossier's identifier. */
  async received (fields = ONE_COPY) {
    const { dossier } = await this.#send(CLERK, '/api/v1/dossiers', { fields: { ...AN, ...fields } })
    return dossier
  }

  /** Handed over to the agency that decides. */
  async handedOver (id) {
    await this.#give(CLERK, id, 'hand_over')
  }

  /** Drafted, and submitted to the leader. */
  async drafted (id, fields = {}) {
    const draft = { outcome: 'granted', summary: 'Đồng ý với đề nghị của người nộp.', ...fields }
    await this.#give(OFFICER, id, 'draft_result', draft)
    await this.#give(OFFICER, id, 'forward')
  }

  /** A dossier that waits for the leader's signature. */
  async toSign (fields = ONE_COPY, draft = {}) {
    const id = await this.received(fields)
    await this.handedOver(id)
    await this.drafted(id, draft)
    return id
  }

  /** Signed by the leader, who reads it first. */
  async signed (id) {
    const { page } = await this.#who(LEADER)
    const answer = await page.request.get(`/ho-so/${id}/van-ban-ky`)
    const document = createHash('sha256').update(await answer.body()).digest('hex')
    await this.#give(LEADER, id, 'sign_result', { pin: PIN, document })
  }

  /** Entered into the register; the agency's seal follows by itself. */
  async numbered (id) {
    await this.#give(SEAL, id, 'issue')
  }

  async issued (id) {
    await this.signed(id)
    await this.numbered(id)
  }

  /** A correction of the result is opened; gives the dossier that carries it. */
  async corrected (id, fields) {
    await this.#give(LEADER, id, 'open_correction', fields)
    const { corrections } = await this.#send(LEADER, `/api/v1/dossiers/${id}`)
    return corrections.at(-1).dossier
  }

  /** The sealed document, once it is there. */
  async sealed (id) {
    const { page } = await this.#who(SEAL)
    let document = null
    await until(`${id} is sealed`, async () => {
      const answer = await page.request.get(`/api/v1/dossiers/${id}/result`)
      if (answer.status() === 200) document = await answer.body()
      return document !== null
    })
    return document
  }

  async leave () {
    for (const { page } of this.#hands.values()) await page.leave()
  }
}
