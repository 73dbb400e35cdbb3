-- The highest number taken of the 80020 messages about a day of a sender's area.
CREATE TABLE message_numbers (
  -- INN, or the name where there is none; so is the area.
  sender TEXT NOT NULL,
  area TEXT NOT NULL,
  day DATE NOT NULL,
  number BIGINT NOT NULL,
  import_id BIGINT NOT NULL,
  PRIMARY KEY (sender, area, day)
);
