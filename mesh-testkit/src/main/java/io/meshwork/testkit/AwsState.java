package io.meshwork.testkit;

/**
 * What all emulators of this JVM know about the shared servers: sessions, roles, buckets, the
 * writes that run, and what Lake Formation stores.
 *
 * @param accounts whose access keys they are
 * @param roles the roles with their policies
 * @param buckets the owners and policies of buckets
 * @param locks the locks of keys of S3
 * @param lakes grants, settings, and shares
 */
record AwsState(
    AwsAccounts accounts, IamRoles roles, S3Buckets buckets, S3Locks locks, LakeState lakes) {
  static AwsState empty() {
    return new AwsState(
        new AwsAccounts(), new IamRoles(), new S3Buckets(), new S3Locks(), new LakeState());
  }
}
