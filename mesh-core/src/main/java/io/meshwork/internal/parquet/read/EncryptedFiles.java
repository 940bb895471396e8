package io.meshwork.internal.parquet.read;

/** What reads the encrypted files that this package rejects. */
final class EncryptedFiles {
  /** The module and its class, which are not on the class path of mesh-core. */
  static final String REMEDY =
      "Write the file again without encryption, or add the module mesh-parquet-hadoop: schema() and"
          + " records() of its class HadoopParquetFile read the file with its keys.";

  private EncryptedFiles() {}
}
