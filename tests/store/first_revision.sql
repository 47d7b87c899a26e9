-- The tables of the first revision as SQLite dumped them, and rows written then.
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE actor (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	aliases JSON NOT NULL, 
	curated BOOLEAN NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE chat (
	id INTEGER NOT NULL, 
	address VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	zone VARCHAR NOT NULL, 
	schedule VARCHAR NOT NULL, 
	quiet VARCHAR, 
	paused BOOLEAN NOT NULL, 
	paused_until DATETIME, 
	unreachable VARCHAR, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (address)
);
CREATE TABLE counter (
	name VARCHAR NOT NULL, 
	value INTEGER NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE source (
	id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	location VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	language VARCHAR, 
	labels JSON NOT NULL, 
	added_at DATETIME NOT NULL, 
	operator BOOLEAN NOT NULL, 
	retired BOOLEAN NOT NULL, 
	taken_in_once BOOLEAN NOT NULL, 
	etag VARCHAR, 
	last_modified VARCHAR, 
	next_due_at DATETIME, 
	last_success_at DATETIME, 
	failures INTEGER NOT NULL, 
	error_code VARCHAR, 
	error_params JSON, 
	PRIMARY KEY (id), 
	UNIQUE (kind, location)
);
CREATE INDEX ix_source_next_due_at ON source (next_due_at);
CREATE TABLE story (
	id INTEGER NOT NULL, 
	language VARCHAR NOT NULL, 
	opened_at DATETIME NOT NULL, 
	moved_at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE INDEX ix_story_moved_at ON story (moved_at);
CREATE TABLE delivery (
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	batch VARCHAR NOT NULL, 
	part INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	thread INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	payload JSON NOT NULL, 
	state VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	not_before DATETIME NOT NULL, 
	lease_until DATETIME, 
	maybe_sent BOOLEAN NOT NULL, 
	error VARCHAR, 
	message_id INTEGER, 
	created_at DATETIME NOT NULL, 
	settled_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE, 
	UNIQUE ("key")
);
CREATE INDEX ix_delivery_batch ON delivery (batch);
CREATE INDEX ix_delivery_due ON delivery (state, not_before);
CREATE TABLE file (
	source_id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	PRIMARY KEY (source_id, "key"), 
	FOREIGN KEY(source_id) REFERENCES source (id) ON DELETE CASCADE
);
CREATE TABLE item (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	backlog BOOLEAN NOT NULL, 
	story_id INTEGER, 
	ingested_at DATETIME NOT NULL, 
	published_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(source_id) REFERENCES source (id) ON DELETE CASCADE, 
	FOREIGN KEY(story_id) REFERENCES story (id), 
	UNIQUE (source_id, "key")
);
CREATE INDEX ix_item_published_at ON item (published_at);
CREATE UNIQUE INDEX ix_item_seq ON item (seq);
CREATE INDEX ix_item_story_id ON item (story_id);
CREATE TABLE subscription (
	id INTEGER NOT NULL, 
	chat_id INTEGER NOT NULL, 
	thread INTEGER NOT NULL, 
	target_kind VARCHAR NOT NULL, 
	target_id VARCHAR NOT NULL, 
	delivery VARCHAR NOT NULL, 
	schedule VARCHAR, 
	digest_mark INTEGER NOT NULL, 
	alert_mark INTEGER NOT NULL, 
	next_due_at DATETIME, 
	created_at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE, 
	UNIQUE (chat_id, thread, target_kind, target_id)
);
CREATE INDEX ix_subscription_next_due_at ON subscription (next_due_at);
CREATE INDEX ix_subscription_target ON subscription (target_kind, target_id);
CREATE TABLE topic (
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	"query" JSON NOT NULL, 
	owner INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(owner) REFERENCES chat (id) ON DELETE CASCADE
);
CREATE TABLE item_actor (
	actor_id VARCHAR NOT NULL, 
	item_id INTEGER NOT NULL, 
	mentions INTEGER NOT NULL, 
	statements INTEGER NOT NULL, 
	PRIMARY KEY (actor_id, item_id), 
	FOREIGN KEY(actor_id) REFERENCES actor (id), 
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE INDEX ix_item_actor_item ON item_actor (item_id);
CREATE TABLE revision (
	item_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	text VARCHAR NOT NULL, 
	title_end INTEGER NOT NULL, 
	language VARCHAR NOT NULL, 
	published_at DATETIME, 
	published_precision VARCHAR NOT NULL, 
	url VARCHAR, 
	outlet VARCHAR, 
	digest VARCHAR NOT NULL, 
	ingested_at DATETIME NOT NULL, 
	reading JSON NOT NULL, 
	signature VARCHAR NOT NULL, 
	PRIMARY KEY (item_id, revision), 
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE TABLE seen_office (
	actor_id VARCHAR NOT NULL, 
	item_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	title VARCHAR NOT NULL, 
	PRIMARY KEY (actor_id, item_id, start), 
	FOREIGN KEY(actor_id) REFERENCES actor (id), 
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE TABLE shown (
	chat_id INTEGER NOT NULL, 
	thread INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	PRIMARY KEY (chat_id, thread, item_id), 
	FOREIGN KEY(chat_id) REFERENCES chat (id) ON DELETE CASCADE, 
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE
);
CREATE TABLE topic_item (
	topic_id VARCHAR NOT NULL, 
	item_id INTEGER NOT NULL, 
	PRIMARY KEY (topic_id, item_id), 
	FOREIGN KEY(item_id) REFERENCES item (id) ON DELETE CASCADE, 
	FOREIGN KEY(topic_id) REFERENCES topic (id) ON DELETE CASCADE
);
CREATE INDEX ix_topic_item_item ON topic_item (item_id);
CREATE VIRTUAL TABLE item_search USING fts5(stems, tokenize="unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE item_search_words USING fts5vocab(item_search, 'row');
INSERT INTO alembic_version VALUES ('0001');
INSERT INTO source (id, kind, location, name, labels, added_at, operator, retired, taken_in_once, failures) VALUES (1, 'folder', '/reports', 'reports', '[]', '2026-01-01 10:00:00.000000', 1, 0, 1, 0);
INSERT INTO story (id, language, opened_at, moved_at) VALUES (1, 'de', '2026-01-01 10:00:00.000000', '2026-01-01 10:00:00.000000');
INSERT INTO item (id, source_id, "key", revision, seq, backlog, story_id, ingested_at, published_at) VALUES (1, 1, 'a.txt', 1, 1, 0, 1, '2026-01-01 10:00:00.000000', '2022-01-01 00:00:00.000000');
INSERT INTO revision (item_id, revision, text, title_end, language, published_at, published_precision, digest, ingested_at, reading, signature) VALUES (1, 1, 'Ein Titel' || char(10) || char(10) || 'Die NATO tagt.', 9, 'de', '2022-01-01 00:00:00.000000', 'month', 'x', '2026-01-01 10:00:00.000000', '{"language": "de", "mentions": [{"start": 15, "end": 19, "kind": "organisation", "actor": "nato"}]}', '{}');
INSERT INTO actor (id, name, kind, aliases, curated) VALUES ('nato', 'NATO', 'organisation', '[]', 1);
INSERT INTO item_actor (actor_id, item_id, mentions, statements) VALUES ('nato', 1, 1, 0);
INSERT INTO item_search (rowid, stems) VALUES (1, 'titel tagt');
INSERT INTO chat (id, address, language, zone, schedule, paused, created_at) VALUES (1, 'telegram:-42', 'de', 'Europe/Berlin', 'daily 07:00', 0, '2026-01-01 10:00:00.000000');
INSERT INTO subscription (id, chat_id, thread, target_kind, target_id, delivery, digest_mark, alert_mark, created_at) VALUES (1, 1, 0, 'actor', 'nato', 'digest', 0, 0, '2026-01-01 10:00:00.000000');
INSERT INTO counter (name, value) VALUES ('seq', 1);
