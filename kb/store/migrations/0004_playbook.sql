-- The playbook: pages, their bodies and revisions, and what is written around them.
create table playbook_pages (
    id integer not null primary key autoincrement,
    slug varchar not null unique,
    created_at varchar not null,
    archived_at varchar not null default '',
    deleted_at varchar not null default ''
);
create table playbook_redirects (
    slug varchar not null primary key,
    page_id integer not null references playbook_pages (id),
    made_at varchar not null
);
create index playbook_redirects_by_page on playbook_redirects (page_id);
create table playbook_revisions (
    page_id integer not null references playbook_pages (id),
    language varchar not null check (language in ('en', 'ja')),
    number integer not null,
    text varchar not null,
    digest varchar not null,
    author varchar not null,
    summary varchar not null,
    made_at varchar not null,
    based_on integer not null,
    origin varchar not null check (origin in ('starter', 'import', 'edit', 'merge', 'restore', 'move')),
    primary key (page_id, language, number)
) without rowid;
create index playbook_revisions_by_time on playbook_revisions (made_at);
create table playbook_bodies (
    page_id integer not null references playbook_pages (id),
    language varchar not null check (language in ('en', 'ja')),
    latest integer not null,
    published integer not null default 0,
    stage varchar not null check (stage in ('draft', 'review', 'published')),
    agrees_with integer not null default 0,
    agreed_digest varchar not null default '',
    title varchar not null,
    summary varchar not null,
    theme varchar not null,
    place integer not null,
    kind varchar not null,
    owner varchar not null,
    review_on varchar not null,
    updated varchar not null,
    primary key (page_id, language)
);
create table playbook_headings (
    page_id integer not null,
    language varchar not null,
    ordinal integer not null,
    id varchar not null,
    level integer not null,
    title varchar not null,
    primary key (page_id, language, ordinal)
);
create table playbook_links (
    page_id integer not null,
    language varchar not null,
    ordinal integer not null,
    kind varchar not null,
    target varchar not null,
    fragment varchar not null,
    heading varchar not null,
    primary key (page_id, language, ordinal)
);
create index playbook_links_by_target on playbook_links (kind, target);
create table playbook_drafts (
    owner varchar not null,
    slug varchar not null,
    language varchar not null,
    based_on integer not null,
    text varchar not null,
    saved_at varchar not null,
    primary key (owner, slug, language)
);
create table playbook_comments (
    id integer not null primary key autoincrement,
    page_id integer not null references playbook_pages (id),
    language varchar not null,
    revision integer not null,
    heading varchar not null,
    quoted varchar not null,
    author varchar not null,
    text varchar not null,
    made_at varchar not null,
    answers integer references playbook_comments (id),
    settled_by varchar not null default '',
    settled_at varchar not null default ''
);
create index playbook_comments_by_page on playbook_comments (page_id, language, id);
create table playbook_checks (
    page_id integer not null references playbook_pages (id),
    language varchar not null,
    passage_id varchar not null,
    state varchar not null,
    checked_by varchar not null,
    checked_at varchar not null,
    stamp varchar not null,
    primary key (page_id, language, passage_id)
);
create table playbook_watches (
    owner varchar not null,
    kind varchar not null check (kind in ('page', 'theme', 'all')),
    target varchar not null,
    email varchar not null,
    language varchar not null,
    made_at varchar not null,
    told_at varchar not null,
    primary key (owner, kind, target)
);
create table playbook_images (
    name varchar not null primary key,
    media_type varchar not null,
    width integer not null,
    height integer not null,
    size_bytes integer not null,
    words varchar not null,
    added_by varchar not null,
    added_at varchar not null
);
create table playbook_searches (
    id integer not null primary key autoincrement,
    query varchar not null,
    country varchar not null,
    searched_on varchar not null,
    searched_by varchar not null,
    revision integer not null,
    found varchar not null
);
create index playbook_searches_by_query on playbook_searches (query, searched_on);
