Feature: SYS-16 Construction quality complaints
  Scenario: Tiles have twenty days from the accepted plan
    Given it is "2026-01-05 09:00"
    When "Representative of the owners" receives a complaint
    And all goes as usual until "Do the work"
      | Write the plan | 2 Items | kind=Tiles，problem=loose，measure=fixed |
    Then "Do the work" is due at "2026-01-25 24:00"
