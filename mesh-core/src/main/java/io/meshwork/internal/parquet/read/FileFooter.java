package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.schema.ParquetFileSchema;
import java.util.List;
import java.util.Map;
import org.apache.parquet.format.RowGroup;

/**
 * The validated footer of a Parquet file.
 *
 * @param file location of the file
 * @param schema the columns
 * @param rows number of rows in all row groups
 * @param groups the non-empty row groups, each of whose readable chunks lies within the file
 * @param properties key-value metadata
 * @param end offset of the footer, where chunks must have ended
 */
record FileFooter(
    String file,
    ParquetFileSchema schema,
    long rows,
    List<RowGroup> groups,
    Map<String, String> properties,
    long end) {}
