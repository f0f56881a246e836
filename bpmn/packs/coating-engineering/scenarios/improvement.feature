Feature: SYS-13, the process of after-sales is improved again and again

  Scenario: the process is studied and improved until it works, each step urged when late
    Given it is "2026-04-07 10:00"
    When "Head of after-sales" receives a complaint
      | Matter        | Improvement of the process |
      | 期间          | 2026 年一季度 |
      | 客户          | |
      | 联系人        | |
      | 联系电话      | |
      | 工程          | |
      | 部位          | |
      | content       | |
      | 服务方式      | |
      | 影响安全或停工 | |
      | 问题描述      | |
    Then "Study the process" is due at "2026-04-21 18:00"
    When it becomes "2026-04-21 18:01"
    Then "reminder" goes to "Head of after-sales"
    When all goes as usual until "Carry the measures out"
    Then "Share" is "0.95"
    When it becomes "2026-05-08 18:01"
    Then "reminder" goes to "After-sales staff"
    When all goes as usual until "Confirm the effect"
    And "Head of after-sales" does "Confirm the effect"
      | Effective | no |
    Then what is to be done is "Carry the measures out"
    When all goes as usual to the end
    Then it is entered in "Improvements of the process"
