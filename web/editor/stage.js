// Where findings stand on a diagram: on its elements.

export class Stage {
  constructor(modeler) { this.modeler = modeler; this.marks = []; }

  get(id) { return this.modeler.get('elementRegistry').get(id); }

  name(id) { const element = this.get(id); return element && (element.businessObject.name || id); }

  clear() {
    const overlays = this.modeler.get('overlays');
    this.marks.forEach((mark) => overlays.remove(mark));
    this.marks = [];
  }

  mark(id, flag) {
    const element = this.get(id);
    this.marks.push(this.modeler.get('overlays').add(element, 'gate', { position: place(element), html: flag() }));
  }

  jump(id) {
    const element = this.get(id), canvas = this.modeler.get('canvas');
    if (!element) return;
    canvas.setRootElement(canvas.findRoot(element));
    canvas.scrollToElement(element, 120);
    this.modeler.get('selection').select(element);
    canvas.focus?.();
  }
}

// On the upper right corner of what is drawn; in the middle of a line.
function place(element) {
  if (!element.waypoints) return { top: -9, right: 9 };
  const middle = element.waypoints[Math.floor(element.waypoints.length / 2)];
  const left = Math.min(...element.waypoints.map((point) => point.x)), top = Math.min(...element.waypoints.map((point) => point.y));
  return { left: middle.x - left - 9, top: middle.y - top - 9 };
}
