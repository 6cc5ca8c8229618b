/** What counts as what, beside every choice. */

import type { guideline as english } from "../en/guideline";

export const guideline: typeof english = {
  guideline: {
    label: "标注指南",
    outcomes: {
      successful: "最终达到任务目标；中途有失误但机器人自己补救的也算。",
      failed: "没有达到目标，或者靠人帮忙才达到。",
      cannot_tell: "画面看不出来：出画、被截断、太暗。请写明原因。",
    },
    keyframes: {
      avoidance: "换一个动作仍能避免失败的最后一帧：就在失败开始之前，而不是错误刚有苗头时。",
      correction: "失败发生之后、机器人可以开始补救的一帧：场景已静止，或处于最坏状态。",
    },
    subtask: "结果出错的第一个子任务；若跳过了某一个，就选那一个。",
    types: {
      "task planning": "计划错了，动作没错：漏了一步、拿错物体或放错地方。",
      "gripper 6d-pose": "要做的事没错，但位置或角度不对：夹爪偏在目标旁边、上方或歪斜。",
      "gripper state": "夹爪位置正确，但张开或闭合的时机不对，或程度不够。",
      "human intervention": "人或人的手挡住了，或改变了场景：机器人的计划本身没有错。",
    },
    command: "以机器人的视角描述：“前”指远离机器人。“稍微”指不超过一指宽，“大幅”指超过一个夹爪宽，不写则介于两者之间。",
    hold: "有东西挡住时应保持不动；前一步需要重做时应回到先前位姿。",
    symbols: {
      arrow: "末端执行器应去的方向，从现在的位置画到应到的位置。红为前后，绿为左右，蓝为上下。",
      rotate: "夹爪应转的方向，以画面为准。画在夹爪上。",
      crosshair: "拿错或放错时，标出正确的物体或位置。",
      dual: "前者应与后者对齐：夹爪与把手、物体与目标。",
      on: "夹爪在此应张开。",
      off: "夹爪在此应闭合。",
      lock: "此物保持不动。",
      rewind: "此物回到先前的位姿或位置。",
    },
    texts: {
      reason: "根据所见说明出了什么错、为什么；两三句话。",
      avoidance: "从规避关键帧起应改做什么，使失败不发生。",
      correction: "从纠正关键帧起应做什么，使任务仍能完成。",
    },
  },
};
