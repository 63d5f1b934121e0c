// [data-pages]: what copies cost by their pages, added up while one types. The server counts again.
const written = (amount: number): string => `${String(amount).replace(/\B(?=(\d{3})+$)/g, '.')} đ`

export interface PageFee { readonly first: number, readonly firstPages: number, readonly next: number, readonly most: number }

/** The charge for copies of a paper, as the law counts it. */
export function charge (fee: PageFee, pages: number, copies: number): number {
  const first = Math.min(pages, fee.firstPages)
  return Math.min(first * fee.first + (pages - first) * fee.next, fee.most) * copies
}

/** A count as it was typed: nothing is one, and what is no count is none. */
function count (input: HTMLInputElement | undefined): number | null {
  const text = input?.value.trim() ?? ''
  return text === '' ? 1 : /^[1-9]\d{0,3}$/.test(text) ? Number(text) : null
}

function add (place: HTMLElement, fee: PageFee): void {
  let total = 0
  for (const row of place.querySelectorAll('[data-pages-row]')) {
    const inputs = [...row.querySelectorAll('input')]
    const cell = row.querySelector('[data-pages-fee]')
    const pages = count(inputs[0])
    const copies = count(inputs[1])
    const empty = inputs.every(input => input.value.trim() === '')
    const cost = empty || pages === null || copies === null ? null : charge(fee, pages, copies)
    total += cost ?? 0
    if (cell) cell.textContent = cost === null ? '' : written(cost)
  }
  const shown = document.querySelector('[data-pages-total]')
  if (shown && total > 0) shown.textContent = written(total)
}

export function start (): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-pages]')) {
    const of = (name: string): number => Number(place.dataset[name])
    const fee = { first: of('first'), firstPages: of('firstPages'), next: of('next'), most: of('most') }
    place.addEventListener('input', () => { add(place, fee) })
  }
}
