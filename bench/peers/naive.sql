-- pgbench's script: one trace as the seed's stack stores it, in a transaction of its own.
BEGIN;
INSERT INTO objects (u_uuid, o_type, o_pos, o_rot) VALUES (:u_uuid, :o_type, :o_pos, :o_rot);
INSERT INTO messages (u_uuid, part1, part2, part3) VALUES (:u_uuid, :part1, :part2, :part3);
INSERT INTO phantoms (u_uuid, data) VALUES (:u_uuid, :data);
COMMIT;
