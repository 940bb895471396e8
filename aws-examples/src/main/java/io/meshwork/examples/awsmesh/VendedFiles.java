package io.meshwork.examples.awsmesh;

import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The files of a table in S3, for a reader: each is downloaded whole. Not serializable.
 *
 * @param s3 a client with the credentials that Lake Formation gave for the table
 */
record VendedFiles(S3Client s3) implements FileIO {
  @Override
  public InputFile newInputFile(String location) {
    return new InMemoryInputFile(location, bytes(location));
  }

  /** Downloads a file. */
  byte[] bytes(String location) {
    String path = location.substring("s3://".length());
    int slash = path.indexOf('/');
    return s3.getObjectAsBytes(
            get -> get.bucket(path.substring(0, slash)).key(path.substring(slash + 1)))
        .asByteArray();
  }

  @Override
  public OutputFile newOutputFile(String location) {
    throw new UnsupportedOperationException("These credentials are for reading.");
  }

  @Override
  public void deleteFile(String location) {
    throw new UnsupportedOperationException("These credentials are for reading.");
  }
}
