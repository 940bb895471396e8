package io.meshwork.testkit.aws.internal.lake;

import io.meshwork.testkit.aws.internal.access.AccountOrganizations;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.lake.ResourceShare.Status;
import io.meshwork.testkit.aws.internal.lake.ResourceShare.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The shares of Resource Access Manager by which grants reach other accounts: one for each owner,
 * principal, and type of resource. Guarded by {@link LakeState}.
 */
public final class ResourceShares {
  private final AccountOrganizations organizations;
  private final List<ResourceShare> shares = new ArrayList<>();
  private long created;

  ResourceShares(AccountOrganizations organizations) {
    this.organizations = organizations;
  }

  public List<ResourceShare> all() {
    return shares;
  }

  /** Returns the share that a grant of a resource belongs to; null if there is none. */
  public @Nullable ResourceShare find(CatalogKey owner, String principal, LakeResource resource) {
    for (ResourceShare share : shares) {
      if (share.owner().equals(owner)
          && share.principal().equals(principal)
          && share.type() == Type.of(resource)) {
        return share;
      }
    }
    return null;
  }

  /**
   * Shares a resource with a principal outside its account; again, if the invitation was rejected
   * or expired.
   */
  public void add(CatalogKey owner, String principal, LakeResource resource) {
    ResourceShare before = find(owner, principal, resource);
    ResourceShare share = before;
    if (share == null || share.status() == Status.REJECTED || share.status() == Status.EXPIRED) {
      created++;
      Status status = isAutomatic(owner.account(), principal) ? Status.NOT_NEEDED : Status.PENDING;
      share =
          new ResourceShare(
              new UUID((0x4d455348L << 32) | 0x4000L, Long.MIN_VALUE | created),
              owner,
              principal,
              Type.of(resource),
              status);
      if (before != null) {
        share.resources().addAll(before.resources());
        shares.remove(before);
      }
      shares.add(share);
    }
    share.resources().add(arn(owner, resource));
  }

  /** Lets the pending invitations of an account expire. */
  public void expire(String account) {
    shares.stream()
        .filter(share -> share.status() == Status.PENDING && isFor(share, account))
        .forEach(share -> share.setStatus(Status.EXPIRED));
  }

  /** Ends the sharing of a resource of which a principal has no grant left. */
  public void remove(CatalogKey owner, String principal, LakeResource resource) {
    ResourceShare share = find(owner, principal, resource);
    if (share != null) {
      share.resources().remove(arn(owner, resource));
      if (share.resources().isEmpty()) {
        shares.remove(share);
      }
    }
  }

  /** Returns true if an account, of a principal or by itself, accepted the share of a grant. */
  public boolean isAccepted(CatalogKey owner, String principal, LakeResource resource) {
    ResourceShare share = find(owner, principal, resource);
    return share != null && share.isAccepted();
  }

  /** Returns true if an account is the recipient of a share, or a member of the recipient. */
  public boolean isFor(ResourceShare share, String account) {
    return share.recipient().equals(account) || share.recipient().equals(organizations.of(account));
  }

  public static String arn(CatalogKey owner, LakeResource resource) {
    return owner.arn(
        switch (Type.of(resource)) {
          case CATALOG -> "catalog";
          case DATABASE -> "database/" + resource.database();
          case TABLE -> "table/" + resource.database() + "/" + resource.table();
        });
  }

  private boolean isAutomatic(String owner, String principal) {
    return AccountOrganizations.isOrganization(principal)
        || organizations.haveSame(owner, LakePrincipals.account(principal));
  }
}
