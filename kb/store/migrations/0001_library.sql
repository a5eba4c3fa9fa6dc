-- Works and their versions, what was read from them, what is waiting to be read.
create table meta (
    key varchar not null primary key,
    value varchar not null
);
create table works (
    id varchar not null primary key,
    created_at varchar not null
);
create table versions (
    id varchar not null primary key,
    work_id varchar not null references works (id),
    sha256 varchar not null unique,
    path varchar not null,
    media_type varchar not null,
    size_bytes integer not null,
    page_count integer,
    passage_count integer not null,
    word_count integer not null,
    status varchar not null check (status in ('current', 'superseded', 'retired')),
    title varchar not null,
    language varchar not null check (language in ('en', 'ja')),
    publisher varchar not null,
    country varchar not null,
    document_type varchar not null,
    published varchar not null,
    year integer,
    licence varchar not null,
    source_url varchar not null,
    supersedes varchar not null,
    extra varchar not null,
    slug varchar not null,
    added_at varchar not null
);
create index versions_by_work on versions (work_id);
create table sources (
    collection varchar not null,
    path varchar not null,
    sha256 varchar not null,
    fingerprint varchar not null,
    version_id varchar references versions (id),
    gone integer not null default 0,
    primary key (collection, path)
);
create index sources_by_version on sources (version_id);
create table pages (
    version_id varchar not null references versions (id),
    number integer not null,
    label varchar not null,
    language varchar not null,
    text varchar not null,
    primary key (version_id, number)
);
create table headings (
    version_id varchar not null references versions (id),
    ordinal integer not null,
    level integer not null,
    title varchar not null,
    page integer not null,
    start integer not null,
    primary key (version_id, ordinal)
);
create table passages (
    row integer not null primary key autoincrement,
    id varchar not null unique,
    version_id varchar not null references versions (id),
    page integer,
    ordinal integer not null,
    "start" integer not null,
    "end" integer not null,
    language varchar not null,
    section varchar not null,
    text varchar not null,
    text_hash varchar not null,
    added_revision integer not null,
    retired_revision integer
);
create index passages_by_version on passages (version_id, ordinal);
create index passages_by_added on passages (added_revision);
create index passages_by_retired on passages (retired_revision);
create table embeddings (
    model_id varchar not null,
    text_hash varchar not null,
    vector blob not null,
    primary key (model_id, text_hash)
);
create table receipts (
    id integer not null primary key autoincrement,
    collection varchar not null,
    path varchar not null,
    version_id varchar,
    created_at varchar not null,
    body varchar not null
);
create index receipts_by_version on receipts (version_id);
create table jobs (
    id integer not null primary key autoincrement,
    filename varchar not null,
    sha256 varchar not null,
    size_bytes integer not null,
    state varchar not null check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    stage varchar not null,
    done integer not null default 0,
    total integer not null default 0,
    version_id varchar not null default '',
    problem varchar not null default '',
    facts varchar not null default '{}',
    metadata varchar not null default '{}',
    owner varchar not null default '',
    attempts integer not null default 0,
    heartbeat_at varchar not null default '',
    created_at varchar not null,
    finished_at varchar not null default ''
);
create index jobs_by_state on jobs (state, id);
