package io.meshwork.aws.internal.s3;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.files.LocalFileIO;
import java.io.Serializable;

/**
 * The location of a file: {@code s3://bucket/key}. Nothing is decoded; a key may contain any
 * character. Immutable.
 *
 * @param bucket the name of the bucket
 * @param key the key; empty for the whole bucket
 */
public record S3Location(String bucket, String key) implements Serializable {
  private static final String SCHEME = "s3://";

  /**
   * Returns the location in a string.
   *
   * @throws BackendException UNSAFE_PATH if it does not name a bucket
   * @throws InvalidRequestException CONFIG_INVALID if it is in a folder that an embedded mesh read
   */
  public static S3Location parse(String location) {
    if (LocalFileIO.isReadOnly(location)) {
      throw Failure.of(MeshAction.of(Verb.READ, "a file of another program"))
          .because(
              "it was registered in a folder, before the mesh moved, and only a mesh in a folder"
                  + " reads it")
          .state("The file was not accessed.")
          .fix(
              "Publish its rows with files(..) and replaceAll(), or replace the publish that"
                  + " registered it.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
    String rest = location.startsWith(SCHEME) ? location.substring(SCHEME.length()) : "";
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    if (bucket.isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.USE, "a file of the mesh"))
          .because("its location does not start with " + SCHEME + " and a bucket")
          .state("The file was not accessed.")
          .fix("Restore the registry from a backup: another application changed a location.")
          .lasting(ErrorCode.UNSAFE_PATH);
    }
    return new S3Location(bucket, slash < 0 ? "" : rest.substring(slash + 1));
  }

  /** False for a file of another program elsewhere, as in a folder before the mesh moved to S3. */
  public static boolean isInS3(String location) {
    return location.startsWith(SCHEME);
  }

  /** Returns the location of another key in this bucket. */
  public S3Location of(String other) {
    return new S3Location(bucket, other);
  }

  /**
   * Returns the name by which IAM knows it, without values of rows.
   *
   * @param partition the partition of AWS, such as {@code aws-cn}
   */
  String arn(String partition) {
    return bucketArn(partition) + (key.isEmpty() ? "" : "/" + keyWithoutValues());
  }

  /**
   * Returns the name by which IAM knows the bucket.
   *
   * @param partition the partition of AWS, such as {@code aws-cn}
   */
  String bucketArn(String partition) {
    return "arn:" + partition + ":s3:::" + bucket;
  }

  /** Returns the location for messages: a folder {@code column=value} contains a value of rows. */
  String withoutValues() {
    return SCHEME + bucket + "/" + keyWithoutValues();
  }

  private String keyWithoutValues() {
    int equals = key.indexOf('=');
    return equals < 0 ? key : key.substring(0, key.lastIndexOf('/', equals) + 1) + "*";
  }

  @Override
  public String toString() {
    return SCHEME + bucket + "/" + key;
  }
}
