## Files that are uploaded: refusals and bad rows

imp-bad-line = Line { $line }: { $reason } (“{ $value }”)
imp-bad-value = Line { $line }, { $column }: “{ $value }” — { $reason }

imp-column-meter = meter
imp-column-start = start
imp-column-end = end
imp-column-value = value
imp-column-unit = unit
imp-column-hall = hall
imp-column-row = row
imp-column-rack = rack
imp-column-kind = kind
imp-column-slots = slots
imp-column-limit_kw = limit, kW
imp-column-phase = phase
imp-column-feed_a = feed A
imp-column-feed_b = feed B
imp-column-zone = cooling zone

imp-reason-fields = more or fewer fields than the header has; quote numbers with a decimal comma, or separate fields with semicolons
imp-reason-too-long = too long
imp-reason-open-quote = a quotation mark is not closed
imp-reason-encoding = letters in another encoding than at the start of the file
imp-reason-control = control characters; this is no text
imp-reason-empty = empty
imp-reason-unknown-meter = no such meter; add it on the Meters page
imp-reason-time = no date and time; use 2026-11-01 00:30, 01.11.2026 00:30 or 2026-11-01T00:30:00+03:00
imp-reason-missing-time = there was no such time on that day: the clocks went forward
imp-reason-year = a year before 2009 or after 2100
imp-reason-future = this time is yet to come
imp-reason-order = the end is not after the start
imp-reason-duration = the interval is longer than a day
imp-reason-number = not a number
imp-reason-negative = less than zero
imp-reason-too-large = too large a number
imp-reason-unit = unknown unit; use Wh, kWh, MWh or kW
imp-reason-word = no such word here; see the template
imp-reason-whole = too many decimals
imp-reason-positive = must be more than zero
imp-reason-repeated = this rack already stands above in the file
imp-reason-unknown-name = there is no such name on the site

imp-file-empty = The file is empty. Choose one with a header and rows.
imp-file-header-only = The file has a header and no rows.
imp-file-missing-columns = Columns are missing: { $columns }. Name them as the template does.
imp-file-repeated-column = The column { $column } stands in the header twice. Keep one.
imp-file-header-too-long = The first line is too long for the header of a table. Save the file as CSV.
imp-file-utf16 = The file is in UTF-16. Save it as “CSV UTF-8”.
imp-file-encoding = The encoding is not known. Save the file as “CSV UTF-8”.
imp-file-binary-pdf = This is a PDF document, not a table. Save the table as CSV.
imp-file-binary-workbook = This is an Excel workbook. Save the sheet as “CSV UTF-8” and upload that.
imp-file-binary-zip = This is an archive. Unpack it and upload the CSV file.
imp-file-binary-image = This is a picture, not a table. Save the table as CSV.
imp-file-binary-other = This is not a text file. Save the table as CSV.
imp-file-too-many-rows = The file has more than { $most } rows. Split it.
imp-file-read = The file could not be read to its end. Upload it again.
