CREATE TABLE objects (id serial PRIMARY KEY, u_uuid varchar, o_type integer, o_pos varchar, o_rot varchar);
CREATE TABLE messages (id serial PRIMARY KEY, u_uuid varchar, part1 varchar, part2 varchar, part3 varchar);
CREATE TABLE phantoms (id serial PRIMARY KEY, u_uuid varchar, data jsonb);
