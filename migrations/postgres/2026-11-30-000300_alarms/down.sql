DROP TABLE incidents;
DROP TABLE alarm_watches;
DROP TABLE alarm_rules;
