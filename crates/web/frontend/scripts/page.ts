// Small questions every module asks of the page.

const TYPED = new Set(['text', 'search', 'tel', 'email', 'url', 'number', 'password', 'date', 'time', 'month', 'datetime-local'])

/** True where letters are typed, so that single-letter keys must stay quiet. */
export function isField (element: Element | null): boolean {
  if (element instanceof HTMLInputElement) return TYPED.has(element.type)
  return element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement ||
    (element instanceof HTMLElement && element.isContentEditable)
}

/** Shown, and not behind a dialog. */
export function isReachable (element: Element): boolean {
  if (element.closest('[inert]') || element.getClientRects().length === 0) return false
  const open = topDialog()
  return !open || open.contains(element)
}

/** The modal dialog on top, if one is open. */
export function topDialog (): HTMLDialogElement | null {
  return [...document.querySelectorAll<HTMLDialogElement>('dialog:modal')].at(-1) ?? null
}

/** Does what a click would do; a field is entered instead, with its content chosen. */
export function activate (element: HTMLElement): void {
  if (isField(element)) {
    element.focus()
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) element.select()
  } else if (element instanceof HTMLDetailsElement) {
    element.open = !element.open
    element.querySelector('summary')?.focus()
  } else {
    element.click()
  }
}

export function csrf (): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? ''
}

/** After a new sign-in in another tab the old token is void; the answer brings the new one. */
export function renewCsrf (token: string): void {
  const old = csrf()
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf"]')
  if (meta) meta.content = token
  for (const input of document.querySelectorAll<HTMLInputElement>('input[type="hidden"]')) {
    if (old !== '' && input.value === old) input.value = token
  }
}

/** localStorage may be forbidden by the browser's settings; then nothing is kept. */
export const storage = {
  get (key: string): string | null {
    try { return localStorage.getItem(key) } catch { return null }
  },
  set (key: string, value: string): boolean {
    try { localStorage.setItem(key, value); return true } catch { return false }
  },
  remove (key: string): void {
    try { localStorage.removeItem(key) } catch { /* nothing was kept */ }
  },
  keys (): string[] {
    try { return Object.keys(localStorage) } catch { return [] }
  }
}
