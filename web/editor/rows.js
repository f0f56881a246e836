// Where findings stand in decision tables: at the rows, or at the head of a table; a table that is not shown is opened first.

import { is } from 'dmn-js-shared/lib/util/ModelUtil';

export class Rows {
  constructor(modeler, box) { this.modeler = modeler; this.box = box; this.flags = new Map(); }

  // What a finding is about: a decision, or a row of its table.
  find(id) {
    for (const view of this.modeler.getViews()) {
      const decision = view.element;
      if (!is(decision, 'dmn:Decision')) continue;
      if (decision.id === id) return { view, decision };
      const rules = decision.decisionLogic?.rule ?? [];
      const row = rules.findIndex((rule) => rule.id === id || [...(rule.inputEntry ?? []), ...(rule.outputEntry ?? [])].some((cell) => cell.id === id));
      if (row >= 0) return { view, decision, rule: rules[row], row: row + 1 };
    }
    return undefined;
  }

  name(id) {
    const found = this.find(id);
    return found && `${found.decision.name || found.decision.id}${found.row ? ` #${found.row}` : ''}`;
  }

  clear() { this.flags.clear(); this.again(); }

  mark(id, flag) {
    this.flags.set(id, [...(this.flags.get(id) ?? []), flag]);
    this.again();
  }

  // The table is drawn anew by whoever draws it: the flags are put where they belong afterwards.
  again() {
    cancelAnimationFrame(this.soon);
    this.soon = requestAnimationFrame(() => {
      this.box.querySelectorAll('.flagmark').forEach((one) => one.remove());
      for (const [id, flags] of this.flags) {
        const found = this.find(id);
        if (!found || found.view.element !== this.modeler.getActiveView()?.element) continue;
        const place = found.rule ? this.box.querySelector(`td.rule-index[data-row-id="${CSS.escape(found.rule.id)}"]`) : this.box.querySelector('.decision-table-properties, .dmn-literal-expression-container');
        flags.forEach((flag) => place?.append(flag()));
      }
    });
  }

  async jump(id) {
    const found = this.find(id);
    if (!found) return;
    if (found.view.element !== this.modeler.getActiveView()?.element) await this.modeler.open(found.view);
    if (!found.rule) return;
    const cell = this.box.querySelector(`td[data-row-id="${CSS.escape(found.rule.id)}"]:not(.rule-index)`) ?? this.box.querySelector(`[data-row-id="${CSS.escape(found.rule.id)}"]`);
    cell?.scrollIntoView({ block: 'center', inline: 'nearest' });
    cell?.querySelector('[contenteditable]')?.focus();
  }
}
