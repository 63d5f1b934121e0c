// [data-reader]: documents are read beside their list before they are signed. A link [data-read] opens
// in the panel; once its document has come, its row is ticked and counts as read.
import { isField } from './page'

const plain = (event: MouseEvent): boolean => !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0

class Reader {
  readonly #root: HTMLElement
  #asked = ''

  constructor (root: HTMLElement) {
    this.#root = root
    for (const link of root.querySelectorAll<HTMLAnchorElement>('a[data-read]')) {
      link.addEventListener('click', event => {
        if (!plain(event)) return
        event.preventDefault()
        void this.#read(link)
      })
    }
    // The document whose return was not understood, or else the first one.
    const forms = [...root.querySelectorAll<HTMLFormElement>('form[data-return]')]
    const first = forms.find(form => form.querySelector('[aria-invalid]')) ?? forms[0]
    if (first) this.#offer(first.dataset['return'] ?? '')
    const back = root.querySelector<HTMLDetailsElement>('details:has(form[data-return])')
    back?.addEventListener('toggle', () => {
      if (back.open && back.contains(document.activeElement)) forms.find(form => !form.hidden)?.querySelector('textarea')?.focus()
    })
    root.addEventListener('focusin', event => {
      const row = (event.target as Element).closest('[data-row]')
      const link = row?.querySelector<HTMLElement>('a[data-read]')
      if (link) this.#offer(link.dataset['read'] ?? '')
    })
  }

  async #read (link: HTMLAnchorElement): Promise<void> {
    this.#asked = link.href
    const response = await fetch(link.href, { cache: 'no-store' }).catch(() => null)
    // What is gone or cannot be made says so on a page of its own.
    if (!response?.ok) return location.assign(link.href)
    this.#mark(link)
    if (this.#asked !== link.href) return
    const frame = this.#root.querySelector<HTMLIFrameElement>('[data-reading-frame]')
    if (!frame) return
    frame.hidden = false
    frame.src = `${link.href}#navpanes=0&view=FitH`
    for (const none of this.#root.querySelectorAll<HTMLElement>('[data-reading-none]')) none.hidden = true
    for (const open of this.#root.querySelectorAll<HTMLAnchorElement>('[data-reading-open]')) open.href = link.href
    const title = this.#root.querySelector('[data-reading]')
    if (title) title.textContent = link.closest('th')?.querySelector('.code')?.textContent ?? title.textContent
    this.#offer(link.dataset['read'] ?? '')
  }

  #mark (link: HTMLAnchorElement): void {
    const row = link.closest('[data-row]')
    const tick = row?.querySelector<HTMLInputElement>('input.tick')
    // Where the key is at the desk nothing is ticked: what was read goes out in its turn.
    const unread = row?.querySelector('[data-unread]')
    if (!row || !(tick?.disabled || unread)) return
    unread?.removeAttribute('data-unread')
    const look = row.querySelector('[data-read-state]')
    if (look) look.className = 'state state-scan'
    const state = row.querySelector('[data-read-text]')
    if (state) state.textContent = link.dataset['readWords'] ?? state.textContent
    if (!tick) return
    tick.disabled = false
    tick.checked = true
    tick.dispatchEvent(new Event('change', { bubbles: true }))
  }

  /** Only the document at hand is given back, unless a reason is being typed. */
  #offer (place: string): void {
    const forms = [...this.#root.querySelectorAll<HTMLFormElement>('form[data-return]')]
    if (forms.some(form => form.contains(document.activeElement) && isField(document.activeElement))) return
    for (const form of forms) form.hidden = form.dataset['return'] !== place
  }
}

export function start (): void {
  for (const root of document.querySelectorAll<HTMLElement>('[data-reader]')) new Reader(root)
}
