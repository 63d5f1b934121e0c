// A hand scanner types its text and ends it with Enter. In [data-scan] that Enter must press the
// scan's own button: without this, the browser would press the form's first.

export function start (): void {
  for (const field of document.querySelectorAll<HTMLInputElement>('input[data-scan]')) {
    field.addEventListener('keydown', event => {
      if (event.code !== 'Enter' && event.code !== 'NumpadEnter') return
      event.preventDefault()
      if (field.value.trim() === '') return
      const button = buttonOf(field)
      if (button) button.form?.requestSubmit(button)
      else field.form?.requestSubmit()
    })
  }
}

function buttonOf (field: HTMLInputElement): HTMLButtonElement | null {
  return field.form
    ? [...field.form.elements].find((part): part is HTMLButtonElement => part.matches('button[data-scan-submit]')) ?? null
    : null
}
