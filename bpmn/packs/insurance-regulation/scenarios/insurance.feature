Feature: SYS-25 Consumer complaints in insurance
  Scenario: A dispute is for the institution
    When "Complaint department of the institution" receives a complaint
    Then what is to be done is "Find out and handle"
    When all goes as usual to the end
    Then the status is "Closed"
