// What the table editor says otherwise than the diagram editor, or alone: name -> [Chinese, English].

export const TABLE_WORDS = {
  overview: ['关系图', 'Overview'],
  no_connection: ['连接中断。您的修改已留在这台浏览器里，连上后自动再存。', 'No connection. Your changes are kept in this browser and saved again once it is back.'],
  signed_out: ['登录已过期。您的修改已留在这台浏览器里；请在新窗口登录，再按保存。', 'Your sign-in has ended. Your changes are kept in this browser; sign in in a new window, then save again.'],
  kept: ['这台浏览器里有 {} 未保存的修改。', 'This browser keeps changes of {} that were not saved.'],
  unreadable: ['这个文件不能作为决策表打开：', 'This file cannot be opened as decision tables: '],
  moved_on: ['{who} 在 {at} 也保存了这个文件', '{who} saved this file, too, at {at}'],
  moved_more: ['您的修改没有丢失，也没有写入。下面是您的与对方的不同之处。', 'Yours is unharmed and not written yet. This is how yours differs from theirs.'],
  go_on: ['回到我的修改', 'Back to mine'],
};
