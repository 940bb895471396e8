package io.meshwork.internal.ingest;

import io.meshwork.internal.ingest.ReplaceScopeCheck.OutsideRows;
import io.meshwork.internal.ingest.write.RowNumbers;
import io.meshwork.internal.quality.GateCounts;
import io.meshwork.internal.table.DataFileEntry;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What one task counted of a part of the rows of a publish, and wrote, in one major version.
 * Immutable.
 *
 * @param counts of the rules
 * @param violationCounts rows that do not fit their columns
 * @param files data files of the table
 * @param quarantineFiles data files of the quarantine
 * @param undecided the rows that other parts may quarantine
 * @param numbers the numbers of the rows of these data files, by location; empty if no other part
 *     can quarantine a row
 * @param late the late rows in the data files
 * @param outside the rows in the data files that do not match the filter of the rows to replace
 */
public record IngestedPart(
    GateCounts counts,
    List<ViolationCount> violationCounts,
    List<DataFileEntry> files,
    List<DataFileEntry> quarantineFiles,
    UndecidedRows.OfPart undecided,
    Map<String, RowNumbers> numbers,
    LateRows late,
    OutsideRows outside)
    implements Serializable {
  /** The locations of all its files. */
  public Stream<String> locations() {
    return Stream.concat(
        Stream.concat(files.stream(), quarantineFiles.stream()).map(DataFileEntry::location),
        undecided.files().stream());
  }
}
