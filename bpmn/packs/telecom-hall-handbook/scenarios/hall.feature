Feature: SYS-33 Complaints in a telecom hall
  Scenario: The first receiver answers
    When "Clerk (first receiver)" receives a complaint
    And all goes as usual to the end
    Then the status is "Closed"
    And it is entered in "Complaints of the hall"
