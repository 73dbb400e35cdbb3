DROP TABLE lease_days;
