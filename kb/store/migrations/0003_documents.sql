-- Uploads in batches that can be stopped, corrected metadata, former ids of works, withdrawal, baskets of evidence.
alter table jobs add column batch varchar not null default '';
alter table jobs add column outcome varchar not null default '';
alter table jobs add column proposed varchar not null default '{}';
alter table jobs add column is_stopping integer not null default 0;
alter table jobs add column started_at varchar not null default '';
create index jobs_by_batch on jobs (batch, id);
create table workers (
    owner varchar not null primary key,
    seen_at varchar not null
);
alter table pages add column source varchar not null default 'text';
create index pages_by_ocr on pages (version_id, number) where source = 'ocr';
create table corrections (
    id integer not null primary key autoincrement,
    version_id varchar not null references versions (id),
    field varchar not null,
    value varchar not null,
    was varchar not null default '',
    corrected_by varchar not null,
    corrected_at varchar not null
);
create index corrections_by_version on corrections (version_id, id);
create table origins (
    version_id varchar not null references versions (id) on delete cascade,
    field varchar not null,
    origin varchar not null,
    primary key (version_id, field)
);
create table sketches (
    version_id varchar not null primary key references versions (id) on delete cascade,
    sketch blob not null
);
create table former_works (
    id varchar not null primary key,
    work_id varchar not null
);
create index former_works_by_work on former_works (work_id);
create index versions_by_supersedes on versions (supersedes);
create table withdrawals (
    id integer not null primary key autoincrement,
    version_id varchar not null references versions (id),
    reason varchar not null,
    withdrawn_by varchar not null,
    withdrawn_at varchar not null,
    former_status varchar not null default 'current' check (former_status in ('current', 'superseded', 'retired')),
    restored_by varchar not null default '',
    restored_at varchar not null default ''
);
create index withdrawals_by_version on withdrawals (version_id, id);
create table deletions (
    kind varchar not null check (kind in ('work', 'version', 'passage')),
    id varchar not null,
    version_id varchar not null,
    deleted_at varchar not null,
    allowed_at varchar not null default '',
    primary key (kind, id)
);
create table audit (
    id integer not null primary key autoincrement,
    happened_at varchar not null,
    actor varchar not null,
    action varchar not null,
    subject varchar not null,
    reason varchar not null,
    facts varchar not null default '{}'
);
create index audit_by_subject on audit (subject, id);
create table baskets (
    id varchar not null primary key,
    created_at varchar not null,
    seen_at varchar not null
);
create table basket_items (
    basket_id varchar not null references baskets (id),
    passage_id varchar not null,
    position integer not null,
    note varchar not null default '',
    query varchar not null default '',
    retrieved_at varchar not null,
    removed_at varchar not null default '',
    primary key (basket_id, passage_id)
);
