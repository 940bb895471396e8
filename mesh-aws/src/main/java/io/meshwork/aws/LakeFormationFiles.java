package io.meshwork.aws;

import io.meshwork.internal.table.MeshTables.VendedFiles;
import io.meshwork.internal.table.TableName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.apache.iceberg.io.FileIO;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Files of a principal that reads the tables of other domains with credentials of Lake Formation
 * only. Thread-safe; a copy in another process does not open further tables.
 */
final class LakeFormationFiles extends S3Files implements VendedFiles {
  /** The engines of AWS that apply filters of Lake Formation. */
  static final String FILTERING_ENGINES = "Amazon Athena, Redshift Spectrum, or EMR";

  private static final long serialVersionUID = 1L;

  private final transient BiFunction<String, TableName, S3Files> opener;
  private final transient Map<TableName, S3Files> opened = new ConcurrentHashMap<>();

  /**
   * Creates files.
   *
   * @param opener opens the files of a table in a catalog; called once for each table
   */
  LakeFormationFiles(
      S3Client client,
      String caller,
      S3Access access,
      BiFunction<String, TableName, S3Files> opener) {
    super(client, caller, access);
    this.opener = opener;
  }

  @Override
  public Optional<FileIO> vended(String catalog, TableName table) {
    return Optional.of(opened.computeIfAbsent(table, name -> opener.apply(catalog, name)));
  }

  @Override
  public String filteringEngines() {
    return FILTERING_ENGINES;
  }
}
