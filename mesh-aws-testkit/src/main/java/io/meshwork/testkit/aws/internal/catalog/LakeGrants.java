package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeGrant;
import io.meshwork.testkit.aws.internal.lake.LakePrincipals;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import io.meshwork.testkit.aws.internal.lake.ResourceShares;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** Grants and revocations, one by one and in batches. Guarded by {@link LakeState}. */
final class LakeGrants {
  private static final int MOST_ENTRIES = 20;

  private final LakeState lakes;
  private final GrantRules rules;
  private final GrantLists lists;

  LakeGrants(LakeState lakes, GrantRules rules) {
    this.lakes = lakes;
    this.rules = rules;
    lists = new GrantLists(lakes);
  }

  ObjectNode reply(String operation, AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    switch (operation) {
      case "ListPermissions" -> {
        return lists.reply(caller, catalog, body);
      }
      case "GrantPermissions" -> grant(caller, catalog, body);
      case "RevokePermissions" -> revoke(caller, catalog, body);
      default -> {
        return batch(operation.equals("BatchGrantPermissions"), caller, catalog, body);
      }
    }
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode batch(boolean isGrant, AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    JsonNode entries = body.path("Entries");
    Set<String> ids = new HashSet<>();
    for (JsonNode entry : entries) {
      if (!ids.add(entry.path("Id").asText())) {
        throw AwsErrorException.invalidInput("The IDs of the entries are not unique.");
      }
    }
    if (entries.isEmpty() || entries.size() > MOST_ENTRIES) {
      throw AwsErrorException.invalidInput("A batch has from 1 to 20 entries.");
    }
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    ArrayNode failures = reply.putArray("Failures");
    for (JsonNode entry : entries) {
      try {
        if (isGrant) {
          grant(caller, catalog, entry);
        } else {
          revoke(caller, catalog, entry);
        }
      } catch (AwsErrorException e) {
        ObjectNode failure = failures.addObject();
        failure.set("RequestEntry", entry);
        failure.putObject("Error").put("ErrorCode", e.code()).put("ErrorMessage", e.getMessage());
      }
    }
    return reply;
  }

  private void grant(AwsIdentity caller, CatalogKey catalog, JsonNode entry) throws IOException {
    LakeGrant grant = parse(catalog, entry);
    rules.check(caller, catalog, grant);
    LakeResource resource = grant.resource();
    CatalogKey grantor = catalog.of(caller.account());
    boolean isShared =
        resource.account().equals(caller.account())
            && GrantRules.isOutside(caller.account(), grant.principal());
    lakes
        .catalog(grantor)
        .grant(grant.principal(), resource, grant.permissions(), grant.grantable());
    if (isShared) {
      lakes.shares().add(grantor, grant.principal(), resource);
    }
  }

  private void revoke(AwsIdentity caller, CatalogKey catalog, JsonNode entry) throws IOException {
    LakeGrant revoked = parse(catalog, entry);
    CatalogKey grantor = catalog.of(caller.account());
    LakeCatalog lake = lakes.catalog(grantor);
    LakeGrant held = lake.find(revoked.principal(), revoked.resource());
    Set<String> missing = new TreeSet<>(revoked.permissions());
    missing.addAll(revoked.grantable());
    if (held != null) {
      missing.removeAll(held.permissions());
    }
    if (revoked.permissions().isEmpty() && !revoked.grantable().isEmpty()) {
      revoked.permissions().addAll(revoked.grantable());
      rules.checkRevocation(caller, catalog, revoked);
      revoked.permissions().clear();
    } else {
      rules.checkRevocation(caller, catalog, revoked);
    }
    if (held == null || !missing.isEmpty()) {
      throw AwsErrorException.invalidInput(
          "No permissions revoked. Grantee does not have: " + missing);
    }
    held.permissions().removeAll(revoked.permissions());
    held.grantable().removeAll(revoked.grantable());
    held.grantable().retainAll(held.permissions());
    if (held.permissions().isEmpty()) {
      lake.grants().remove(held);
      unshare(grantor, lake, held);
    }
  }

  /** Ends the sharing of an object if no grant of it to the same principal is left. */
  private void unshare(CatalogKey grantor, LakeCatalog lake, LakeGrant revoked) {
    String arn = ResourceShares.arn(grantor, revoked.resource());
    boolean isLeft =
        lake.grants().stream()
            .anyMatch(
                grant ->
                    grant.principal().equals(revoked.principal())
                        && grant.resource().account().equals(grantor.account())
                        && ResourceShares.arn(grantor, grant.resource()).equals(arn));
    if (!isLeft) {
      lakes.shares().remove(grantor, revoked.principal(), revoked.resource());
    }
  }

  private static LakeGrant parse(CatalogKey catalog, JsonNode entry) {
    if (entry.has("Condition")) {
      throw new NotEmulatedException("Conditions of grants are not emulated.");
    }
    String principal = entry.path("Principal").path("DataLakePrincipalIdentifier").asText();
    LakeGrant grant =
        LakeGrant.none(
            LakePrincipals.checked(principal),
            LakeResource.parse(entry.path("Resource"), catalog.account()));
    entry.path("Permissions").forEach(one -> grant.permissions().add(one.asText()));
    entry.path("PermissionsWithGrantOption").forEach(one -> grant.grantable().add(one.asText()));
    return grant;
  }
}
