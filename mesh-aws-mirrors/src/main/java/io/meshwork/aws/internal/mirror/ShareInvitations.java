package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.aws.internal.mirror.glue.RoleClients;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import io.meshwork.internal.runtime.Deadline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.ram.model.Resource;
import software.amazon.awssdk.services.ram.model.ResourceOwner;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitation;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitationAlreadyAcceptedException;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitationAlreadyRejectedException;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitationArnNotFoundException;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitationExpiredException;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitationStatus;

/**
 * What the account of a catalog shares with another one by Resource Access Manager. Lake Formation
 * creates the shares. Their invitations are accepted; all others are left, with a finding. Used by
 * one thread.
 */
final class ShareInvitations {
  /** The start of the names of shares that Lake Formation creates. */
  static final String OF_LAKE_FORMATION = "LakeFormation";

  private static final String GET_INVITATIONS = "GetResourceShareInvitations";

  private final String catalog;
  private final ResourceNames names;
  private final RoleClients role;
  private final ExpectedShares expected;
  private List<ResourceShareInvitation> read = List.of();

  /** The ARNs of invitations of the catalog's account to what the mesh does not share. */
  private final Set<String> unexpected = new HashSet<>();

  private boolean lacking;
  private @Nullable String command;

  /** True once all that waited during a run was accepted: the grants of the catalog come before. */
  private boolean complete;

  /**
   * The shares for an account.
   *
   * @param catalog the account of the catalog
   * @param role the role of the mesh in the account that receives the shares
   */
  ShareInvitations(String catalog, ResourceNames names, RoleClients role, ExpectedShares expected) {
    this.catalog = catalog;
    this.names = names;
    this.role = role;
    this.expected = expected;
  }

  /**
   * What the mesh shares. Immutable.
   *
   * @param resources returns the resources of the catalog that are shared with the account, as ends
   *     of ARNs of Glue
   * @param isOfMesh whether an account has a catalog of the mesh
   */
  record ExpectedShares(Supplier<Set<String>> resources, Predicate<String> isOfMesh) {}

  /**
   * Returns the types of resources that the account has received, of which nothing waits to be
   * accepted.
   */
  Set<ShareType> accepted(Set<ShareType> types) {
    read = invitations();
    Set<ShareType> pending = EnumSet.noneOf(ShareType.class);
    for (ResourceShareInvitation invitation : acceptable(read)) {
      Set<ShareType> offered = typesOf(invitation);
      if (offered.isEmpty()) {
        unexpected.add(invitation.resourceShareInvitationArn());
      }
      pending.addAll(offered);
    }
    Set<ShareType> accepted = EnumSet.noneOf(ShareType.class);
    for (ShareType type : types) {
      if (!pending.contains(type) && isReceived(type)) {
        accepted.add(type);
      }
    }
    lacking = !accepted.containsAll(types);
    return accepted;
  }

  /** Returns the call that accepts what the catalog shares of a type, and other types with it. */
  ServiceCall acceptance(ShareType type) {
    return new ServiceCall(acceptanceCommand(), () -> accept(type));
  }

  /**
   * Returns the call that accepts what waits after the grants of this run. Several of these calls
   * look for invitations once.
   */
  ServiceCall acceptance() {
    return new ServiceCall(
        acceptanceCommand(),
        () -> {
          if (!complete) {
            acceptAll();
          }
        });
  }

  private String acceptanceCommand() {
    String cached = command;
    if (cached == null) {
      cached = newAcceptanceCommand();
      command = cached;
    }
    return cached;
  }

  /** Returns the command that accepts the same invitations, also later ones. */
  private String newAcceptanceCommand() {
    String region = " --region " + names.region();
    String invitations =
        "resourceShareInvitations[?senderAccountId=='"
            + catalog
            + "' && status=='PENDING' && starts_with(resourceShareName, '"
            + OF_LAKE_FORMATION
            + "')].resourceShareInvitationArn";
    ArrayNode shared =
        RequestJson.array(
            expected.resources().get().stream().map(end -> names.glue(catalog, end)).toList());
    ArrayNode types =
        RequestJson.array(Arrays.stream(ShareType.values()).map(ShareType::text).toList());
    String isOfMesh =
        "resources[?contains(`"
            + shared
            + "`, arn)] && !(resources[?!contains(`"
            + types
            + "`, type)])";
    return "for arn in $(aws ram get-resource-share-invitations"
        + region
        + " --query \""
        + invitations
        + "\" --output text); do if aws ram list-pending-invitation-resources"
        + region
        + " --resource-share-invitation-arn \"$arn\" --query "
        + RequestJson.quoted(isOfMesh)
        + " --output json | grep -qx true; then aws ram accept-resource-share-invitation"
        + region
        + " --resource-share-invitation-arn \"$arn\"; fi; done";
  }

  /** Accepts what waits now. */
  void acceptAll() {
    for (ResourceShareInvitation invitation : acceptable(invitations())) {
      if (!typesOf(invitation).isEmpty()) {
        accept(invitation.resourceShareInvitationArn());
      }
    }
    complete = true;
  }

  private void accept(ShareType type) {
    acceptAll();
    if (!isReceived(type)) {
      throw Failure.of(MeshAction.of(Verb.READ, "what " + catalog + " shares with " + account()))
          .because(
              "Resource Access Manager has neither a share of "
                  + type.text()
                  + " that is accepted, nor an invitation to one")
          .fix(
              "Run the mirrors again after the grants of the account "
                  + catalog
                  + " are made. If this persists, look for invitations that were rejected.")
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  private void accept(String invitation) {
    try {
      role.ram()
          .acceptResourceShareInvitation(request -> request.resourceShareInvitationArn(invitation));
    } catch (ResourceShareInvitationAlreadyAcceptedException
        | ResourceShareInvitationExpiredException
        | ResourceShareInvitationAlreadyRejectedException
        | ResourceShareInvitationArnNotFoundException ignored) {
      // Accepted by another run, or by this one before its reply was lost. Or it ended since it was
      // listed: the next run reports it.
    } catch (RuntimeException e) {
      throw failed("AcceptResourceShareInvitation", invitation, e);
    }
  }

  /** Returns the invitations that stay unchanged: of others, rejected, or expired. */
  List<Finding> remarks() {
    List<Finding> findings = new ArrayList<>();
    Instant newest = Instant.MIN;
    for (ResourceShareInvitation invitation : read) {
      if (isOfCatalog(invitation)
          && !isRefused(invitation)
          && invitation.invitationTimestamp().isAfter(newest)) {
        newest = invitation.invitationTimestamp();
      }
    }
    for (ResourceShareInvitation invitation : read) {
      if (unexpected.contains(invitation.resourceShareInvitationArn())) {
        findings.add(foreign(invitation));
      } else if (isOfCatalog(invitation)) {
        boolean replaced = invitation.invitationTimestamp().isBefore(newest);
        if (isRefused(invitation) && (lacking || !replaced)) {
          findings.add(refused(invitation));
        }
      } else if (isPending(invitation) && !isOfMesh(invitation)) {
        findings.add(foreign(invitation));
      }
    }
    return findings;
  }

  private boolean isOfMesh(ResourceShareInvitation invitation) {
    return isOfLakeFormation(invitation) && expected.isOfMesh().test(invitation.senderAccountId());
  }

  private Finding refused(ResourceShareInvitation invitation) {
    return new Finding(
        FindingCode.SHARE_REFUSED,
        Finding.Severity.WARNING,
        where(invitation),
        "The invitation of the account "
            + catalog
            + " is "
            + invitation.statusAsString()
            + ", so what it shares cannot be read here.",
        0,
        List.of(),
        "If it was a mistake, revoke a permission of the share in Lake Formation of the account "
            + catalog
            + ", and run the mirrors: they grant it again, with a new invitation, and accept"
            + " that.");
  }

  private Finding foreign(ResourceShareInvitation invitation) {
    return new Finding(
        FindingCode.MIRROR_FOREIGN,
        Finding.Severity.NOTE,
        where(invitation),
        "The account "
            + invitation.senderAccountId()
            + " invites to a share that the mesh did not make; the invitation stays as it is.",
        0,
        List.of(),
        "Accept or reject it yourself.");
  }

  private String where(ResourceShareInvitation invitation) {
    return "ram " + invitation.resourceShareName() + " in " + account();
  }

  private String account() {
    return role.account();
  }

  private List<ResourceShareInvitation> acceptable(List<ResourceShareInvitation> all) {
    return all.stream().filter(each -> isPending(each) && isOfCatalog(each)).toList();
  }

  private boolean isOfCatalog(ResourceShareInvitation invitation) {
    return invitation.senderAccountId().equals(catalog) && isOfLakeFormation(invitation);
  }

  private static boolean isOfLakeFormation(ResourceShareInvitation invitation) {
    return invitation.resourceShareName().startsWith(OF_LAKE_FORMATION);
  }

  private static boolean isPending(ResourceShareInvitation invitation) {
    return invitation.status() == ResourceShareInvitationStatus.PENDING;
  }

  private static boolean isRefused(ResourceShareInvitation invitation) {
    return invitation.status() == ResourceShareInvitationStatus.REJECTED
        || invitation.status() == ResourceShareInvitationStatus.EXPIRED;
  }

  private List<ResourceShareInvitation> invitations() {
    return send(
        GET_INVITATIONS,
        "*",
        () ->
            role.ram().getResourceShareInvitationsPaginator(request -> {}).stream()
                .flatMap(page -> page.resourceShareInvitations().stream())
                .toList());
  }

  /**
   * Returns the types of what an invitation offers; none if it has others than Glue's, or nothing
   * that the mesh shares. Lake Formation adds what others grant in the account of the catalog to
   * the same share.
   */
  private Set<ShareType> typesOf(ResourceShareInvitation invitation) {
    List<Resource> offered = offered(invitation.resourceShareInvitationArn());
    Set<ShareType> types = EnumSet.noneOf(ShareType.class);
    if (offered.stream().noneMatch(this::isExpected)) {
      return types;
    }
    for (Resource resource : offered) {
      Optional<ShareType> type = ShareType.named(resource.type());
      if (type.isEmpty()) {
        return EnumSet.noneOf(ShareType.class);
      }
      types.add(type.get());
    }
    return types;
  }

  private boolean isExpected(Resource resource) {
    return expected.resources().get().stream()
        .anyMatch(end -> names.glue(catalog, end).equals(resource.arn()));
  }

  private List<Resource> offered(String invitation) {
    return send(
        "ListPendingInvitationResources",
        invitation,
        () -> {
          try {
            return role
                .ram()
                .listPendingInvitationResourcesPaginator(
                    request -> request.resourceShareInvitationArn(invitation))
                .stream()
                .flatMap(page -> page.resources().stream())
                .toList();
          } catch (ResourceShareInvitationExpiredException
              | ResourceShareInvitationAlreadyRejectedException
              | ResourceShareInvitationArnNotFoundException e) {
            return List.of(); // It ended since it was listed.
          }
        });
  }

  private boolean isReceived(ShareType type) {
    return send(
        "ListResources",
        "*",
        () ->
            role
                .ram()
                .listResourcesPaginator(
                    request ->
                        request
                            .resourceOwner(ResourceOwner.OTHER_ACCOUNTS)
                            .resourceType(type.text()))
                .stream()
                .flatMap(page -> page.resources().stream())
                .anyMatch(this::isExpected));
  }

  private <R> R send(String operation, String on, Supplier<R> request) {
    try {
      return request.get();
    } catch (RuntimeException e) {
      throw failed(operation, on, e);
    }
  }

  private MeshException failed(String operation, String on, RuntimeException failure) {
    if (failure instanceof MeshException meshFailure) {
      return meshFailure;
    }
    MeshAction action = MeshAction.of(Verb.READ, "what other accounts share with " + account());
    if (failure instanceof AbortedException) {
      return Deadline.interrupted(action, null);
    }
    Failure failed = Failure.of(action).cause(failure);
    if (operation.startsWith("Accept") && AwsFailure.mayHaveTakenEffect(failure)) {
      failed.state(AwsFailure.MAY_HAVE_TAKEN_EFFECT);
    }
    if (AwsFailure.isDenied(failure)) {
      return AwsFailure.permissionMissing(
          failed, role.role().toString(), "ram:" + operation, on, failure);
    }
    failed
        .because(
            "Resource Access Manager did not complete "
                + operation
                + ", "
                + AwsFailure.describe(failure))
        .fix(AwsFailure.fixOf(failure, "Run the mirrors again."));
    return AwsFailure.isPassing(failure)
        ? failed.passing(ErrorCode.BACKEND_FAILED)
        : failed.lasting(ErrorCode.BACKEND_FAILED);
  }
}
