package io.meshwork.aws;

import io.meshwork.PrincipalCredentials;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A role for each principal of the suites, which name no accounts of AWS: each name of an account
 * leads to one of five accounts, and each principal to its role there. The process assumes the
 * role, which uses the table of the mesh with a registry role. In a live account, which does not
 * have these roles, all principals use the clients of the process.
 */
final class SuiteRoles implements PrincipalCredentials {
  private static final List<String> ACCOUNTS =
      List.of(AwsLocal.ACCOUNT, "222222222222", "333333333333", "444444444444", "555555555555");

  private static final Principal PROCESS = Principal.of("mesh", "suites");

  private final AwsRoleCredentials process;

  SuiteRoles(AwsRoleCredentials process) {
    this.process = process;
  }

  /** Lets the accounts use the files of a bucket. */
  static void permit(S3Client s3, String bucket) {
    if (AwsLiveAccount.current().isPresent()) {
      return;
    }
    String all =
        ACCOUNTS.stream()
            .map(account -> "\"arn:aws:iam::" + account + ":root\"")
            .collect(Collectors.joining(","));
    String policy =
        """
        {"Version":"2012-10-17","Statement":[{"Sid":"All","Effect":"Allow",\
        "Principal":{"AWS":[%s]},"Action":["s3:ListBucket","s3:GetObject","s3:PutObject",\
        "s3:DeleteObject","s3:AbortMultipartUpload"],\
        "Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"]}]}\
        """
            .formatted(all, bucket, bucket);
    s3.putBucketPolicy(request -> request.bucket(bucket).policy(policy));
  }

  @Override
  public Principal self() {
    return PROCESS;
  }

  @Override
  public boolean maintainsAllDomains() {
    return true;
  }

  @Override
  public Ports as(Principal principal) {
    return principal.equals(PROCESS) || AwsLiveAccount.current().isPresent()
        ? process.own().ports()
        : process.as(role(principal));
  }

  private static Principal role(Principal principal) {
    String account = principal.account();
    String role = account + "-" + principal.role();
    return Principal.of(
        ACCOUNTS.get(Math.floorMod(account.hashCode(), ACCOUNTS.size())),
        role.replaceAll("[^A-Za-z0-9+=,.@_-]", "-"));
  }

  @Override
  public void close() {
    process.close();
  }
}
