DROP INDEX imports_by_source;
ALTER TABLE imports DROP COLUMN source_id;
