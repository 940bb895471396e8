package io.meshwork.testkit.aws.internal.lake;

import java.util.Set;
import java.util.TreeSet;

/**
 * The permissions of a principal on a resource. Guarded by {@link LakeState}.
 *
 * @param principal the ARN, account, or group
 * @param resource on what
 * @param permissions what is granted
 * @param grantable what the principal may pass on, a part of the permissions
 */
public record LakeGrant(
    String principal, LakeResource resource, Set<String> permissions, Set<String> grantable) {
  public static LakeGrant none(String principal, LakeResource resource) {
    return new LakeGrant(principal, resource, new TreeSet<>(), new TreeSet<>());
  }

  public Set<String> permissions(boolean isGrantable) {
    return isGrantable ? grantable : permissions;
  }
}
