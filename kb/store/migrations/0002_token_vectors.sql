create table token_vectors (
    model_id varchar not null,
    text_hash varchar not null,
    codec varchar not null,
    codes blob not null,
    primary key (model_id, text_hash, codec)
);
