"""Words of the office's pages: registers, calendars, procedures and their releases, figures."""

from __future__ import annotations

OFFICE: dict[str, tuple[str, str]] = {
    "office": ("办公室", "Office"),
    # registers
    "registers": ("台账", "Registers"),
    "registers_more": ("制度要求登记的案件，随办随记。", "Cases entered as their procedures ask, kept by the procedures themselves."),
    "no_registers": ("现行制度没有台账", "No procedure in force keeps a register"),
    "no_registers_more": ("台账由制度包的 pack.yaml 定义。", "Registers are defined in the pack.yaml of a pack."),
    "no_entries": ("没有登记", "Nothing entered"),
    "no_entries_more": ("案件走到登记一步时自动记入。", "A case is entered when it comes to that step."),
    "download_csv": ("下载 CSV", "Download CSV"),
    "open_case": ("打开案件", "Open the case"),
    "case_word": ("案件", "Case"),
}
