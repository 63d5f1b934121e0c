// The error summary takes focus when the page opens, and its links enter the field they speak of.

export function start (): void {
  const summary = document.querySelector<HTMLElement>('.govuk-error-summary')
  if (!summary) return
  summary.tabIndex = -1
  summary.focus()
  summary.addEventListener('click', event => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="#"]')
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)))
    if (!field) return
    event.preventDefault()
    const words = (field as HTMLInputElement).labels?.[0] ?? field.closest('fieldset')?.querySelector('legend') ?? field
    words.scrollIntoView()
    field.focus({ preventScroll: true })
  })
}
