-- A note that is erased leaves no words behind in the text index.
INSERT INTO contact_text (contact_text, rank) VALUES ('secure-delete', 1);
