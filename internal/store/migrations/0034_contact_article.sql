-- Which contacts used an article is asked for the whole register.
CREATE INDEX contact_with_article ON contact(article, resolved) WHERE article <> '';
