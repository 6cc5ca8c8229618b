/** What every page says. */

import type { shared as english } from "../en/shared";

export const shared: typeof english = {
  api: {
    network: "无法连接服务器。",
    unexpected: (status) => `服务器返回了意外的状态 ${status}。`,
  },
  loading: "加载中…",
  saving: {
    saved: "已保存",
    saving: "正在保存…",
    offline: "离线，已存在本机",
    logged_out: "已退出登录，已存在本机",
    elsewhere: "在另一个标签页中",
    unkept: "尚未保存：请勿关闭本页",
    noStorage: "此浏览器不为本站保存数据。关闭本页后，尚未保存的内容将会丢失。",
    stopped: "未保存",
    retry: "重试",
    discard: "放弃未保存的内容",
    unacknowledged: "服务器没有确认这些修改。",
    leave: "你有部分工作尚未保存。",
  },
  session: {
    title: "你已退出登录",
    explain: (name) => `你的工作保留在本页。请以 ${name} 重新登录，即会保存。`,
    password: "密码",
    code: "验证器应用的验证码",
    logIn: "登录",
  },
  tabs: {
    elsewhere: "此标注已在另一个标签页中打开。",
    takeOver: "在此继续",
  },
  header: {
    product: "ViFailback",
    episode: (n) => `片段 ${n}`,
    submit: "提交",
    help: "快捷键",
    readOnly: "只读",
  },
  states: {
    open: "进行中",
    submitted: "已提交",
    in_review: "审核中",
    approved: "已通过",
    sent_back: "已退回",
    uploaded: "已上传",
    ingesting: "处理中",
    ready: "就绪",
    rejected: "已拒收",
    withdrawn: "已撤回",
  },
  preferences: {
    label: "页面外观",
    language: "语言",
    theme: "外观",
    themes: { system: "跟随系统", light: "浅色", dark: "深色" },
  },
};
