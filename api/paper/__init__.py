"""Paper: what leaves the house to be printed, filed or counted. Everything on it is what a page shows its reader.

`sheet` lays a paper of a case out as the paper form it is, `casefile` puts a whole case into one file, `lists` are the
tables (registers, cases, tasks, figures, reports). `press` makes PDF of pages and workbooks of tables, in a process of
its own (`printer`: `setting` is the only door to WeasyPrint, `binding` the only one to XlsxWriter).
"""
