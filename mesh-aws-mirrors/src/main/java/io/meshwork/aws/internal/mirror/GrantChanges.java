package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.mirror.Mirror.BatchEntry;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;

/** The calls that grant and revoke permissions in one account. Immutable. */
final class GrantChanges {
  private static final String SELECT = "SELECT";

  private final String catalog;
  private final String account;
  private final LakeFormationFailure failure;
  private final Supplier<LakeFormationClient> client;

  GrantChanges(
      String catalog,
      String account,
      LakeFormationFailure failure,
      Supplier<LakeFormationClient> client) {
    this.catalog = catalog;
    this.account = account;
    this.failure = failure;
    this.client = client;
  }

  /** Revokes what is too much, then grants what is missing. */
  List<ServiceCall> calls(Optional<JsonNode> wanted, Optional<JsonNode> actual) {
    if (wanted
        .or(() -> actual)
        .filter(each -> each.has(LakeFormationJson.COLUMN_NAMES))
        .isPresent()) {
      return columns(wanted, actual);
    }
    List<ServiceCall> calls = new ArrayList<>();
    List<ObjectNode> before = actual.map(this::entries).orElse(List.of());
    List<ObjectNode> after = wanted.map(this::entries).orElse(List.of());
    if (before.equals(after)) {
      return calls;
    }
    for (ObjectNode entry : before) {
      ObjectNode excess = excess(entry, after);
      if (!excess.path(GrantEntries.PERMISSIONS).isEmpty()) {
        calls.add(revoke(excess));
      }
    }
    for (ObjectNode entry : after) {
      if (!before.contains(entry)) {
        calls.add(grant(entry));
      }
    }
    return calls;
  }

  /**
   * Lake Formation may list columns in several entries. What is revoked is therefore read again, as
   * it is listed.
   */
  private List<ServiceCall> columns(Optional<JsonNode> wanted, Optional<JsonNode> actual) {
    List<ServiceCall> calls = new ArrayList<>();
    List<ObjectNode> after = wanted.map(this::entries).orElse(List.of());
    if (actual.isPresent() && !isIncluded(actual.get(), wanted)) {
      for (ObjectNode entry : entries(actual.get())) {
        String on = LakeFormationJson.nameOf(entry.path(GrantEntries.RESOURCE));
        calls.add(
            failure.call(
                "BatchRevokePermissions",
                on,
                command("revoke-permissions", entry),
                () -> revokeColumns(actual.get(), wanted)));
      }
    }
    after.forEach(entry -> calls.add(grant(entry)));
    return calls;
  }

  /** True if columns, and the grantable ones, are among the wanted ones. */
  private static boolean isIncluded(JsonNode columns, Optional<JsonNode> wanted) {
    for (String list : List.of(LakeFormationJson.COLUMN_NAMES, GrantEntries.GRANTABLE_COLUMNS)) {
      List<String> permitted =
          wanted.map(each -> RequestJson.texts(each.path(list))).orElse(List.of());
      if (!permitted.containsAll(RequestJson.texts(columns.path(list)))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Revokes each listed entry of the principal that has more than the wanted columns. The list is
   * of all principals, as the list that found the entries: a list of one principal has what it may
   * effectively do, so an account's list is empty.
   */
  private void revokeColumns(JsonNode actual, Optional<JsonNode> wanted) {
    String principal = actual.path(GrantEntries.PRINCIPAL).asText();
    JsonNode table = actual.path(GrantEntries.RESOURCE);
    for (PrincipalResourcePermissions row :
        client.get().listPermissionsPaginator(request -> request.catalogId(account)).stream()
            .flatMap(page -> page.principalResourcePermissions().stream())
            .filter(row -> row.principal().dataLakePrincipalIdentifier().equals(principal))
            .toList()) {
      JsonNode names =
          LakeFormationRequests.json(row.resource())
              .map(resource -> resource.path(LakeFormationJson.WITH_COLUMNS))
              .filter(columns -> isOf(table.path(LakeFormationJson.TABLE), columns))
              .map(columns -> columns.path(LakeFormationJson.COLUMN_NAMES))
              .orElseGet(RequestJson::object);
      if (names.isEmpty()) {
        continue;
      }
      ObjectNode listed = RequestJson.object();
      boolean withOption = !row.permissionsWithGrantOption().isEmpty();
      listed.set(LakeFormationJson.COLUMN_NAMES, names);
      listed.set(GrantEntries.GRANTABLE_COLUMNS, withOption ? names : RequestJson.array(List.of()));
      if (!isIncluded(listed, wanted)) {
        revoke(entry(actual, RequestJson.texts(names), withOption)).send().run();
      }
    }
  }

  private static boolean isOf(JsonNode table, JsonNode columns) {
    return Stream.of(
            LakeFormationJson.CATALOG, LakeFormationJson.DATABASE_NAME, LakeFormationJson.NAME)
        .allMatch(field -> table.path(field).equals(columns.path(field)));
  }

  /**
   * Returns what has to be revoked of an entry. The grant option alone cannot be revoked: its
   * permission is revoked, and granted again.
   */
  private static ObjectNode excess(ObjectNode entry, List<ObjectNode> after) {
    Collection<String> revoked =
        new TreeSet<>(RequestJson.texts(entry.path(GrantEntries.PERMISSIONS)));
    Collection<String> grantable = RequestJson.texts(entry.path(GrantEntries.GRANTABLE));
    for (ObjectNode newEntry : after) {
      if (newEntry.path(GrantEntries.RESOURCE).equals(entry.path(GrantEntries.RESOURCE))) {
        List<String> permissions = RequestJson.texts(newEntry.path(GrantEntries.PERMISSIONS));
        List<String> keptOption = RequestJson.texts(newEntry.path(GrantEntries.GRANTABLE));
        revoked.removeIf(
            each ->
                permissions.contains(each)
                    && (!grantable.contains(each) || keptOption.contains(each)));
      }
    }
    ObjectNode excess = entry.deepCopy();
    excess.set(GrantEntries.PERMISSIONS, RequestJson.array(revoked));
    List<String> options = new ArrayList<>(grantable);
    options.retainAll(revoked);
    excess.set(GrantEntries.GRANTABLE, RequestJson.array(options));
    return excess;
  }

  /** Returns the entries of an object: a list of columns has two if some can be passed on. */
  private List<ObjectNode> entries(JsonNode content) {
    if (!content.has(LakeFormationJson.COLUMN_NAMES)) {
      return List.of(((ObjectNode) content).deepCopy());
    }
    List<String> grantable = RequestJson.texts(content.path(GrantEntries.GRANTABLE_COLUMNS));
    List<String> others = RequestJson.texts(content.path(LakeFormationJson.COLUMN_NAMES));
    others.removeAll(grantable);
    List<ObjectNode> entries = new ArrayList<>();
    if (!grantable.isEmpty()) {
      entries.add(entry(content, grantable, true));
    }
    if (!others.isEmpty()) {
      entries.add(entry(content, others, false));
    }
    return entries;
  }

  private ObjectNode entry(JsonNode content, List<String> columns, boolean withOption) {
    JsonNode on = content.path(GrantEntries.RESOURCE);
    ObjectNode entry =
        RequestJson.object()
            .put(GrantEntries.PRINCIPAL, content.path(GrantEntries.PRINCIPAL).asText());
    entry.set(
        GrantEntries.RESOURCE,
        LakeFormationJson.columns(
            catalog,
            LakeFormationJson.database(on).orElseThrow(),
            LakeFormationJson.table(on).orElseThrow(),
            columns));
    entry.putArray(GrantEntries.PERMISSIONS).add(SELECT);
    entry.set(GrantEntries.GRANTABLE, RequestJson.array(withOption ? List.of(SELECT) : List.of()));
    return entry;
  }

  private static String command(String name, JsonNode entry) {
    List<String> grantable = RequestJson.texts(entry.path(GrantEntries.GRANTABLE));
    return name
        + " --principal DataLakePrincipalIdentifier="
        + entry.path(GrantEntries.PRINCIPAL).asText()
        + " --resource "
        + RequestJson.quoted(entry.path(GrantEntries.RESOURCE))
        + " --permissions "
        + String.join(" ", RequestJson.texts(entry.path(GrantEntries.PERMISSIONS)))
        + (grantable.isEmpty()
            ? ""
            : " --permissions-with-grant-option " + String.join(" ", grantable));
  }

  private ServiceCall grant(ObjectNode entry) {
    return call(true, command("grant-permissions", entry), entry);
  }

  ServiceCall revoke(ObjectNode entry) {
    return call(false, command("revoke-permissions", entry), entry);
  }

  private ServiceCall call(boolean grants, String command, ObjectNode entry) {
    PermissionBatch batch = new PermissionBatch(grants, account, failure, client);
    int options = command.indexOf(' ');
    return new ServiceCall(
        failure.command(command.substring(0, options), command.substring(options)),
        () ->
            batch
                .send(List.of(entry))
                .get(0)
                .ifPresent(
                    failed -> {
                      throw failed;
                    }),
        Optional.of(new BatchEntry(batch, entry)));
  }
}
