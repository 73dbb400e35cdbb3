DROP TABLE reading_source_refusals;
DROP TABLE reading_source_slots;
DROP TABLE reading_sources;
