-- What came by post, for the lists of those who filed it.
CREATE INDEX dossier_by_post ON dossier (receiving, filed_by, submitted_at DESC, id DESC)
    WHERE channel = 'post';
