-- The knowledge base: articles with all their revisions, what was asked, how
-- they are used, and the index that finds them. Days are texts 2006-01-02,
-- times UTC seconds, lists JSON arrays of texts.

CREATE TABLE kb_article (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL UNIQUE, -- the id that people and contacts use
	revision   INTEGER NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('draft', 'in_review', 'validated', 'published', 'retired')),
	kind       TEXT NOT NULL CHECK (kind IN ('qa', 'instruction', 'news')),
	title      TEXT NOT NULL,
	asked      TEXT NOT NULL DEFAULT '[]',
	body       TEXT NOT NULL,
	subjects   TEXT NOT NULL DEFAULT '[]',
	products   TEXT NOT NULL DEFAULT '[]',
	channels   TEXT NOT NULL DEFAULT '[]',
	audience   TEXT NOT NULL DEFAULT '[]',
	lang       TEXT NOT NULL,
	owner      TEXT NOT NULL DEFAULT '',
	source     TEXT NOT NULL DEFAULT '',
	valid_from TEXT NOT NULL DEFAULT '',
	valid_to   TEXT NOT NULL DEFAULT '',
	review     TEXT NOT NULL DEFAULT '',
	extra      TEXT NOT NULL DEFAULT '{}', -- columns of an import that have no place of their own
	created    INTEGER NOT NULL,
	changed    INTEGER NOT NULL,
	published  INTEGER                     -- first time
) STRICT;
CREATE INDEX kb_article_state ON kb_article(state, changed);
CREATE INDEX kb_article_review ON kb_article(review) WHERE review <> '';

-- What an article was after each change; content is JSON.
CREATE TABLE kb_revision (
	article_id INTEGER NOT NULL REFERENCES kb_article(id) ON DELETE CASCADE,
	revision   INTEGER NOT NULL,
	at         INTEGER NOT NULL,
	author     TEXT NOT NULL,
	action     TEXT NOT NULL,
	reason     TEXT NOT NULL DEFAULT '',
	state      TEXT NOT NULL,
	content    TEXT NOT NULL,
	PRIMARY KEY (article_id, revision)
) STRICT, WITHOUT ROWID;

-- Questions that customers asked, without personal data, and what answered them.
CREATE TABLE kb_question (
	id     INTEGER PRIMARY KEY,
	lang   TEXT NOT NULL,
	text   TEXT NOT NULL,
	times  INTEGER NOT NULL DEFAULT 1,
	last   INTEGER NOT NULL,
	source TEXT NOT NULL DEFAULT '',
	UNIQUE (lang, text)
) STRICT;
CREATE TABLE kb_question_article (
	question_id INTEGER NOT NULL REFERENCES kb_question(id) ON DELETE CASCADE,
	article_id  INTEGER NOT NULL REFERENCES kb_article(id) ON DELETE CASCADE,
	PRIMARY KEY (question_id, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX kb_question_article_article ON kb_question_article(article_id);

-- What happens with an article.
CREATE TABLE kb_event (
	id         INTEGER PRIMARY KEY,
	article_id INTEGER NOT NULL REFERENCES kb_article(id) ON DELETE CASCADE,
	at         INTEGER NOT NULL,
	kind       TEXT NOT NULL CHECK (kind IN ('view', 'link', 'rate', 'flag', 'comment', 'fixed')),
	author     TEXT NOT NULL DEFAULT '',
	contact    TEXT NOT NULL DEFAULT '',
	stars      INTEGER CHECK (stars BETWEEN 1 AND 5),
	solved     INTEGER CHECK (solved IN (0, 1)),
	note       TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX kb_event_article ON kb_event(article_id, kind, at);

-- Searches that were asked to be kept, and questions to a chatbot.
CREATE TABLE kb_search (
	id      INTEGER PRIMARY KEY,
	key     TEXT UNIQUE, -- of an imported session; a second import changes nothing
	at      INTEGER NOT NULL,
	source  TEXT NOT NULL CHECK (source IN ('search', 'bot')),
	lang    TEXT NOT NULL,
	text    TEXT NOT NULL,
	article TEXT NOT NULL DEFAULT '', -- found first, or the bot's answer
	cover   REAL,                     -- how much of the question the first article holds, 0..1
	handed  INTEGER CHECK (handed IN (0, 1))
) STRICT;
CREATE INDEX kb_search_at ON kb_search(at);

-- Words that mean the same, owned by the editor.
CREATE TABLE kb_synonym (
	lang  TEXT NOT NULL,
	word  TEXT NOT NULL,
	same  TEXT NOT NULL,
	PRIMARY KEY (lang, word, same)
) STRICT, WITHOUT ROWID;
CREATE TABLE kb_setting (
	name  TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The index per language: a head with what every search needs, blocks of terms
-- by their hash (id = index * 2^32 + number), and the documents changed since
-- these were made; data is empty for one that is gone.
CREATE TABLE kb_index (
	id   INTEGER PRIMARY KEY,
	lang TEXT NOT NULL UNIQUE,
	head BLOB NOT NULL
) STRICT;
CREATE TABLE kb_index_block (
	id   INTEGER PRIMARY KEY,
	data BLOB NOT NULL
) STRICT;
CREATE TABLE kb_index_change (
	lang TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('a', 'q')),
	doc  TEXT NOT NULL,
	data BLOB,
	PRIMARY KEY (lang, kind, doc)
) STRICT;
