// What the editor says around the drawing: name -> [Chinese, English].

const WORDS = {
  // who, what, how long
  name: ['名称', 'Name'],
  name_zh: ['中文', 'Chinese'],
  name_en: ['英文', 'English'],
  id: ['编号', 'Id'],
  id_taken: ['编号须以字母开头，且不与别的元素相同。', 'An id begins with a letter and belongs to one element.'],
  who: ['谁办', 'Who'],
  roles: ['角色', 'Roles'],
  groups_text: ['或表达式', 'or FEEL'],
  users: ['人员', 'Persons'],
  assignee: ['指定办理人', 'Assignee'],
  four_eyes: ['四眼', 'Four eyes'],
  four_eyes_help: ['办过所列步骤的人不得办这一步', 'Who did one of these may not do this'],
  add: ['添加', 'Add'],
  remove: ['删除', 'Remove'],
  what: ['办什么', 'What'],
  form: ['表单', 'Form'],
  decision: ['决策', 'Decision'],
  result: ['结果名', 'Result'],
  errand: ['机器事务', 'Errand'],
  headers: ['事务参数', 'Headers'],
  needs: ['需要：', 'Needs: '],
  called: ['调用流程', 'Calls'],
  pass_all: ['传入全部资料', 'Hand in all data'],
  take_all: ['带回全部资料', 'Take back all data'],
  script: ['表达式', 'Expression'],
  long: ['多久', 'How long'],
  limit: ['时限', 'Limit'],
  variant: ['档次', 'Variant'],
  due: ['到期', 'Due date'],
  priority: ['优先级', 'Priority'],
  in_case: ['在案件中', 'In the case'],
  milestone: ['里程碑', 'Milestone'],
  milestone_help: ['办完时到达；时限由它起止', 'Reached when passed; limits begin and end there'],
  status: ['案件状态', 'Status'],
  status_help: ['走到这里时取得', 'Taken when entered'],
  repeat: ['重复', 'Repeat'],
  collection: ['逐项取自', 'Once per item of'],
  item: ['每项名称', 'Item'],
  output_collection: ['结果汇入', 'Collect into'],
  output_item: ['每项结果', 'Result per item'],
  until: ['提前结束', 'Ends early when'],
  active: ['从哪些开始', 'Begins with'],
  cancel_rest: ['撤回其余', 'Take the rest away'],
  event: ['事件', 'Event'],
  timer: ['时间', 'Time'],
  timeDate: ['到某一时刻', 'At a moment'],
  timeDuration: ['过一段时间', 'After a span'],
  timeCycle: ['反复', 'Again and again'],
  timer_help: ['如 =due("T08-1")、P3D', 'Such as =due("T08-1") or P3D'],
  message: ['消息', 'Message'],
  key: ['关联键', 'Correlation key'],
  signal: ['信号', 'Signal'],
  error: ['错误代码', 'Error code'],
  escalation: ['升级代码', 'Escalation code'],
  link: ['链接名', 'Link'],
  ways: ['各条出路', 'Ways out'],
  condition: ['条件', 'Condition'],
  condition_help: ['FEEL，如 =loss > 10000', 'FEEL, such as =loss > 10000'],
  otherwise: ['其他都不成立时走这里', 'Taken when no other is'],
  flow: ['流出', 'Flow'],
  data: ['资料', 'Data'],
  inputs: ['传入', 'In'],
  outputs: ['带回', 'Out'],
  properties: ['其他属性', 'Other properties'],
  documentation: ['说明', 'Documentation'],
  version_tag: ['版本标签', 'Version tag'],
  executable: ['可执行', 'Executable'],
  none: ['（无）', '(none)'],
  not_offered: ['（不在可选之列）', '(not among the choices)'],
  pick: ['选中图上的元素，在这里设置。', 'Select something on the diagram; its settings appear here.'],
  several: ['选中了 {} 个元素', '{} elements selected'],
  // saving
  saved: ['已存', 'Saved'],
  saved_at: ['{} 已存', 'Saved {}'],
  unsaved: ['未保存', 'Not saved'],
  saving: ['正在保存', 'Saving'],
  no_connection: ['连接中断。图已留在这台浏览器里，连上后自动再存。', 'No connection. The drawing is kept in this browser and saved again once it is back.'],
  signed_out: ['登录已过期。图已留在这台浏览器里；请在新窗口登录，再按保存。', 'Your sign-in has ended. The drawing is kept in this browser; sign in in a new window, then save again.'],
  sign_in: ['在新窗口登录', 'Sign in in a new window'],
  not_saved: ['未能保存：', 'Not saved: '],
  kept: ['这台浏览器里有 {} 未保存的图。', 'This browser keeps a drawing of {} that was not saved.'],
  kept_older: ['此后又有人保存过；取回后保存时会请您对比。', 'Somebody has saved since; you will be asked to compare when you save.'],
  take_up: ['取回来继续', 'Take it up again'],
  throw_away: ['丢弃', 'Throw it away'],
  unreadable: ['这个文件不能画成流程图：', 'This file cannot be drawn: '],
  as_text: ['作为文本修改', 'Change it as text'],
  // two at once
  moved_on: ['{who} 在 {at} 也保存了这张图', '{who} saved this diagram, too, at {at}'],
  moved_more: ['您的图没有丢失，也没有写入。下面是您的与对方的不同之处。', 'Yours is unharmed and not written yet. This is how yours differs from theirs.'],
  look_theirs: ['在新窗口看对方的', 'See theirs in a new window'],
  save_over: ['存我的（对方的留在以前的版本里）', 'Save mine (theirs stays among the earlier versions)'],
  load_theirs: ['先用对方的（我的留在这台浏览器里）', 'Go on with theirs (mine stays in this browser)'],
  go_on: ['回到我的图', 'Back to my drawing'],
  added: ['增加', 'added'],
  removed: ['删去', 'removed'],
  changed: ['改动', 'changed'],
  moved: ['移动', 'moved'],
  same: ['两份没有实质不同。', 'There is no real difference.'],
  // checking
  checking: ['正在检查', 'Checking'],
  gate_busy: ['正在检查别的制度包，随后再查', 'Others are being checked; asked again soon'],
  passes: ['可以发布', 'It may be published'],
  bars: ['{} 处须改', '{} to mend'],
  warnings: ['{} 处提醒', '{} to look at'],
  nothing: ['没有发现问题。', 'Nothing was found.'],
  check_failed: ['未能检查：', 'Not checked: '],
  show: ['看这里', 'Show'],
  open_file: ['打开文件', 'Open the file'],
  error_mark: ['错误', 'Error'],
  warning_mark: ['提醒', 'Warning'],
};

// `own` are words a single editor says otherwise, or alone.
// What an element is called that has no name of its own.
const KINDS = {
  Collaboration: ['协作图', 'Collaboration'], Process: ['流程', 'Process'], Participant: ['参与方', 'Participant'], Lane: ['泳道', 'Lane'],
  SequenceFlow: ['流向', 'Flow'], MessageFlow: ['消息流', 'Message flow'], Association: ['关联', 'Association'],
  TextAnnotation: ['注释', 'Note'], Group: ['分组', 'Group'], DataObjectReference: ['数据', 'Data'], DataStoreReference: ['数据存储', 'Data store'],
  StartEvent: ['开始', 'Start'], EndEvent: ['结束', 'End'], BoundaryEvent: ['边界事件', 'Boundary event'],
  IntermediateCatchEvent: ['中间捕获事件', 'Intermediate catch event'], IntermediateThrowEvent: ['中间抛出事件', 'Intermediate throw event'],
  ExclusiveGateway: ['排他网关', 'Exclusive gateway'], ParallelGateway: ['并行网关', 'Parallel gateway'],
  InclusiveGateway: ['相容网关', 'Inclusive gateway'], EventBasedGateway: ['事件网关', 'Event gateway'], ComplexGateway: ['复杂网关', 'Complex gateway'],
  Task: ['任务', 'Task'], UserTask: ['用户任务', 'User task'], ServiceTask: ['机器事务', 'Errand'], SendTask: ['发送', 'Send task'],
  ReceiveTask: ['接收', 'Receive task'], BusinessRuleTask: ['决策任务', 'Decision task'], ScriptTask: ['脚本', 'Script task'], ManualTask: ['人工任务', 'Manual task'],
  CallActivity: ['调用流程', 'Call activity'], SubProcess: ['子流程', 'Sub-process'], AdHocSubProcess: ['即席子流程', 'Ad-hoc sub-process'], Transaction: ['事务', 'Transaction'],
};

export function kindOf(type, zh) {
  const name = type.replace('bpmn:', '');
  return KINDS[name]?.[zh ? 0 : 1] ?? name;
}

export function speaking(zh, own = {}) {
  return (name, ...values) => {
    const pair = own[name] ?? WORDS[name];
    if (!pair) throw new Error(`no such word: ${name}`);
    let said = pair[zh ? 0 : 1];
    for (const value of values) {
      if (value !== null && typeof value === 'object') said = said.replace(/{(\w+)}/g, (_, key) => value[key] ?? '');
      else said = said.replace('{}', value);
    }
    return said;
  };
}
