// What the community's list lacks, or says otherwise than we do.

export default {
  'Align elements': '对齐元素',
  'Align elements ': '对齐元素',
  'Align elements bottom': '底端对齐',
  'Align elements center': '水平居中',
  'Align elements left': '左对齐',
  'Align elements middle': '垂直居中',
  'Align elements right': '右对齐',
  'Align elements top': '顶端对齐',
  'Expanded pool/participant': '展开的参与者',
  'Change element': '更改类型',
  'Distribute elements horizontally': '水平均匀分布',
  'Distribute elements vertically': '垂直均匀分布',
  'Toggle non-interrupting': '中断或不中断',
  'Event based instantiating Gateway': '实例化的事件网关',
  'Parallel Event based instantiating Gateway': '实例化的并行事件网关',
  'Ad-hoc sub-process': '特设子流程',
};
