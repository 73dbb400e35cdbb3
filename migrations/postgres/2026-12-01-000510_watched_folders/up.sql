-- The source of readings that brought a file; empty where somebody handed it in.
ALTER TABLE imports ADD COLUMN source_id BIGINT;
CREATE INDEX imports_by_source ON imports (source_id, id);
