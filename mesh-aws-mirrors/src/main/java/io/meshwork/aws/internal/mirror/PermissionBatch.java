package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.error.MeshException;
import io.meshwork.internal.mirror.Mirror.CallBatch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.BatchPermissionsFailureEntry;
import software.amazon.awssdk.services.lakeformation.model.BatchPermissionsRequestEntry;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;

/**
 * A request that grants or revokes permissions of several principals. Lake Formation takes 20
 * entries. Immutable.
 *
 * @param grants true to grant, false to revoke
 * @param account the account that is called
 */
record PermissionBatch(
    boolean grants,
    String account,
    LakeFormationFailure failure,
    Supplier<LakeFormationClient> client)
    implements CallBatch {
  private static final int MAX_ENTRIES = 20;

  @Override
  public int maxEntries() {
    return MAX_ENTRIES;
  }

  /** Returns the name of the operation. */
  String operation() {
    return grants ? "BatchGrantPermissions" : "BatchRevokePermissions";
  }

  @Override
  public List<Optional<RuntimeException>> send(List<JsonNode> entries) {
    String on = entries.size() == 1 ? nameOf(entries.get(0)) : entries.size() + " permissions";
    Map<String, BatchPermissionsFailureEntry> failed = new HashMap<>();
    for (BatchPermissionsFailureEntry each :
        failure.send(operation(), on, () -> request(entries))) {
      idsOf(each, entries.size()).forEach(id -> failed.put(id, each));
    }
    List<Optional<RuntimeException>> outcomes = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      BatchPermissionsFailureEntry entry = failed.get(Integer.toString(i));
      outcomes.add(
          entry == null || (!grants && isRevoked(entry))
              ? Optional.empty()
              : Optional.of(failureOf(entries.get(i), entry)));
    }
    return outcomes;
  }

  private Collection<BatchPermissionsFailureEntry> request(List<JsonNode> contents) {
    List<BatchPermissionsRequestEntry> entries = new ArrayList<>();
    for (JsonNode content : contents) {
      entries.add(entryOf(Integer.toString(entries.size()), content));
    }
    return grants
        ? client
            .get()
            .batchGrantPermissions(request -> request.catalogId(account).entries(entries))
            .failures()
        : client
            .get()
            .batchRevokePermissions(request -> request.catalogId(account).entries(entries))
            .failures();
  }

  /**
   * A revocation of permissions that the principal does not have, all of them, changes nothing:
   * what is there is read again.
   */
  private MeshException failureOf(JsonNode content, BatchPermissionsFailureEntry entry) {
    return !grants && codeOf(entry).equals("InvalidInputException")
        ? failure.changed(nameOf(content))
        : failure.of(
            grants ? "GrantPermissions" : "RevokePermissions", nameOf(content), entry.error());
  }

  private static String nameOf(JsonNode content) {
    return LakeFormationJson.nameOf(content.path(GrantEntries.RESOURCE));
  }

  /** A failure that does not name its entry may concern each of them. */
  private static List<String> idsOf(BatchPermissionsFailureEntry failed, int entries) {
    return failed.requestEntry() == null || failed.requestEntry().id() == null
        ? IntStream.range(0, entries).mapToObj(Integer::toString).toList()
        : List.of(failed.requestEntry().id());
  }

  /** The resource was not there. */
  private static boolean isRevoked(BatchPermissionsFailureEntry failed) {
    return codeOf(failed).equals("EntityNotFoundException");
  }

  private static String codeOf(BatchPermissionsFailureEntry failed) {
    return failed.error() == null ? "" : failed.error().errorCode();
  }

  private static BatchPermissionsRequestEntry entryOf(String id, JsonNode entry) {
    return BatchPermissionsRequestEntry.builder()
        .id(id)
        .principal(
            DataLakePrincipal.builder()
                .dataLakePrincipalIdentifier(entry.path(GrantEntries.PRINCIPAL).asText())
                .build())
        .resource(LakeFormationRequests.resource(entry.path(GrantEntries.RESOURCE)))
        .permissionsWithStrings(RequestJson.texts(entry.path(GrantEntries.PERMISSIONS)))
        .permissionsWithGrantOptionWithStrings(
            RequestJson.texts(entry.path(GrantEntries.GRANTABLE)))
        .build();
  }
}
