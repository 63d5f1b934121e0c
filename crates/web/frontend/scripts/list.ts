// Lists by keyboard: J K or arrows, X chooses, Enter opens, 1-9 filter, and the bulk bar that counts
// what it can do and names what it cannot.
import { singlesOn } from './keys'
import { isField, topDialog } from './page'

type Move = 'next' | 'previous' | 'tick' | 'open'

const MOVES: Readonly<Record<string, Move>> = {
  KeyJ: 'next', ArrowDown: 'next', KeyK: 'previous', ArrowUp: 'previous', KeyX: 'tick', Enter: 'open'
}

const tickOf = (row: Element): HTMLInputElement | null => row.querySelector<HTMLInputElement>('input.tick')
const linkOf = (row: Element): HTMLElement | null =>
  row.querySelector<HTMLElement>('[data-row-link]') ?? row.querySelector<HTMLElement>('a[href]')

export function start (): void {
  for (const list of document.querySelectorAll<HTMLElement>('[data-list]')) new List(list)
  document.addEventListener('keydown', pressFilter)
}

function pressFilter (event: KeyboardEvent): void {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1]
  if (!digit || !singlesOn() || isBusy(event)) return
  const filter = document.querySelectorAll<HTMLElement>('[data-filter]')[Number(digit) - 1]
  if (!filter) return
  event.preventDefault()
  filter.click()
}

function isBusy (event: KeyboardEvent): boolean {
  return event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey ||
    isField(document.activeElement) || document.activeElement?.matches('input[type="radio"]') === true || topDialog() !== null
}

class List {
  readonly #root: HTMLElement

  constructor (root: HTMLElement) {
    this.#root = root
    for (const row of this.#rows()) row.tabIndex = -1
    root.addEventListener('change', event => { this.#onChange(event) })
    root.addEventListener('focusin', event => {
      const row = (event.target as Element).closest<HTMLElement>('[data-row]')
      if (row) this.#stand(row)
    })
    // A reset form restores its ticks after this event, not before.
    root.closest('form')?.addEventListener('reset', () => setTimeout(() => { this.#count() }))
    document.addEventListener('keydown', event => { this.#onKey(event) })
    this.#count()
  }

  #rows (): HTMLElement[] {
    return [...this.#root.querySelectorAll<HTMLElement>('[data-row]')]
  }

  #here (): HTMLElement | null {
    return this.#root.querySelector<HTMLElement>('[data-row].is-here')
  }

  #stand (row: HTMLElement): void {
    if (row.classList.contains('is-here')) return
    this.#here()?.classList.remove('is-here')
    row.classList.add('is-here')
  }

  #go (step: number): void {
    const rows = this.#rows()
    const here = this.#here()
    // The first press on a page stands on the current row, or on the first.
    const inside = here !== null && here.contains(document.activeElement)
    const at = here ? rows.indexOf(here) + (inside ? step : 0) : 0
    const row = rows[Math.max(0, Math.min(rows.length - 1, at))]
    row?.focus({ preventScroll: true })
    row?.scrollIntoView({ block: 'nearest' })
  }

  #onKey (event: KeyboardEvent): void {
    const move = MOVES[event.code]
    if (!move || isBusy(event) || (event.code.startsWith('Key') && !singlesOn())) return
    const active = document.activeElement
    if (event.code.startsWith('Arrow') && active !== document.body && !this.#root.contains(active)) return
    if (move === 'next' || move === 'previous') {
      this.#go(move === 'next' ? 1 : -1)
    } else {
      const here = this.#here()
      // Enter on a link or button is that link's or button's own.
      const own = move === 'open' && active !== document.body && active !== here && !(active?.matches('input.tick') && here?.contains(active))
      if (!here || own) return
      if (move === 'open') linkOf(here)?.click()
      else this.#tick(here)
    }
    event.preventDefault()
  }

  #tick (row: HTMLElement): void {
    const tick = tickOf(row)
    if (tick && !tick.disabled) tick.click()
    row.focus({ preventScroll: true })
  }

  #onChange (event: Event): void {
    const all = event.target
    if (all instanceof HTMLInputElement && all.matches('[data-tick-all]')) {
      for (const row of this.#rows()) {
        const tick = tickOf(row)
        if (tick && !tick.disabled) tick.checked = all.checked
      }
    }
    this.#count()
  }

  #count (): void {
    const rows = this.#rows()
    const chosen = rows.filter(row => tickOf(row)?.checked)
    for (const row of rows) row.classList.toggle('is-chosen', chosen.includes(row))
    const all = this.#root.querySelector<HTMLInputElement>('[data-tick-all]')
    if (all) {
      all.checked = chosen.length > 0 && rows.every(row => tickOf(row)?.checked || tickOf(row)?.disabled)
      all.indeterminate = chosen.length > 0 && !all.checked
    }
    for (const place of document.querySelectorAll('[data-bulk-count]')) place.textContent = String(chosen.length)
    for (const bar of this.#root.querySelectorAll<HTMLElement>('[data-bulk]')) this.#countActs(bar, chosen)
  }

  /** Rows say what can be done with them in data-can; buttons and notes say which deed they speak of. */
  #countActs (bar: HTMLElement, chosen: HTMLElement[]): void {
    const able = (act: string): number => chosen.filter(row => (row.dataset['can'] ?? '').split(' ').includes(act)).length
    for (const button of bar.querySelectorAll<HTMLElement>('[data-bulk-act]')) {
      const place = button.querySelector('[data-bulk-n]')
      if (place) place.textContent = String(able(button.dataset['bulkAct'] ?? ''))
    }
    for (const note of bar.querySelectorAll<HTMLElement>('[data-bulk-cannot]')) {
      const left = chosen.length - able(note.dataset['bulkCannot'] ?? '')
      note.hidden = left === 0
      const place = note.querySelector('[data-bulk-n]')
      if (place) place.textContent = String(left)
    }
  }
}
