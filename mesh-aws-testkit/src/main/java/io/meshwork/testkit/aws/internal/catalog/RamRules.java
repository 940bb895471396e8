package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPages;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import io.meshwork.testkit.aws.internal.lake.ResourceShare;
import io.meshwork.testkit.aws.internal.lake.ResourceShare.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Resource Access Manager: the shares that Lake Formation creates, and their invitations. The
 * server gets none of these requests, because it does not know the shares.
 */
public final class RamRules implements ServiceRules {
  private static final int MOST_IN_PAGE = 500;
  private static final AwsPages PAGES = new AwsPages(AwsPages.Names.LOWER, MOST_IN_PAGE);

  private final LakeState lakes;
  private final AwsPermissions permissions;

  public RamRules(LakeState lakes, AwsPermissions permissions) {
    this.lakes = lakes;
    this.permissions = permissions;
  }

  @Override
  public AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String operation = request.operation();
    String text = request.body().text();
    JsonNode body =
        text.isEmpty() ? JsonNodeFactory.instance.objectNode() : AwsReply.JSON.readTree(text);
    check(caller, operation, body);
    String region = request.scope().region();
    synchronized (lakes) {
      return AwsReply.json(reply(operation, caller, region, body).toString());
    }
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }

  private void check(AwsIdentity caller, String operation, JsonNode body) {
    String resource = body.path("resourceShareInvitationArn").asText("*");
    String denial = permissions.denial(caller, IamAction.of("ram:" + operation, resource));
    if (denial != null) {
      throw AwsErrorException.accessDenied(denial);
    }
  }

  private ObjectNode reply(String operation, AwsIdentity caller, String region, JsonNode body) {
    return switch (operation) {
      case "GetResourceShares" ->
          page(
              body,
              "resourceShares",
              visible(caller, region, body),
              share -> List.of(share.json()));
      case "GetResourceShareInvitations" -> invitations(caller, region, body);
      case "AcceptResourceShareInvitation" -> decide(caller, region, body, Status.ACCEPTED);
      case "RejectResourceShareInvitation" -> decide(caller, region, body, Status.REJECTED);
      case "ListPendingInvitationResources" -> {
        ResourceShare share = invited(caller, region, body);
        requireNotEnded(share);
        yield page(body, "resources", List.of(share), RamRules::resources);
      }
      case "ListResources" ->
          page(
              body,
              "resources",
              visible(caller, region, body),
              share -> filtered(resources(share), "type", body.path("resourceType")));
      case "ListPrincipals" ->
          page(
              body,
              "principals",
              visible(caller, region, body),
              share -> List.of(share.principalJson()));
      case "GetResourceShareAssociations" -> associations(caller, region, body);
      default -> throw new NotEmulatedException("ram:" + operation + " is not emulated.");
    };
  }

  /** Returns the shares that a caller owns, or that others share with its account. */
  private List<ResourceShare> visible(AwsIdentity caller, String region, JsonNode body) {
    String owner = body.path("resourceOwner").asText();
    if (!owner.equals("SELF") && !owner.equals("OTHER-ACCOUNTS")) {
      throw new AwsErrorException(
          "InvalidParameterException", "resourceOwner is SELF or OTHER-ACCOUNTS.");
    }
    boolean isOwn = owner.equals("SELF");
    return shares(
        region,
        body,
        share ->
            isOwn
                ? share.owner().account().equals(caller.account())
                : share.isAccepted() && isReceived(share, caller));
  }

  private boolean isReceived(ResourceShare share, AwsIdentity caller) {
    return !share.owner().account().equals(caller.account())
        && lakes.shares().isFor(share, caller.account());
  }

  private List<ResourceShare> shares(
      String region, JsonNode body, Predicate<ResourceShare> filter) {
    Set<String> arns = texts(body.path("resourceShareArns"));
    String name = body.path("name").asText("");
    String principal = body.path("principal").asText("");
    return lakes.shares().all().stream()
        .filter(share -> share.owner().region().equals(region))
        .filter(share -> arns.isEmpty() || arns.contains(share.arn()))
        .filter(share -> name.isEmpty() || name.equals(share.name()))
        .filter(share -> principal.isEmpty() || principal.equals(share.principal()))
        .filter(filter)
        .toList();
  }

  private ObjectNode invitations(AwsIdentity caller, String region, JsonNode body) {
    Set<String> arns = texts(body.path("resourceShareInvitationArns"));
    List<ResourceShare> resourceShares =
        shares(
            region,
            body,
            share ->
                share.status() != Status.NOT_NEEDED
                    && isReceived(share, caller)
                    && (arns.isEmpty() || arns.contains(share.invitationArn())));
    return page(
        body, "resourceShareInvitations", resourceShares, share -> List.of(share.invitation()));
  }

  private ResourceShare invited(AwsIdentity caller, String region, JsonNode body) {
    String arn = body.path("resourceShareInvitationArn").asText();
    return lakes.shares().all().stream()
        .filter(share -> share.invitationArn().equals(arn) && isReceived(share, caller))
        .filter(share -> share.owner().region().equals(region))
        .findFirst()
        .orElseThrow(
            () ->
                new AwsErrorException(
                    "ResourceShareInvitationArnNotFoundException",
                    "ResourceShareInvitation " + arn + " could not be found."));
  }

  private ObjectNode decide(AwsIdentity caller, String region, JsonNode body, Status status) {
    ResourceShare share = invited(caller, region, body);
    requireNotEnded(share);
    switch (share.status()) {
      case PENDING -> share.setStatus(status);
      default ->
          throw new AwsErrorException(
              "ResourceShareInvitationAlreadyAcceptedException",
              "The invitation was accepted already.");
    }
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    reply.set("resourceShareInvitation", share.invitation());
    return reply;
  }

  private static void requireNotEnded(ResourceShare share) {
    if (share.status() == Status.REJECTED) {
      throw new AwsErrorException(
          "ResourceShareInvitationAlreadyRejectedException",
          "The invitation was rejected already.");
    } else if (share.status() == Status.EXPIRED) {
      throw new AwsErrorException(
          "ResourceShareInvitationExpiredException", "The invitation has expired.");
    }
  }

  private ObjectNode associations(AwsIdentity caller, String region, JsonNode body) {
    String type = body.path("associationType").asText().toUpperCase(Locale.ROOT);
    List<ResourceShare> resourceShares =
        shares(
            region,
            body,
            share ->
                share.owner().account().equals(caller.account())
                    || (share.isAccepted() && isReceived(share, caller)));
    return page(
        body,
        "resourceShareAssociations",
        resourceShares,
        share -> {
          List<ObjectNode> entries = new ArrayList<>();
          if (type.equals("PRINCIPAL")) {
            entries.add(share.association(type, share.principal()));
          } else {
            share.resources().forEach(arn -> entries.add(share.association(type, arn)));
          }
          return entries;
        });
  }

  private static List<ObjectNode> resources(ResourceShare share) {
    return share.resources().stream().map(share::resource).toList();
  }

  private static List<ObjectNode> filtered(List<ObjectNode> all, String field, JsonNode value) {
    return value.isMissingNode() || value.isNull()
        ? all
        : all.stream().filter(one -> one.path(field).equals(value)).toList();
  }

  /** Writes the entries of a share. */
  private interface Entries {
    List<ObjectNode> of(ResourceShare share);
  }

  private static ObjectNode page(
      JsonNode body, String list, List<ResourceShare> shares, Entries entries) {
    List<ObjectNode> associations = new ArrayList<>();
    shares.forEach(share -> associations.addAll(entries.of(share)));
    return PAGES.page(body, list, associations);
  }

  private static Set<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return Set.copyOf(texts);
  }
}
