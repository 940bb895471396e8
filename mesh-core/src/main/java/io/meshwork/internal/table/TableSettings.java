package io.meshwork.internal.table;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.TableProperties;

/** Properties of every table. */
final class TableSettings {
  /**
   * What nobody may choose otherwise. Snappy is out since Iceberg's Avro needs snappy-java for it,
   * which we do not ship; old metadata goes with the commit that replaces it.
   */
  private static final Map<String, String> FIXED =
      Map.of(
          TableProperties.MANIFEST_COMPRESSION, "gzip",
          TableProperties.AVRO_COMPRESSION, "gzip",
          TableProperties.DELETE_AVRO_COMPRESSION, "gzip",
          TableProperties.METADATA_COMPRESSION, "none",
          TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");

  /** For engines that commit through the catalog; our own loop retries by itself. */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          // Engines keep statistics of so many columns; what they leave out cannot be judged.
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

  /** The properties of a new table: defaults, what the caller chose, and what is fixed. */
  static Map<String, String> of(Map<String, String> chosen) {
    Map<String, String> settings = new LinkedHashMap<>(DEFAULTS);
    settings.putAll(chosen);
    settings.putAll(FIXED);
    return settings;
  }
}
