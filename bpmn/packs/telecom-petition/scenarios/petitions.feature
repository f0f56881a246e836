Feature: SYS-31 Petitions of telecom users
  Scenario: Who was answered and is not content is heard
    Given it is "2026-01-05 09:00"
    When "Reception of petitions" receives a complaint
    Then the number is "SS202600001"
    And table "Right to petition" says "具备"
    And what is to be done is "Refer to the operator"
    And "Refer to the operator" is for "Mediator"
    And "Refer to the operator" is due at "2026-01-07 18:00"
