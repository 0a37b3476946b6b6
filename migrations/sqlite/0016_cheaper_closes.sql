-- What a close and its question cost the database. The twin of the file for PostgreSQL. Here the reference of a session to
-- its line is one look into a table and stays, and rows are changed in their place.

SELECT 1;
