/** 模型与机器人对第一、二阶段的建议。 */

export const proposals = {
  proposals: {
    title: "建议",
    help: "请先看画面：建议可能有误，在你采纳之前不算你的标注。",
    origins: {
      model: (source: string) => `来自模型 ${source}`,
      supervisor: (source: string) => `来自机器人监督器 ${source}`,
      simulator: (source: string) => `来自仿真器 ${source}`,
    },
    parts: { outcome: "结果", subtask: "子任务", failure_type: "类型", command: "指令", symbols: "符号" },
    keyframe: (side: string) => `${side}关键帧`,
    take: "采纳",
    refuse: "不采纳",
    look: "查看该帧",
    wrong: "这条建议是故意出错的，用来检查是否有人认真查看。它没有被采纳：请自行判断。",
  },
};
