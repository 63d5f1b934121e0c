// form[data-print="frame-id"] prints the slip shown in that frame: sending the form counts the print.
// Where the browser does not allow it, or the print was not counted, the form is sent as it stands and
// opens the slip, where the browser's own print is at hand.

export function start (): void {
  document.addEventListener('submit', event => {
    const form = event.target
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return
    const frame = document.getElementById(form.dataset['print'] ?? '')
    if (!(frame instanceof HTMLIFrameElement)) return
    event.preventDefault()
    void print(form, frame)
  })
}

async function print (form: HTMLFormElement, frame: HTMLIFrameElement): Promise<void> {
  try {
    await count(form)
    frame.contentWindow?.focus()
    frame.contentWindow?.print()
  } catch {
    form.submit()
  }
}

async function count (form: HTMLFormElement): Promise<void> {
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value)
  // The answer leads to the slip, which is here already.
  const answer = await fetch(form.action, { method: 'POST', headers: { accept: 'application/json' }, body, redirect: 'manual' })
  if (!answer.ok && answer.type !== 'opaqueredirect') throw new Error('the print was not counted')
}
