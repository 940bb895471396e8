package io.meshwork.internal.table;

import io.meshwork.internal.metadata.GzipMetadata;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.TableProperties;

/** Properties of every table. */
final class TableSettings {
  /**
   * Properties that cannot be overridden. Snappy is not used because Iceberg's Avro requires
   * snappy-java, which is not a dependency. Commits delete old metadata files.
   */
  private static final Map<String, String> FIXED =
      Map.of(
          TableProperties.MANIFEST_COMPRESSION, "gzip",
          TableProperties.AVRO_COMPRESSION, "gzip",
          TableProperties.DELETE_AVRO_COMPRESSION, "gzip",
          TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true",
          DataLocations.PROPERTY, DataLocations.IGNORING_CASE);

  /** The retry properties are for engines; Meshwork has its own commit loop. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          // Columns without an engine's statistics cannot be checked.
          TableProperties.METRICS_MAX_INFERRED_COLUMN_DEFAULTS, "1000",
          TableProperties.DEFAULT_FILE_FORMAT, "parquet",
          TableProperties.PARQUET_COMPRESSION, "zstd",
          TableProperties.DELETE_PARQUET_COMPRESSION, "zstd",
          TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20",
          TableProperties.COMMIT_NUM_RETRIES, "100",
          TableProperties.COMMIT_MIN_RETRY_WAIT_MS, "20",
          TableProperties.COMMIT_MAX_RETRY_WAIT_MS, "2000",
          TableProperties.COMMIT_TOTAL_RETRY_TIME_MS, "120000");

  private TableSettings() {}

  /**
   * The properties of a new table: defaults, custom properties, and fixed ones.
   *
   * @param location the folder of the table
   */
  static Map<String, String> of(String location, Map<String, String> custom) {
    Map<String, String> settings = new LinkedHashMap<>(DEFAULTS);
    settings.put(TableProperties.METADATA_COMPRESSION, GzipMetadata.codec(location));
    settings.putAll(custom);
    settings.putAll(FIXED);
    return settings;
  }
}
