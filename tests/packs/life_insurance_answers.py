"""What is usually answered at the life insurer (SYS-22)."""

from __future__ import annotations

INTAKE = {
    "reception": "phone_form", "subject": "要求全额退保", "complainant_name": "某客户", "relation": "self",
    "contact_phone": "13900000000", "complaint_text": "投保时业务员说三年后可以全额退本，现在只退一半。",
    "complaint_about": "company", "joint_complaint": False, "major_suspected": False,
}  # fmt: skip

#: A surrender of which the cash value is 10,000 and all premiums are 100,000.
SURRENDER = {"matters": ["surrender"], "agreed_amount": "12000.00", "cash_value": "10000.00", "surrender_total": "12000.00",
             "premium_total": "100000.00"}  # fmt: skip

USUAL = {
    "contact": {
        "contacted_on": "2026-01-05", "contact_means": "phone", "told_waiting": "七个工作日内联系和处理", "read_back": True,
    },
    "assign": {"assigned_handler": "handler-1", "hard_major": False},
    "hear": {"heard_on": "2026-01-06", "heard_how": "phone", "hearings": [{"party": "customer", "said": "业务员承诺返本"}]},
    "evidence": {
        "evidence_items": [{"kind": "recording", "summary": "回访录音"}], "findings": "回访时客户未提异议。",
        "joint_complaint": False, "major_suspected": False, "panel_requested": False, "cohandle_needed": False, "legal_need": False,
    },
    "ask_help": {"cohandle_task": "请就条款出具意见", "copies_enclosed": True},
    "allow_help": {"cohandle_allowed": True},
    "help": {"cohandle_result": "条款无歧义"},
    "prepare": {"panel_topic": "是否协议解约", "panel_material": "录音、合同"},
    "check": {"panel_agreed": True},
    "convene": {"panel_at": "2026-01-08 14:00", "panel_place": "三楼会议室", "panel_head": "assistant"},
    "minutes": {"panel_discussion": "各方发言略", "decided_today": True, "panel_decision": "协议解约"},
    "sign": {"panel_signature": "agreed"},
    "final": {"panel_final": "协议解约"},
    "opinion": {
        "case_analysis": "销售时说明不充分。", "upheld": True, "liable_party": "company", "agent_transfer": False, "matters": ["fee_waiver"],
        "proposal": "免除滞纳金并致歉",
    },
    "decide": {"verdict": "approved"},
    "answer": {"reply_means": "phone", "reply_text": "同意免除滞纳金", "replied_on": "2026-01-09"},
    "mediate": {"mediation_notes": "客户坚持全额退保", "mediation_next": "rest"},
    "rest": {"provisional_reason": "refused", "last_contact": "2026-01-09", "provisional_notes": "多次协商未果"},
    "staff": {
        "heard_on": "2026-01-06", "findings": "柜员态度生硬属实", "upheld": True, "staff_measure": "批评教育", "proposal": "登门致歉",
    },
    "refer": {"agent_fault": "代签名", "agent_evidence": "投保单、笔迹比对", "freeze_needed": False},
    "freeze": {"freeze_items": ["commission"], "freeze_amount": "5000.00", "freeze_reason": "防止离司"},
    "do_freeze": {"frozen_on": "2026-01-12"},
    "follow": {"agent_measure": "解除代理合同", "agent_closed_on": "2026-01-20"},
    "unfreeze": {"unfreeze_reason": "已结清"},
    "do_free": {"freed_on": "2026-01-22"},
    "note": {"material_use": "证明客户住院时间"},
    "write": {"statement_text": "情况说明如下。", "legal_needed": False},
    "approve_statement": {"statement_approved": True},
    "execute": {"executed_on": "2026-01-12", "executed_notes": "已免除"},
    "finish": {"close_summary": "客户接受"},
    "file": {"file_papers": ["file_form", "record_form"], "file_cabinet": "三号柜"},
    "report": {"report_class": "sales"},
    "library": {"library_needed": False},
    "overdue": {"overdue_instruction": "三日内办结"},
}  # fmt: skip
