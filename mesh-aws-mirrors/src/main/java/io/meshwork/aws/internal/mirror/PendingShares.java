package io.meshwork.aws.internal.mirror;

import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.mirror.glue.RoleClients;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.runtime.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.ram.model.ResourceShareAssociation;
import software.amazon.awssdk.services.ram.model.ResourceShareAssociationStatus;
import software.amazon.awssdk.services.ram.model.ResourceShareAssociationType;

/**
 * What a catalog shares with accounts that no domain has, where the mesh has no role that accepts
 * invitations. Used by one thread.
 *
 * @param role the role of the mesh in the account of the catalog
 * @param region the region of the catalog
 */
record PendingShares(RoleClients role, String region) {
  private static final String OPERATION = "GetResourceShareAssociations";

  /**
   * Returns a finding for each of these accounts that did not accept a share.
   *
   * @throws io.meshwork.error.BackendException INTERRUPTED if the thread is interrupted
   */
  List<Finding> findings(Set<String> accounts, Deadline deadline) {
    if (accounts.isEmpty()) {
      return List.of();
    } else if (deadline.passed()) {
      return List.of(
          unknown(
              accounts.size(),
              "because the time of the verification was over.",
              "Set a longer timeout(..) of the mirrors, and verify again."));
    }
    try {
      Set<String> pending = pending();
      pending.retainAll(accounts);
      List<Finding> findings = new ArrayList<>();
      pending.forEach(account -> findings.add(unaccepted(account)));
      return findings;
    } catch (AbortedException e) {
      throw Deadline.interrupted(
          MeshAction.of(Verb.READ, "what is shared by " + role.account()), null);
    } catch (MeshException e) {
      return List.of(failed(accounts.size(), String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      return List.of(
          failed(
              accounts.size(),
              "Resource Access Manager did not complete "
                  + OPERATION
                  + ", "
                  + AwsFailure.describe(e)
                  + "."));
    }
  }

  private Set<String> pending() {
    Set<String> accounts = new TreeSet<>();
    role
        .ram()
        .getResourceShareAssociationsPaginator(
            get -> get.associationType(ResourceShareAssociationType.PRINCIPAL))
        .stream()
        .flatMap(page -> page.resourceShareAssociations().stream())
        .filter(share -> share.resourceShareName().startsWith(ShareInvitations.OF_LAKE_FORMATION))
        .filter(share -> share.status() == ResourceShareAssociationStatus.ASSOCIATING)
        .forEach(share -> accounts.add(accountOf(share)));
    return accounts;
  }

  /**
   * A share is for an account, or for a principal there, such as {@code arn:aws:iam::1..:role/a}.
   */
  private static String accountOf(ResourceShareAssociation share) {
    String[] parts = share.associatedEntity().split(":", -1);
    return parts.length > 4 ? parts[4] : parts[0];
  }

  private Finding unaccepted(String account) {
    return new Finding(
        FindingCode.MIRROR_UNREADABLE,
        Severity.WARNING,
        "readers in " + account,
        "Roles of this account may read tables, but the account did not accept the invitation of"
            + " AWS RAM from "
            + role.account()
            + ", and it is in no domain, so the mesh does not accept it there.",
        0,
        List.of(),
        "Let an administrator of the account accept it: aws ram get-resource-share-invitations"
            + " --region "
            + region
            + " lists it, and aws ram accept-resource-share-invitation --region "
            + region
            + " --resource-share-invitation-arn ARN accepts it. If the invitation has expired,"
            + " revoke the grants, run the mirrors, and grant again.");
  }

  private Finding failed(int accounts, String failure) {
    return unknown(accounts, "because it failed: " + failure, "Verify again.");
  }

  private Finding unknown(int accounts, String reason, String fix) {
    return new Finding(
        FindingCode.MIRROR_UNREACHABLE,
        Severity.WARNING,
        "shares of " + role.account(),
        "Whether "
            + accounts
            + (accounts == 1 ? " account" : " accounts")
            + " without a domain accepted what is shared was not read, "
            + reason,
        accounts,
        List.of(),
        fix);
  }
}
