-- Which attachments a document of a batch had when it was made: how many, and a digest of them all. What
-- was read with others is read again. Empty where it has none.
ALTER TABLE signing_item ADD COLUMN attachments TEXT COLLATE "C" NOT NULL DEFAULT '';
