package io.meshwork.aws.internal.s3;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.table.MeshTables.VendedFiles;
import io.meshwork.internal.table.TableName;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Files of a principal that reads the tables of other domains with credentials of Lake Formation
 * only. Thread-safe; a copy in another process does not open further tables.
 */
public final class LakeFormationFiles extends S3Files implements VendedFiles {
  /** The engines of AWS that apply filters of Lake Formation. */
  static final String FILTERING_ENGINES = "Amazon Athena, Redshift Spectrum, or EMR";

  private static final long serialVersionUID = 1L;

  private final boolean trustedEngine;

  /** Null in a copy. */
  private final transient @Nullable BiFunction<String, TableName, S3Files> opener;

  private final transient Map<CatalogTable, S3Files> opened = new ConcurrentHashMap<>();

  /** A table of a catalog; catalogs of several accounts can have tables of the same name. */
  private record CatalogTable(String catalog, TableName table) {}

  /**
   * Creates files.
   *
   * @param trustedEngine true if Lake Formation trusts this process to filter columns and rows
   * @param opener opens the files of a table in a catalog; called once for each table
   */
  public LakeFormationFiles(
      S3Client client,
      String caller,
      S3Access access,
      boolean trustedEngine,
      BiFunction<String, TableName, S3Files> opener) {
    super(client, caller, access);
    this.trustedEngine = trustedEngine;
    this.opener = opener;
  }

  /**
   * Returns the files of a table.
   *
   * @throws io.meshwork.error.BackendException in a copy
   */
  @Override
  public Optional<FileIO> vended(String catalog, TableName table) {
    BiFunction<String, TableName, S3Files> vending = opener;
    if (vending == null) {
      throw Failure.of(
              MeshAction.of(Verb.READ, "the files of " + table.namespace() + "." + table.table()))
          .because("these files were copied from another process, and open no other table")
          .state("Nothing was read.")
          .fix("Open the table in the process with the mesh, and copy the files of the table.")
          .lasting(ErrorCode.BACKEND_FAILED);
    }
    return Optional.of(
        opened.computeIfAbsent(
            new CatalogTable(catalog, table), key -> vending.apply(catalog, table)));
  }

  @Override
  public boolean isTrustedEngine() {
    return trustedEngine;
  }

  @Override
  public String filteringEngines() {
    return FILTERING_ENGINES;
  }
}
