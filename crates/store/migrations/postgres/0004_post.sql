-- What agents of the post filed, for the lists of each.
CREATE INDEX dossier_by_agent ON dossier (receiving, agent, submitted_at DESC, id DESC)
    WHERE agent IS NOT NULL;
