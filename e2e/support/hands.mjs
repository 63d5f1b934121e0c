// Two ways to work the same pages: by the keys that stand on them, and by pointing, without script.
import { field, see } from './browser.mjs'
import { PIN } from './office.mjs'

/** Presses what the page says to press. Counts as a person would: a key, a typed text, a scan. */
export class Keys {
  interactions = 0
  #page

  constructor (page) {
    this.#page = page
  }

  async press (key) {
    this.interactions++
    await this.#page.keyboard.press(key)
  }

  /** As long as a page loads, its own script may set the focus. */
  async #ready () {
    await this.#page.waitForLoadState('load')
  }

  /** Types where the cursor stands; the page must have put it there, or the field is entered. */
  async type (label, text) {
    const here = field(this.#page, label)
    await here.waitFor()
    await this.#ready()
    if (!await here.evaluate(element => element === document.activeElement)) await this.#reach(here)
    this.interactions++
    await this.#page.keyboard.type(text)
  }

  /** Enters a field by its key, or by Tab where it has none. */
  async #reach (here) {
    const key = await here.getAttribute('data-key')
    if (key) return await this.press(key)
    for (let tries = 0; tries < 40; tries++) {
      await this.press('Tab')
      if (await here.evaluate(element => element === document.activeElement)) return
    }
    throw new Error(`Tab does not reach ${await here.getAttribute('name')}`)
  }

  /** A hand scanner types the card and ends it with Enter, in one go. */
  async scan (label, card) {
    await this.type(label, card)
    await this.#page.keyboard.press('Enter')
  }

  /** Does an act by the key written on it. */
  async act (name) {
    const act = button(this.#page, name)
    await act.waitFor()
    const shown = (await act.locator('kbd').allInnerTexts()).at(-1)
    if (!shown) throw new Error(`no key stands on ${name}`)
    await this.press(shown.split(' ').map(part => part.length === 1 ? part.toLowerCase() : part).join('+').replace('Ctrl', 'Control'))
  }

  /** Does an act that has no key of its own: goes to it with Tab and presses it. */
  async push (name) {
    const act = button(this.#page, name)
    await act.waitFor()
    await this.#reach(act)
    await this.press('Enter')
  }

  /** Chooses a file at a field, with the keyboard: the browser's own window is answered. */
  async file (label, file) {
    const here = typeof label === 'string' ? field(this.#page, label) : label
    await here.waitFor()
    await this.#ready()
    // Asked for before anything is pressed: a window that opens unheard opens for nobody.
    const chooser = this.#page.waitForEvent('filechooser')
    await here.focus()
    await this.press('Space')
    await (await chooser).setFiles(file)
  }

  /** Opens a dossier from the list that is open, the first or the one below. */
  async open () {
    await this.press('j')
    await this.press('Enter')
  }

  async choose (label, text) {
    await this.type(label, text)
    await this.#page.locator('.combo-option').filter({ hasText: text }).first().waitFor()
    await this.press('Enter')
  }
}

/** Points and clicks; nothing needs a script. */
export class Pointer {
  #page

  constructor (page) {
    this.#page = page
  }

  async type (label, text) {
    await field(this.#page, label).fill(text)
  }

  async scan (label, card) {
    await this.type(label, card)
    await this.#page.getByRole('button', { name: 'Điền' }).click()
  }

  async act (name) {
    await button(this.#page, name).click()
  }

  async open () {
    await this.#page.locator('[data-row-link]').first().click()
  }

  async choose (label, text) {
    await this.type(label, text)
    await this.#page.getByRole('button', { name: 'Chọn', exact: true }).click()
  }
}

/** Approves the dossier that is open: opens what is to be signed, and signs it with the PIN. */
export async function sign (page, hands) {
  await hands.act('Ký duyệt')
  await see(page, 'Đọc văn bản sẽ ký')
  await enterPin(page, hands)
}

/** Signs what the open form shows. */
export async function enterPin (page, hands) {
  await hands.type('Mã PIN khóa ký', PIN)
  await hands.act('Ký số và duyệt')
  await see(page, 'Ký số văn bản kết quả')
}

/** Says on the open form that whoever takes the result showed the card of the demonstration's An. */
export async function identify (page, hands) {
  await field(page, 'Giấy tờ của người nhận đã xem').selectOption('card')
  await hands.type('4 số cuối', '0017')
}

/** What does the act: a button, or a link to its form. */
function button (page, name) {
  const act = page.locator('main').getByRole('button', { name }).or(page.locator('main').getByRole('link', { name }))
  return act.filter({ visible: true }).first()
}
