// [data-print] prints the page; data-print="frame-id" prints the slip shown in that frame, and the
// link is followed instead where the browser does not allow it.

export function start (): void {
  document.addEventListener('click', event => {
    const control = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-print]') : null
    if (!control) return
    const id = control.dataset['print'] ?? ''
    const frame = id === '' ? window : (document.getElementById(id) as HTMLIFrameElement | null)?.contentWindow
    try {
      frame?.focus()
      frame?.print()
      if (frame) event.preventDefault()
    } catch { /* the link opens the slip, where the browser's own print is at hand */ }
  })
}
