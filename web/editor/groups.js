// Which settings an element of each kind has: the same places at which the gate reads them.

import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';
import { area, field, h, select, text } from './parts.js';

const JOBS = ['bpmn:ServiceTask', 'bpmn:SendTask'];
const WAYS = ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway', 'bpmn:Activity'];

export function groupsOf(panel, element, bo) {
  if (is(bo, 'bpmn:SequenceFlow')) return [flow(panel, element, bo)];
  if (isAny(bo, ['bpmn:Process', 'bpmn:Participant'])) return [process(panel, element, bo)];
  if (!is(bo, 'bpmn:FlowNode')) return [];
  return [ways(panel, bo), who(panel, element, bo), what(panel, element, bo), event(panel, element, bo), long(panel, bo), inCase(panel),
    repeat(panel, element, bo), adHoc(panel, element, bo), data(panel, bo), others(panel, bo)];
}

function who(panel, element, bo) {
  if (!is(bo, 'bpmn:UserTask')) return null;
  const { settings } = panel;
  const groups = settings.extension(bo, 'zeebe:AssignmentDefinition')?.candidateGroups ?? '';
  const tasks = settings.all('bpmn:UserTask').filter((task) => task !== bo).map((task) => ({ id: task.id, label: { zh: task.name ?? '', en: task.name ?? '' } }));
  const eyes = settings.property(bo, 'four-eyes');
  return panel.group('who',
    panel.ids('groups', 'roles', groups, panel.choices.roles, (value) => settings.extend(element, bo, 'zeebe:AssignmentDefinition', { candidateGroups: value })),
    panel.attribute('users', 'zeebe:AssignmentDefinition', 'candidateUsers'),
    panel.attribute('assignee', 'zeebe:AssignmentDefinition', 'assignee'),
    panel.ids('four-eyes', 'four_eyes', eyes, tasks.filter((task) => eyes.includes(task.id)), (value) => settings.setProperty(element, bo, 'four-eyes', value), { help: 'four_eyes_help' }),
    field(panel.say('add'), select('four-eyes.add', '', tasks.filter((task) => !eyes.split(',').map((one) => one.trim()).includes(task.id)).map((task) => ({ value: task.id, text: panel.label(task) })),
      (value) => value && settings.setProperty(element, bo, 'four-eyes', [eyes, value].filter(Boolean).join(', ')), { none: panel.say('none') })));
}

function what(panel, element, bo) {
  const { settings, choices } = panel;
  if (is(bo, 'bpmn:UserTask')) return panel.group('what', panel.attribute('form', 'zeebe:FormDefinition', 'formId', { choices: choices.forms }));
  if (is(bo, 'bpmn:BusinessRuleTask')) {
    return panel.group('what', panel.attribute('decision', 'zeebe:CalledDecision', 'decisionId', { choices: choices.decisions }),
      panel.attribute('result', 'zeebe:CalledDecision', 'resultVariable'));
  }
  if (is(bo, 'bpmn:ScriptTask')) {
    const script = settings.extension(bo, 'zeebe:Script');
    return panel.group('what', field(panel.say('script'), area('script', script?.expression, (value) => settings.extend(element, bo, 'zeebe:Script', { expression: value.trim() }))),
      panel.attribute('result', 'zeebe:Script', 'resultVariable'));
  }
  if (is(bo, 'bpmn:CallActivity')) {
    const called = settings.extension(bo, 'zeebe:CalledElement');
    const passes = (name) => (on) => settings.extend(element, bo, 'zeebe:CalledElement', { [name]: on }, { stays: true });
    return panel.group('what', panel.attribute('called', 'zeebe:CalledElement', 'processId', { choices: choices.processes }),
      panel.tick('pass_all', 'pass_all', called?.propagateAllParentVariables !== false, passes('propagateAllParentVariables')),
      panel.tick('take_all', 'take_all', called ? called.get('propagateAllChildVariables') !== false : true, passes('propagateAllChildVariables')));
  }
  const thrown = isAny(bo, ['bpmn:EndEvent', 'bpmn:IntermediateThrowEvent']) && definition(bo, 'bpmn:MessageEventDefinition');
  return isAny(bo, JOBS) || thrown ? panel.group('what', errand(panel, bo)) : null;
}

function errand(panel, bo) {
  const type = panel.settings.extension(bo, 'zeebe:TaskDefinition')?.type;
  const needs = panel.choices.needs[type] ?? [];
  return [
    field(panel.say('errand'), panel.offered('errand', type, panel.choices.errands, (value) => panel.settings.extend(panel.element, bo, 'zeebe:TaskDefinition', { type: value })),
      { help: needs.length ? panel.say('needs') + needs.join(', ') : undefined }),
    panel.rows('headers', 'zeebe:TaskHeaders', 'values', 'zeebe:Header', ['key', 'value']),
  ];
}

function event(panel, element, bo) {
  const { settings, choices, say } = panel;
  const timer = definition(bo, 'bpmn:TimerEventDefinition');
  if (timer) {
    const kind = ['timeDate', 'timeDuration', 'timeCycle'].find((name) => timer.get(name)) ?? 'timeDate';
    const body = timer.get(kind)?.body ?? '';
    const put = (name, said) => settings.together(
      ...['timeDate', 'timeDuration', 'timeCycle'].filter((one) => one !== name && timer.get(one)).map((one) => () => settings.setExpression(element, timer, one, '')),
      () => settings.setExpression(element, timer, name, said));
    const kinds = ['timeDate', 'timeDuration', 'timeCycle'].map((value) => ({ value, text: say(value) }));
    return panel.group('event', field(say('timer'), select('timer.kind', kind, kinds, (value) => put(value, body))),
      field(say('script'), text('timer.text', body, (value) => put(kind, value)), { help: say('timer_help') }));
  }
  const mail = definition(bo, 'bpmn:MessageEventDefinition') ?? (isAny(bo, ['bpmn:ReceiveTask', 'bpmn:SendTask']) ? bo : null);
  if (mail) {
    const message = mail.messageRef;
    return panel.group('event', field(say('message'), panel.offered('message', message?.name, choices.messages, (value) => settings.refer(element, mail, 'messageRef', 'bpmn:Message', value))),
      message && panel.attribute('key', 'zeebe:Subscription', 'correlationKey', { holder: message }));
  }
  const when = definition(bo, 'bpmn:ConditionalEventDefinition');
  if (when) return panel.group('event', field(say('condition'), text('event.condition', when.condition?.body, (value) => settings.setExpression(element, when, 'condition', value)), { help: say('condition_help') }));
  for (const [kind, reference, root, key, label] of [
    ['bpmn:SignalEventDefinition', 'signalRef', 'bpmn:Signal', 'name', 'signal'],
    ['bpmn:ErrorEventDefinition', 'errorRef', 'bpmn:Error', 'errorCode', 'error'],
    ['bpmn:EscalationEventDefinition', 'escalationRef', 'bpmn:Escalation', 'escalationCode', 'escalation'],
  ]) {
    const found = definition(bo, kind);
    const known = settings.roots(root).map((one) => one.get(key)).filter(Boolean);
    if (found) return panel.group('event', field(say(label), text(`event.${label}`, found.get(reference)?.get(key), (value) => settings.refer(element, found, reference, root, value, key), { list: panel.list(known) })));
  }
  const link = definition(bo, 'bpmn:LinkEventDefinition');
  return link ? panel.group('event', field(say('link'), text('event.link', link.name, (value) => settings.setOn(element, link, { name: value })))) : null;
}

function long(panel, bo) {
  if (!is(bo, 'bpmn:UserTask')) return null;
  const limit = panel.settings.property(bo, 'limit');
  const found = panel.choices.limits.find((one) => one.id === limit);
  const spans = Object.entries(found?.spans ?? {}).map(([variant, span]) => `${variant} ${span}`.trim());
  const said = panel.choices.limits.map((one) => ({ id: one.id, label: one.label }));
  return panel.group('long', field(panel.say('limit'), limit.startsWith('=') ? text('limit', limit, (value) => panel.settings.setProperty(panel.element, bo, 'limit', value))
    : panel.offered('limit', limit, said, (value) => panel.settings.setProperty(panel.element, bo, 'limit', value)), { help: spans.join('; ') || undefined }),
  (limit || panel.settings.property(bo, 'limit-variant')) && panel.property('variant', 'limit-variant', { list: Object.keys(found?.spans ?? {}).filter(Boolean) }),
  panel.attribute('due', 'zeebe:TaskSchedule', 'dueDate'), panel.attribute('priority', 'zeebe:PriorityDefinition', 'priority'));
}

function inCase(panel) {
  return panel.group('in_case', panel.property('milestone', 'milestone', { list: panel.choices.milestones, help: 'milestone_help' }),
    panel.property('status', 'status', { choices: panel.choices.statuses, help: 'status_help' }));
}

function repeat(panel, element, bo) {
  const loop = bo.loopCharacteristics;
  if (!loop || !is(loop, 'bpmn:MultiInstanceLoopCharacteristics')) return null;
  return panel.group('repeat', panel.attribute('collection', 'zeebe:LoopCharacteristics', 'inputCollection', { holder: loop }),
    panel.attribute('item', 'zeebe:LoopCharacteristics', 'inputElement', { holder: loop }),
    panel.attribute('output_collection', 'zeebe:LoopCharacteristics', 'outputCollection', { holder: loop }),
    panel.attribute('output_item', 'zeebe:LoopCharacteristics', 'outputElement', { holder: loop }),
    field(panel.say('until'), text('loop.until', loop.completionCondition?.body, (value) => panel.settings.setExpression(element, loop, 'completionCondition', value))));
}

function adHoc(panel, element, bo) {
  if (!is(bo, 'bpmn:AdHocSubProcess')) return null;
  return panel.group('repeat', panel.attribute('active', 'zeebe:AdHoc', 'activeElementsCollection'),
    field(panel.say('until'), text('adhoc.until', bo.completionCondition?.body, (value) => panel.settings.setExpression(element, bo, 'completionCondition', value))),
    panel.tick('cancel_rest', 'cancel_rest', bo.cancelRemainingInstances !== false, (on) => panel.settings.set(element, { cancelRemainingInstances: on })));
}

function data(panel, bo) {
  const goesIn = isAny(bo, ['bpmn:UserTask', 'bpmn:CallActivity', 'bpmn:SubProcess', 'bpmn:BusinessRuleTask', 'bpmn:ScriptTask', ...JOBS, 'bpmn:EndEvent', 'bpmn:IntermediateThrowEvent']);
  const comesOut = isAny(bo, ['bpmn:Activity', 'bpmn:Event']);
  return panel.group('data', goesIn && panel.rows('inputs', 'zeebe:IoMapping', 'inputParameters', 'zeebe:Input', ['source', 'target']),
    comesOut && panel.rows('outputs', 'zeebe:IoMapping', 'outputParameters', 'zeebe:Output', ['source', 'target']));
}

function others(panel) {
  const own = ['limit', 'limit-variant', 'four-eyes', 'milestone', 'status'];
  return panel.group('properties', panel.rows('properties', 'zeebe:Properties', 'properties', 'zeebe:Property', ['name', 'value'], { hidden: own }));
}

function flow(panel, element, bo) {
  const from = bo.sourceRef;
  if (!from || !isAny(from, WAYS)) return null;
  return panel.group('flow', condition(panel, element, bo, ['condition', 'default'], panel.say('condition')));
}

// Where a gateway leads, and under which condition: nobody should have to hit a thin line to change it.
function ways(panel, bo) {
  const out = bo.outgoing ?? [];
  if (!isAny(bo, WAYS.slice(0, 2)) || out.length < 2) return null;
  const registry = panel.modeler.get('elementRegistry');
  return panel.group('ways', out.filter((one) => registry.get(one.id)).map((one) => condition(panel, registry.get(one.id), one, [`condition.${one.id}`, `default.${one.id}`],
    `${one.name ?? ''} → ${(one.targetRef?.name || one.targetRef?.id || '').replace(/\s+/g, ' ')}`.trim())).flat());
}

function condition(panel, element, bo, [key, ticked], label) {
  const { settings, say } = panel;
  const otherwise = bo.sourceRef.default === bo;
  const source = panel.modeler.get('elementRegistry').get(bo.sourceRef.id);
  return [
    otherwise ? h('p', { class: 'small' }, label) : field(label, area(key, bo.conditionExpression?.body, (value) => settings.set(element, {
      conditionExpression: value.trim() ? settings.make('bpmn:FormalExpression', { body: value.trim() }, bo) : undefined,
    })), { help: say('condition_help') }),
    panel.tick(ticked, 'otherwise', otherwise, (on) => settings.together(
      () => settings.set(source, { default: on ? bo : undefined }),
      () => { if (on && bo.conditionExpression) settings.set(element, { conditionExpression: undefined }); })),
  ];
}

function process(panel, element, bo) {
  const found = is(bo, 'bpmn:Participant') ? bo.processRef : bo;
  if (!found) return null;
  return panel.group('what', panel.attribute('version_tag', 'zeebe:VersionTag', 'value', { holder: found }),
    panel.tick('executable', 'executable', found.isExecutable === true, (on) => panel.settings.setOn(element, found, { isExecutable: on })));
}

function definition(bo, type) {
  return getBusinessObject(bo).eventDefinitions?.find((one) => is(one, type));
}
