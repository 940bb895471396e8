package io.meshwork.aws;

import io.meshwork.product.Principal;

/** The names that a mesh gives to its resources. */
public final class MeshNames {
  private MeshNames() {}

  /** Returns the name of the mesh. */
  public static String meshName(AwsConfig config) {
    return config.meshName();
  }

  /** Returns the region of the mesh. */
  public static String region(AwsConfig config) {
    return config.region();
  }

  /** Returns the account of the mesh. */
  public static String account(AwsConfig config) {
    return config.account();
  }

  /** Returns the root of the files of the mesh. */
  public static String root(AwsConfig config) {
    return config.root();
  }

  /** Returns the bucket of the mesh. */
  public static String bucket(AwsConfig config) {
    return config.bucket();
  }

  /** Returns the bucket of the mesh in an account. */
  public static String bucketIn(AwsConfig config, String account) {
    return config.bucketIn(account);
  }

  /** Returns the table of the mesh. */
  public static String table(AwsConfig config) {
    return config.table();
  }

  /** Returns the external ID with which registry roles are assumed. */
  public static String registryExternalId(AwsConfig config) {
    return config.registryExternalId();
  }

  /** Returns the ARN of a role. */
  public static String roleArn(AwsConfig config, Principal role) {
    return config.roleArn(role);
  }
}
