-- Which editions became current again because of a withdrawal, so that they stop being it when it is undone.
alter table withdrawals add column made_current varchar not null default '';
