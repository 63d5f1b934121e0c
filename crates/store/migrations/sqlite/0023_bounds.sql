-- Open attempts at the desk are counted by signer and dossier.
CREATE INDEX local_signing_open ON local_signing (staff, dossier) WHERE state = 'open';

-- When a service was last asked to send a code for a batch, epoch milliseconds.
ALTER TABLE signing_batch ADD COLUMN code_at BIGINT;
CREATE INDEX signing_batch_code ON signing_batch (staff, code_at) WHERE code_at IS NOT NULL;

-- Whoever signs an item's batch: what is open is found by her, however many batches she had.
ALTER TABLE signing_item ADD COLUMN staff TEXT NOT NULL DEFAULT '';
UPDATE signing_item SET staff =
    (SELECT b.staff FROM signing_batch b WHERE b.id = signing_item.batch);
CREATE INDEX signing_item_of_staff ON signing_item (staff, batch)
    WHERE state IN ('waiting', 'failed');
