DROP TABLE message_numbers;
