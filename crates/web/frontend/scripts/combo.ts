// [data-combo]: a text field that offers matches as one types (the editable combobox of the ARIA
// Authoring Practices). Without script it is a text field with a button.
import { fits } from './fold'

interface Item { readonly value: string, readonly label: string, readonly hint?: string }

const WAIT_MS = 120
let made = 0

export function start (): void {
  for (const input of document.querySelectorAll<HTMLInputElement>('input[data-combo]')) new Combo(input)
}

class Combo {
  readonly #input: HTMLInputElement
  readonly #list: HTMLUListElement
  readonly #local: Item[]
  #items: Item[] = []
  #at = -1
  #timer = 0
  #asking: AbortController | null = null

  constructor (input: HTMLInputElement) {
    this.#input = input
    this.#local = [...(input.list?.options ?? [])].map(option => ({ value: option.value, label: option.value, hint: option.label === option.value ? '' : option.label }))
    input.removeAttribute('list') // or the browser would open its own list over ours
    this.#list = this.#makeList()
    for (const [name, value] of Object.entries({ role: 'combobox', autocomplete: 'off', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': this.#list.id })) {
      input.setAttribute(name, value)
    }
    input.addEventListener('input', () => {
      const into = this.#into()
      if (into) into.value = '' // typed words are no longer the choice made before
      this.#later()
    })
    input.addEventListener('keydown', event => { this.#onKey(event) })
    input.addEventListener('blur', () => { this.#close() })
  }

  /** The hidden field that carries the value of the choice, if the page has one. */
  #into (): HTMLInputElement | null {
    const field = document.getElementById(this.#input.dataset['comboInto'] ?? '')
    return field instanceof HTMLInputElement ? field : null
  }

  #makeList (): HTMLUListElement {
    const list = document.createElement('ul')
    list.id = `combo-list-${++made}`
    list.className = 'combo-list'
    list.role = 'listbox'
    list.hidden = true
    const label = this.#input.labels?.[0]?.textContent?.trim()
    list.setAttribute('aria-label', label ?? '')
    this.#input.insertAdjacentElement('afterend', list)
    this.#input.parentElement?.classList.add('combo')
    // Pressing an option must not take focus from the field before the click arrives.
    list.addEventListener('mousedown', event => { event.preventDefault() })
    list.addEventListener('click', event => {
      const option = (event.target as Element).closest<HTMLElement>('[data-at]')
      if (option) this.#choose(Number(option.dataset['at']))
    })
    return list
  }

  #later (): void {
    clearTimeout(this.#timer)
    this.#timer = window.setTimeout(() => { void this.#find() }, WAIT_MS)
  }

  async #find (): Promise<void> {
    const asked = this.#input.value.trim()
    this.#asking?.abort()
    if (asked === '') return this.#close()
    const url = this.#input.dataset['comboUrl']
    if (!url) return this.#show(this.#local.filter(item => fits(`${item.label} ${item.hint ?? ''}`, asked)).slice(0, 12))
    this.#asking = new AbortController()
    try {
      const response = await fetch(`${url}${url.includes('?') ? '&' : '?'}q=${encodeURIComponent(asked)}`,
        { signal: this.#asking.signal, headers: { accept: 'application/json' } })
      // The answer to an older question, or one that came after the choice, is not shown.
      if (response.ok && document.activeElement === this.#input) this.#show(await response.json() as Item[])
    } catch { /* aborted, or no line: the field and its button still work */ }
  }

  #show (items: Item[]): void {
    this.#items = items
    this.#list.replaceChildren(...items.map((item, at) => this.#option(item, at)))
    const none = this.#input.dataset['comboNone']
    if (items.length === 0 && none) {
      const line = document.createElement('li')
      line.className = 'combo-none'
      line.textContent = none
      this.#list.append(line)
    }
    const open = this.#list.childElementCount > 0
    this.#list.hidden = !open
    this.#input.setAttribute('aria-expanded', String(open))
    this.#stand(items.length > 0 ? 0 : -1)
  }

  #option (item: Item, at: number): HTMLLIElement {
    const option = document.createElement('li')
    option.id = `${this.#list.id}-${at}`
    option.className = 'combo-option'
    option.role = 'option'
    option.dataset['at'] = String(at)
    const words = document.createElement('span')
    words.textContent = item.label
    option.append(words)
    if (item.hint) {
      const hint = document.createElement('small')
      hint.textContent = item.hint
      option.append(hint)
    }
    return option
  }

  #stand (at: number): void {
    this.#at = at
    for (const option of this.#list.querySelectorAll('[data-at]')) {
      option.setAttribute('aria-selected', String(option.id === `${this.#list.id}-${at}`))
    }
    const here = document.getElementById(`${this.#list.id}-${at}`)
    here?.scrollIntoView({ block: 'nearest' })
    if (here) this.#input.setAttribute('aria-activedescendant', here.id)
    else this.#input.removeAttribute('aria-activedescendant')
  }

  #close (): void {
    clearTimeout(this.#timer)
    this.#list.hidden = true
    this.#input.setAttribute('aria-expanded', 'false')
    this.#stand(-1)
  }

  #onKey (event: KeyboardEvent): void {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return
    const open = !this.#list.hidden
    const count = this.#items.length
    if (event.code === 'ArrowDown' || event.code === 'ArrowUp') {
      if (!open) void this.#find()
      else if (count > 0) this.#stand((this.#at + (event.code === 'ArrowDown' ? 1 : count - 1)) % count)
    } else if ((event.code === 'Enter' || event.code === 'NumpadEnter') && open && this.#at >= 0) {
      this.#choose(this.#at)
    } else if ((event.code === 'Enter' || event.code === 'NumpadEnter') && this.#submit()) {
      // What was typed goes to the server as it is: it knows codes and whole names.
    } else if (event.code === 'Escape' && open) {
      this.#close()
    } else {
      return
    }
    event.preventDefault()
  }

  #choose (at: number): void {
    const item = this.#items[at]
    if (!item) return
    const into = this.#into()
    if (into) into.value = item.value
    this.#input.value = item.label
    this.#close()
    this.#input.dispatchEvent(new Event('change', { bubbles: true }))
    this.#submit()
  }

  #submit (): boolean {
    const button = document.getElementById(this.#input.dataset['comboSubmit'] ?? '')
    if (!(button instanceof HTMLButtonElement)) return false
    button.form?.requestSubmit(button)
    return true
  }
}
