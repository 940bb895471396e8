package io.meshwork.internal.columnar;

import java.util.List;
import java.util.Map;
import org.apache.parquet.format.RowGroup;

/**
 * What the end of a Parquet file says about the rest, checked for sense.
 *
 * @param file where the file lies
 * @param schema the columns
 * @param rows in all row groups
 * @param groups the row groups, with every chunk that is to be read inside the file
 * @param properties key-value metadata
 * @param end where the footer starts and chunks must have ended
 */
record Footer(
    String file,
    ParquetFileSchema schema,
    long rows,
    List<RowGroup> groups,
    Map<String, String> properties,
    long end) {}
