package io.meshwork.internal.parquet.footer;

/** What reads the encrypted files that this package rejects. */
public final class EncryptedFiles {
  /** The module and its class, which are not on the class path of mesh-core. */
  public static final String REMEDY =
      "Write the file again without encryption, or add the module mesh-parquet-hadoop: schema() and"
          + " records() of its class HadoopParquetFile read the file with its keys.";

  private EncryptedFiles() {}
}
