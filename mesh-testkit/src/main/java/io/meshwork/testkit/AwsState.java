package io.meshwork.testkit;

/**
 * What all emulators of this JVM know about the shared servers: sessions, roles, and buckets.
 *
 * @param accounts whose access keys they are
 * @param roles the roles with their policies
 * @param buckets the owners and policies of buckets
 */
record AwsState(AwsAccounts accounts, IamRoles roles, S3Buckets buckets) {
  static AwsState empty() {
    return new AwsState(new AwsAccounts(), new IamRoles(), new S3Buckets());
  }
}
