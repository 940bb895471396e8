package io.meshwork.testkit;

/**
 * What all emulators of this JVM know about the shared servers: sessions, roles, buckets, and the
 * writes that run.
 *
 * @param accounts whose access keys they are
 * @param roles the roles with their policies
 * @param buckets the owners and policies of buckets
 * @param locks the locks of keys of S3
 */
record AwsState(AwsAccounts accounts, IamRoles roles, S3Buckets buckets, S3Locks locks) {
  static AwsState empty() {
    return new AwsState(new AwsAccounts(), new IamRoles(), new S3Buckets(), new S3Locks());
  }
}
