"""What is usually answered in Risk Management (SYS-24)."""

from __future__ import annotations

INTAKE = {
    "anonymous": False, "reporter_name": "何静", "reporter_unit": "采购部内勤", "reporter_phone": "13800020001",
    "subjects": [{"name": "丁某", "unit": "采购部", "position": "采购主管"}], "accused": ["accused-1"], "accused_rank": "staff",
    "subject": "采购围标收受回扣", "matters": ["bribe"], "complaint_text": "三家投标单位的报价单由同一台电脑打印。",
    "demand": "查清并保密", "loss": "86000.00", "evidence_note": "报价单复印件三份",
}  # fmt: skip

USUAL = {
    "originals": {"received_on": "2026-01-05", "received_as": "phone", "notes_filed": True, "read_back": True, "folder": "保密柜三号"},
    "review": {
        "in_scope": True, "clear_object": True, "clear_facts": True, "leads": True, "investigable": True, "review_opinion": "线索具体，建议调查",
    },
    "pass_on": {"passed_to": "客户服务部", "passed_date": "2026-01-06", "reporter_told": True},
    "note_reason": {"no_inquiry_reason": ["facts"], "no_inquiry_text": "只有猜测，没有具体事实"},
    "sign_off": {"sign_agreed": True},
    "ask": {"ask_opinion": "建议立案", "ask_scope": "三次招标的报价与付款"},
    "open_inquiry": {"open_verdict": "approved"},
    "form_team": {"lead": "lead-1", "members": ["investigator-1", "investigator-2"], "joint_needed": False},
    "consent": {"joint_agreed": True},
    "name_staff": {"joint_staff": ["group_staff-1"], "joint_unit": "集团审计部"},
    "declare": {"conflict": False, "secrecy": True},
    "plan": {"plan_steps": [{"step": "调取招标档案"}], "secrecy_plan": "材料只在保密室阅看"},
    "inquire": {"inquiry_done": "核对三次招标档案", "more_accused_found": False, "next_step": "enough"},
    "demand": {"demand_unit": "财务部", "demand_items": [{"kind": "voucher", "what": "付款凭证"}], "demand_due": "2026-01-20"},
    "press": {"press_text": "三日内交齐", "demand_due": "2026-01-30"},
    "hear": {
        "heard_name": "丁某", "heard_as": "accused", "heard_on": "2026-01-14", "heard_by": ["lead-1"], "heard_text": "承认代填报价单",
        "heard_confirmed": True,
    },
    "write_report": {
        "facts_found": "三份报价单由丁某代填", "evidence_list": "报价单、打印机日志", "finding": "founded",
        "major_matter": False, "transfer_due": False,
        "key_lead": False, "report_proposal": "建议记过",
    },
    "cosign": {"cosigned": "agrees"},
    "read_report": {"report_verdict": "accepted"},
    "explain": {"told_reporter": "经查不属实", "told_accused": "已查清", "explained_on": "2026-01-20"},
    "propose_discipline": {"penalty_proposal": [{"name": "丁某", "breach": "招标管理办法", "penalty": "demerit"}], "penalty_grounds": "报告"},
    "propose_malicious": {"malice_evidence": "录音", "malice_proposal": "记过", "cleared_notice": True},
    "hr_decides": {"hr_decision": "记过", "hr_date": "2026-01-22", "hr_published": False},
    "propose_transfer": {"transfer_body": "justice", "transfer_grounds": "涉嫌受贿"},
    "approve_transfer": {"transfer_approved": True},
    "propose_reward": {"reward_wanted": True, "reward_amount": "2000.00", "reward_way": "面交", "reward_grounds": "挽回损失"},
    "approve_reward": {"reward_approved": True},
    "tell": {"feedback_way": "visit", "feedback_on": "2026-01-23", "feedback_text": "已查实并处理"},
    "check": {"originals_there": True, "papers_there": True, "identity_sealed": True},
    "reason": {"late_reason": "取证困难", "late_measure": "提前调取"},
    "reply_to_reporter": {"answer_text": "已受理，正在调查", "answered_on": "2026-01-12"},
    "protect": {"threat_true": True, "protect_measures": "调整岗位", "blamed": True, "blame_proposal": "追究泄密人"},
    "rule_withdrawal": {"inquiry_continues": True, "withdrawal_ground": "线索明确"},
    "answer_above": {"authority_answer": "正在调查", "authority_answered": "2026-01-15"},
    "take_in": {"material_original": True, "material_handed": True, "more_accused_found": False},
    "decide_off": {"recusal_granted": True},
    "approve_more": {"extension_approved": True},
    "rule_overrun": {"lengthened": False, "finish_by": "2026-03-10", "overrun_reason": "限期办结"},
}  # fmt: skip
