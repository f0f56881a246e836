Feature: SYS-37 Rating of telecom halls
  Scenario: The group confirms who is excellent
    Given it is "2026-01-05 09:00"
    When "Provincial company" receives a complaint
    And all goes as usual until "The group confirms excellent"
    Then "The group confirms excellent" is for "The group"
    When "The group" does "The group confirms excellent"
    Then what is to be done is "The province confirms good"
