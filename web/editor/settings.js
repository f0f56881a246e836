// Reading and writing what an element says, so that each change is one step that can be undone.
// Nothing here knows the page.

import { getBusinessObject, is } from 'bpmn-js/lib/util/ModelUtil';

class Together {
  preExecute({ acts }) { acts.forEach((act) => act()); }
}

export class Settings {
  constructor(modeler) {
    this.modeling = modeler.get('modeling');
    this.factory = modeler.get('bpmnFactory');
    this.stack = modeler.get('commandStack');
    this.registry = modeler.get('elementRegistry');
    this.modeler = modeler;
    this.stack.registerHandler('kesu.together', Together);
  }

  // Several changes as one step.
  together(...acts) { this.stack.execute('kesu.together', { acts }); }

  set(element, values) { this.modeling.updateProperties(element, values); }

  setOn(element, target, values) { this.modeling.updateModdleProperties(element, target, values); }

  make(type, values, parent) {
    const made = this.factory.create(type, values);
    if (parent) made.$parent = parent;
    return made;
  }

  // --- extension elements -------------------------------------------------------------------------

  extension(holder, type) { return holder.extensionElements?.values?.find((value) => value.$type === type); }

  // Sets attributes of an extension; one of which nothing is left goes, unless it says something by being there.
  extend(element, holder, type, values, { stays = false } = {}) {
    const found = this.extension(holder, type);
    const clean = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value === '' ? undefined : value]));
    if (!found) {
      if (Object.values(clean).some((value) => value !== undefined)) this._add(element, holder, this.make(type, clean));
      return;
    }
    const after = { ...attributes(found), ...clean };
    if (!stays && Object.values(after).every((value) => value === undefined)) this.retract(element, holder, found);
    else this.setOn(element, found, clean);
  }

  _add(element, holder, extension) {
    const old = holder.extensionElements;
    if (old) {
      extension.$parent = old;
      this.setOn(element, old, { values: [...old.values ?? [], extension] });
      return;
    }
    const made = this.make('bpmn:ExtensionElements', { values: [extension] }, holder);
    extension.$parent = made;
    this.setOn(element, holder, { extensionElements: made });
  }

  retract(element, holder, extension) {
    const left = holder.extensionElements.values.filter((value) => value !== extension);
    if (left.length) this.setOn(element, holder.extensionElements, { values: left });
    else this.setOn(element, holder, { extensionElements: undefined });
  }

  // Rows of an extension (headers, properties, inputs): the whole list is put in place of the earlier one.
  rows(holder, type, list) { return this.extension(holder, type)?.get(list) ?? []; }

  setRows(element, holder, type, list, rowType, rows) {
    const found = this.extension(holder, type);
    const made = rows.map((row) => this.make(rowType, row));
    if (!found) {
      if (!made.length) return;
      const extension = this.make(type, { [list]: made });
      made.forEach((row) => { row.$parent = extension; });
      this._add(element, holder, extension);
      return;
    }
    made.forEach((row) => { row.$parent = found; });
    const others = childLists(found).filter((name) => name !== list).some((name) => found.get(name)?.length);
    if (!made.length && !others) this.retract(element, holder, found);
    else this.setOn(element, found, { [list]: made });
  }

  property(holder, name) {
    return this.rows(holder, 'zeebe:Properties', 'properties').find((row) => row.name === name)?.value ?? '';
  }

  setProperty(element, holder, name, value) {
    const rows = this.rows(holder, 'zeebe:Properties', 'properties').map(({ name: n, value: v }) => ({ name: n, value: v }));
    const at = rows.findIndex((row) => row.name === name);
    if (at < 0 && value) rows.push({ name, value });
    else if (at >= 0 && value) rows[at].value = value;
    else if (at >= 0) rows.splice(at, 1);
    else return;
    this.setRows(element, holder, 'zeebe:Properties', 'properties', 'zeebe:Property', rows);
  }

  // --- texts ------------------------------------------------------------------------------------------

  documentation(holder) { return holder.documentation?.[0]?.text ?? ''; }

  setDocumentation(element, holder, text) {
    const made = text ? [this.make('bpmn:Documentation', { text }, holder)] : [];
    this.setOn(element, holder, { documentation: made });
  }

  // A FEEL text in an element of its own: a condition, the span of a timer.
  setExpression(element, holder, name, text) {
    const made = text ? this.make('bpmn:FormalExpression', { body: text }, holder) : undefined;
    this.setOn(element, holder, { [name]: made });
  }

  // --- what stands at the top of the file: messages, errors, … ------------------------------------------

  definitions() { return this.modeler.getDefinitions(); }

  roots(type) { return this.definitions().rootElements.filter((root) => is(root, type)); }

  // Lets an event speak of a message (error, …) of that name, which is made if the file has none.
  refer(element, holder, reference, type, name, key = 'name') {
    if (!name) { this.setOn(element, holder, { [reference]: undefined }); return; }
    const found = this.roots(type).find((root) => root.get(key) === name);
    const root = found ?? this.make(type, { name, [key]: name }, this.definitions());
    this.together(
      () => { if (!found) this.setOn(element, this.definitions(), { rootElements: [...this.definitions().rootElements, root] }); },
      () => this.setOn(element, holder, { [reference]: root }),
    );
  }

  // --- the diagram --------------------------------------------------------------------------------------

  idFree(id, element) {
    if (!/^[A-Za-z_][\w.-]*$/.test(id)) return false;
    return !this.definitions().$model.ids.assigned(id) || getBusinessObject(element).id === id;
  }

  all(type) { return this.registry.filter((element) => is(element, type) && !element.labelTarget).map(getBusinessObject); }
}

function attributes(extension) {
  return Object.fromEntries(extension.$descriptor.properties.filter((p) => p.name in extension && !p.isVirtual).map((p) => [p.ns.localName, extension.get(p.name)]));
}

function childLists(extension) { return extension.$descriptor.properties.filter((p) => p.isMany).map((p) => p.ns.localName); }
