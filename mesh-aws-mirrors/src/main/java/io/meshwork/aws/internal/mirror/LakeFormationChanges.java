package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ObjectChange;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.AlreadyExistsException;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;
import software.amazon.awssdk.services.lakeformation.model.EntityNotFoundException;
import software.amazon.awssdk.services.lakeformation.model.InvalidInputException;
import software.amazon.awssdk.services.lakeformation.model.LFTagPair;

/**
 * The calls that make, change, and remove the objects of one account, each with its command. A call
 * that finds its work done succeeds. Settings, tags, and the end of IAM's control are never undone:
 * others may rely on them. Immutable.
 */
final class LakeFormationChanges {
  private static final String IAM_ALLOWED_PRINCIPALS = "IAM_ALLOWED_PRINCIPALS";

  private final String catalog;
  private final String account;
  private final LakeFormationFailure failure;
  private final Supplier<LakeFormationClient> client;
  private final GrantChanges grants;

  /**
   * The calls in an account.
   *
   * @param catalog the account of the catalog that has the databases
   * @param account the account that is called
   * @param client opens the client with the first call
   */
  LakeFormationChanges(
      String catalog,
      String account,
      LakeFormationFailure failure,
      Supplier<LakeFormationClient> client) {
    this.catalog = catalog;
    this.account = account;
    this.failure = failure;
    this.client = client;
    this.grants = new GrantChanges(catalog, account, failure, client);
  }

  List<ServiceCall> calls(ObjectChange change) {
    String key = change.key();
    Optional<JsonNode> wanted = change.wanted().map(Image::content).map(this::parse);
    Optional<JsonNode> actual = change.actual().map(ServiceObject::content).map(this::parse);
    String kind = key.substring(0, key.indexOf('/') + 1);
    return switch (kind) {
      case "" -> wanted.map(this::settings).map(List::of).orElse(List.of());
      case LakeFormationKeys.LOCATION -> List.of(location(wanted, actual));
      case LakeFormationKeys.OPT_IN -> wanted.map(this::optIn).map(List::of).orElse(List.of());
      case LakeFormationKeys.CLOSED -> wanted.map(this::close).map(List::of).orElse(List.of());
      case LakeFormationKeys.TAG -> wanted.map(this::tag).map(List::of).orElse(List.of());
      case LakeFormationKeys.ASSIGNMENT ->
          List.of(wanted.map(this::assign).orElseGet(() -> unassign(actual.orElseThrow())));
      case LakeFormationKeys.FILTER -> List.of(filter(wanted, actual, change));
      default -> grants.calls(wanted, actual);
    };
  }

  /** Returns the calls that give a table a value of a tag, which is created if it is missing. */
  List<ServiceCall> assignment(JsonNode table, String key, String value) {
    ObjectNode content =
        RequestJson.object()
            .put(LakeFormationJson.TAG_KEY, key)
            .put(LakeFormationImages.TAG_VALUE, value);
    content.set(GrantEntries.RESOURCE, table);
    return List.of(tag(content), assign(content));
  }

  private JsonNode parse(String content) {
    return DocumentJson.parseObject("an object of Lake Formation", content);
  }

  private ServiceCall call(String operation, String on, String command, Runnable request) {
    return failure.call(operation, on, command, request);
  }

  private ServiceCall settings(JsonNode wanted) {
    LakeFormationSettings settings = LakeFormationSettings.of(wanted);
    String catalogId = " --catalog-id " + account;
    return call(
        "PutDataLakeSettings",
        "the settings",
        "put-data-lake-settings"
            + catalogId
            + " --data-lake-settings \"$("
            + failure.command("get-data-lake-settings", catalogId)
            + " --query DataLakeSettings --output json | jq '"
            + settings.program()
            + "')\"",
        () -> putSettings(settings));
  }

  /**
   * The request replaces all settings, so others' settings are read and written again. Another
   * catalog for which the account is a recipient may have set them since they were compared.
   */
  private void putSettings(LakeFormationSettings settings) {
    DataLakeSettings now =
        client.get().getDataLakeSettings(request -> request.catalogId(account)).dataLakeSettings();
    if (settings.areIn(now)) {
      return;
    }
    client
        .get()
        .putDataLakeSettings(
            request -> request.catalogId(account).dataLakeSettings(settings.addedTo(now)));
  }

  private ServiceCall location(Optional<JsonNode> wanted, Optional<JsonNode> actual) {
    JsonNode json = wanted.or(() -> actual).orElseThrow();
    String arn = json.path(LakeFormationImages.RESOURCE_ARN).asText();
    String role = json.path(LakeFormationImages.ROLE_ARN).asText();
    String options = " --resource-arn " + arn;
    if (wanted.isEmpty()) {
      return call(
          "DeregisterResource",
          arn,
          "deregister-resource" + options,
          () -> ignoringMissing(() -> client.get().deregisterResource(r -> r.resourceArn(arn))));
    }
    boolean hybrid = json.path(LakeFormationImages.HYBRID).asBoolean();
    options +=
        " --role-arn "
            + role
            + (hybrid ? " --hybrid-access-enabled" : " --no-hybrid-access-enabled");
    if (actual.isPresent()) {
      return call(
          "UpdateResource",
          arn,
          "update-resource" + options,
          () ->
              client
                  .get()
                  .updateResource(
                      r -> r.resourceArn(arn).roleArn(role).hybridAccessEnabled(hybrid)));
    }
    return call(
        "RegisterResource",
        arn,
        "register-resource" + options,
        () ->
            client
                .get()
                .registerResource(
                    r -> r.resourceArn(arn).roleArn(role).hybridAccessEnabled(hybrid)));
  }

  /** Without an opt-in, IAM decides again, so none is removed with what was granted. */
  private ServiceCall optIn(JsonNode wanted) {
    String principal = wanted.path(GrantEntries.PRINCIPAL).asText();
    JsonNode resource = wanted.path(GrantEntries.RESOURCE);
    return call(
        "CreateLakeFormationOptIn",
        LakeFormationJson.nameOf(resource),
        "create-lake-formation-opt-in --principal DataLakePrincipalIdentifier="
            + principal
            + " --resource "
            + RequestJson.quoted(resource),
        () ->
            client
                .get()
                .createLakeFormationOptIn(
                    request ->
                        request
                            .principal(to -> to.dataLakePrincipalIdentifier(principal))
                            .resource(LakeFormationRequests.resource(resource))));
  }

  private ServiceCall close(JsonNode wanted) {
    ObjectNode content = RequestJson.object();
    content.put(GrantEntries.PRINCIPAL, IAM_ALLOWED_PRINCIPALS);
    content.set(GrantEntries.RESOURCE, wanted.path(GrantEntries.RESOURCE));
    content.putArray(GrantEntries.PERMISSIONS).add("ALL");
    content.putArray(GrantEntries.GRANTABLE);
    return grants.revoke(content);
  }

  private ServiceCall tag(JsonNode wanted) {
    String key = wanted.path(LakeFormationJson.TAG_KEY).asText();
    String value = wanted.path(LakeFormationImages.TAG_VALUE).asText();
    String options = " --catalog-id " + catalog + " --tag-key " + RequestJson.quoted(key);
    return call(
        "UpdateLFTag",
        "the LF-tag '" + key + "'",
        "update-lf-tag"
            + options
            + " --tag-values-to-add "
            + RequestJson.quoted(value)
            + " || "
            + failure.command("create-lf-tag", options)
            + " --tag-values "
            + RequestJson.quoted(value),
        () -> putTag(key, value));
  }

  private void putTag(String key, String value) {
    try {
      addValue(key, value);
    } catch (InvalidInputException | AlreadyExistsException e) {
      // A tag or value that an attempt whose reply was lost created, or another program.
      if (!client
          .get()
          .getLFTag(request -> request.catalogId(catalog).tagKey(key))
          .tagValues()
          .contains(value)) {
        throw e;
      }
    }
  }

  private void addValue(String key, String value) {
    try {
      client
          .get()
          .updateLFTag(
              request -> request.catalogId(catalog).tagKey(key).tagValuesToAdd(List.of(value)));
    } catch (EntityNotFoundException e) {
      client.get().createLFTag(request -> request.catalogId(catalog).tagKey(key).tagValues(value));
    }
  }

  private LFTagPair pair(JsonNode content) {
    return LFTagPair.builder()
        .catalogId(catalog)
        .tagKey(content.path(LakeFormationJson.TAG_KEY).asText())
        .tagValues(content.path(LakeFormationImages.TAG_VALUE).asText())
        .build();
  }

  private String options(JsonNode content) {
    ObjectNode pair =
        RequestJson.object()
            .put(LakeFormationJson.CATALOG, catalog)
            .put(LakeFormationJson.TAG_KEY, content.path(LakeFormationJson.TAG_KEY).asText());
    pair.putArray(LakeFormationJson.TAG_VALUES)
        .add(content.path(LakeFormationImages.TAG_VALUE).asText());
    return " --catalog-id "
        + catalog
        + " --resource "
        + RequestJson.quoted(content.path(GrantEntries.RESOURCE))
        + " --lf-tags '["
        + pair.toString().replace("'", "'\\''")
        + "]'";
  }

  private ServiceCall assign(JsonNode wanted) {
    String on = LakeFormationJson.nameOf(wanted.path(GrantEntries.RESOURCE));
    return call(
        "AddLFTagsToResource",
        on,
        "add-lf-tags-to-resource" + options(wanted),
        () ->
            failure.requireNoTag(
                "AddLFTagsToResource",
                on,
                client
                    .get()
                    .addLFTagsToResource(
                        request ->
                            request
                                .catalogId(catalog)
                                .resource(
                                    LakeFormationRequests.resource(
                                        wanted.path(GrantEntries.RESOURCE)))
                                .lfTags(pair(wanted)))
                    .failures()));
  }

  private ServiceCall unassign(JsonNode actual) {
    String on = LakeFormationJson.nameOf(actual.path(GrantEntries.RESOURCE));
    return call(
        "RemoveLFTagsFromResource",
        on,
        "remove-lf-tags-from-resource" + options(actual),
        () ->
            ignoringMissing(
                () ->
                    failure.requireNoTag(
                        "RemoveLFTagsFromResource",
                        on,
                        client
                            .get()
                            .removeLFTagsFromResource(
                                request ->
                                    request
                                        .catalogId(catalog)
                                        .resource(
                                            LakeFormationRequests.resource(
                                                actual.path(GrantEntries.RESOURCE)))
                                        .lfTags(pair(actual)))
                            .failures())));
  }

  private ServiceCall filter(
      Optional<JsonNode> wanted, Optional<JsonNode> actual, ObjectChange change) {
    JsonNode json = wanted.or(() -> actual).orElseThrow();
    String on =
        "the data cells filter "
            + json.path(LakeFormationJson.NAME).asText()
            + " of "
            + json.path(LakeFormationJson.DATABASE_NAME).asText()
            + "."
            + json.path(LakeFormationJson.TABLE_NAME).asText();
    if (wanted.isEmpty()) {
      return call(
          "DeleteDataCellsFilter",
          on,
          "delete-data-cells-filter --table-catalog-id "
              + catalog
              + " --database-name "
              + json.path(LakeFormationJson.DATABASE_NAME).asText()
              + " --table-name "
              + json.path(LakeFormationJson.TABLE_NAME).asText()
              + " --name "
              + json.path(LakeFormationJson.NAME).asText(),
          () ->
              ignoringMissing(
                  () ->
                      client
                          .get()
                          .deleteDataCellsFilter(
                              request ->
                                  request
                                      .tableCatalogId(catalog)
                                      .databaseName(
                                          json.path(LakeFormationJson.DATABASE_NAME).asText())
                                      .tableName(json.path(LakeFormationJson.TABLE_NAME).asText())
                                      .name(json.path(LakeFormationJson.NAME).asText()))));
    } else if (actual.isPresent()) {
      String version = change.actual().map(ServiceObject::version).orElse("");
      return call(
          "UpdateDataCellsFilter",
          on,
          "update-data-cells-filter --table-data " + RequestJson.quoted(json),
          () ->
              client
                  .get()
                  .updateDataCellsFilter(
                      request -> request.tableData(LakeFormationRequests.filter(json, version))));
    }
    return call(
        "CreateDataCellsFilter",
        on,
        "create-data-cells-filter --table-data " + RequestJson.quoted(json),
        () ->
            client
                .get()
                .createDataCellsFilter(
                    request -> request.tableData(LakeFormationRequests.filter(json, ""))));
  }

  private static void ignoringMissing(Runnable request) {
    try {
      request.run();
    } catch (EntityNotFoundException e) {
      return; // It was removed before.
    }
  }
}
