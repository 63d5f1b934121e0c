// A signature under a receipt, drawn with finger, pen or mouse in [data-pad]. Without this file the
// sheet is signed on paper: the offer to sign on the screen is hidden until it can be kept.
import { Lines, type Point } from './lines'

export function start (): void {
  for (const pad of document.querySelectorAll<HTMLElement>('[data-pad]')) open(pad)
}

function open (pad: HTMLElement): void {
  const area = pad.querySelector('canvas')
  const kept = pad.querySelector<HTMLInputElement>('input[name="signature"]')
  const form = pad.closest('form')
  const pen = area?.getContext('2d')
  if (!area || !kept || !form || !pen) return
  const lines = new Lines()
  for (const offer of form.querySelectorAll<HTMLElement>('[data-pad-offer]')) offer.hidden = false
  const show = (): void => { pad.hidden = form.querySelector<HTMLInputElement>('input[name="receipt"]:checked')?.value !== 'screen' }
  const keep = (): void => { kept.value = lines.drawn ? area.toDataURL('image/png').replace(/^data:image\/png;base64,/, '') : '' }
  const at = (event: PointerEvent): Point => {
    const box = area.getBoundingClientRect()
    return { x: (event.clientX - box.left) * area.width / box.width, y: (event.clientY - box.top) * area.height / box.height }
  }
  const draw = (from: Point, to: Point): void => {
    pen.lineWidth = 4
    pen.lineCap = 'round'
    pen.strokeStyle = '#10204a'
    pen.beginPath()
    pen.moveTo(from.x, from.y)
    pen.lineTo(to.x, to.y)
    pen.stroke()
  }
  area.addEventListener('pointerdown', event => {
    if (!event.isPrimary || event.button !== 0) return
    event.preventDefault()
    area.setPointerCapture(event.pointerId)
    lines.begin(at(event), draw)
  })
  area.addEventListener('pointermove', event => { if (event.isPrimary) lines.go(at(event), draw) })
  for (const over of ['pointerup', 'pointercancel'] as const) {
    area.addEventListener(over, () => { if (lines.end()) keep() })
  }
  pad.querySelector('[data-pad-clear]')?.addEventListener('click', () => {
    pen.clearRect(0, 0, area.width, area.height)
    lines.clear()
    keep()
  })
  form.addEventListener('change', show)
  show()
  if (kept.value !== '') again(kept.value, pen).then(() => lines.restored(), () => { kept.value = '' })
}

/** What was drawn before the page came back with a fault. */
async function again (drawing: string, pen: CanvasRenderingContext2D): Promise<void> {
  const bytes = Uint8Array.from(atob(drawing), letter => letter.charCodeAt(0))
  pen.drawImage(await createImageBitmap(new Blob([bytes], { type: 'image/png' })), 0, 0)
}
