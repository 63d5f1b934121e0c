// A form that changes something is sent once. Nothing is disabled: the button stays live, says it is
// busy, and a second press within ten seconds changes nothing.
const QUIET_MS = 10_000

/** True if a form sent at `last` may be sent again at `now`. */
export function maySend (last: number | undefined, now: number): boolean {
  return last === undefined || now - last >= QUIET_MS
}

/** True if sending the form leaves this page: not for a download, a new tab or a dialog. */
export function leavesPage (form: HTMLFormElement, by: HTMLElement | null): boolean {
  const target = by?.getAttribute('formtarget') ?? form.target
  const method = by?.getAttribute('formmethod') ?? form.method
  return (target === '' || target === '_self') && method !== 'dialog' && !by?.hasAttribute('data-again')
}

export function start (): void {
  const sent = new WeakMap<HTMLFormElement, number>()
  const busy = new Set<HTMLElement>()

  document.addEventListener('submit', event => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return
    const by = event.submitter
    if ((by?.getAttribute('formmethod') ?? form.method) !== 'post' || !leavesPage(form, by)) return
    const now = Date.now()
    if (!maySend(sent.get(form), now)) return event.preventDefault()
    sent.set(form, now)
    if (by) {
      by.setAttribute('aria-busy', 'true')
      busy.add(by)
    }
    for (const word of form.querySelectorAll<HTMLElement>('[data-busy]')) {
      word.hidden = false
      busy.add(word)
    }
  })

  // Back from the next page: the same document may still be here.
  addEventListener('pageshow', event => {
    if (!event.persisted) return
    for (const form of document.forms) sent.delete(form)
    for (const element of busy) {
      if (element.hasAttribute('data-busy')) element.hidden = true
      element.removeAttribute('aria-busy')
    }
    busy.clear()
  })
}
