/** 项目页面上的机器人录像。 */

import type { Messages } from "..";

export const recordings: Pick<Messages, "recordings"> = {
  recordings: {
    folder: "选择文件夹",
    hint: "也可放机器人的录像：ALOHA 文件（.hdf5），LeRobot 数据集（文件夹、.zip 或 .tar）。",
    longName: (path) => `路径太长，无法发送：${path}`,
    looking: "正在查看……",
    order: "哪张图的颜色是对的？",
    asOrder: (order) => (order === "rgb" ? "按 RGB 解读" : "按 BGR 解读"),
    fps: "每秒帧数",
    head: "头部相机",
    task: "任务",
    ownTask: "按录像自带的说明",
    begin: "导入",
    facts: (rows, fps, cameras, task) =>
      [`${rows} 帧`, fps === null ? "" : `每秒 ${fps} 帧`, `${cameras} 个相机`, task].filter(Boolean).join("，"),
    importing: "正在导入……",
    done: "完成。",
    remove: "从列表中移除",
  },
};
