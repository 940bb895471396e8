package io.meshwork.aws;

import io.meshwork.aws.rules.LakeAccount;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.DataQualityRulesetListDetails;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.GetRegistryResponse;
import software.amazon.awssdk.services.glue.model.RegistryId;
import software.amazon.awssdk.services.glue.model.RegistryStatus;
import software.amazon.awssdk.services.glue.model.SchemaId;
import software.amazon.awssdk.services.glue.model.SchemaListItem;
import software.amazon.awssdk.services.glue.model.SchemaStatus;
import software.amazon.awssdk.services.glue.model.SchemaVersionListItem;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.lakeformation.model.Resource;
import software.amazon.awssdk.services.ram.model.ResourceOwner;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What the services of all accounts have, of the mesh and of others, as their APIs return it to the
 * administrators: a line for each object, without times and other values that differ between equal
 * meshes. An object that exists twice has two lines.
 */
final class MirrorState {
  /** Times, and IDs that a service counts. */
  private static final Set<String> LEFT_OUT = Set.of("CreatedTime", "UpdatedTime");

  /** A policy of a bucket has statements of the mesh, too. */
  private static final String POLICY = " policy ";

  private final AwsConfig config;
  private final List<String> lines = new ArrayList<>();

  private MirrorState(AwsConfig config) {
    this.config = config;
  }

  /** Reads all accounts, by an endpoint without faults. */
  static List<String> of(MirrorAccounts accounts) {
    MirrorState state = new MirrorState(accounts.config);
    state.read(
        List.of(accounts.catalog, accounts.commerce, accounts.archive, accounts.finance),
        List.of("commerce", "archive", "finance"));
    state.policy(accounts.commerce);
    state.statement(accounts);
    return accounts.named(state.lines);
  }

  /**
   * Reads accounts of a mesh with buckets of which others have no statements.
   *
   * @param domains the domains, with the accounts of their buckets
   */
  static List<String> of(
      AwsConfig config, Collection<String> accounts, Map<String, String> domains) {
    MirrorState state = new MirrorState(config);
    state.read(accounts, domains.keySet());
    domains.values().forEach(state::policy);
    return state.lines;
  }

  private void read(Collection<String> accounts, Collection<String> domains) {
    for (String id : accounts) {
      try (LakeAccount account = LakeAccount.open(AwsLocal.emulator(), id)) {
        tables(account);
        contracts(account, domains);
        rights(account);
        shares(account);
      }
    }
  }

  /** Returns the lines of objects that others made. */
  static List<String> ofOthers(List<String> state) {
    return state.stream()
        .filter(line -> line.contains(MirrorStrangers.NAME) && !line.contains(POLICY))
        .toList();
  }

  private void add(String account, String kind, SdkPojo object) {
    lines.add(account + " " + kind + " " + text(object));
  }

  private void tables(LakeAccount account) {
    for (Database database : account.glue().getDatabases(get -> {}).databaseList()) {
      add(account.id(), "database", database);
      if (database.targetDatabase() != null) {
        continue;
      }
      tags(account, Resource.builder().database(on -> on.name(database.name())).build());
      for (Table table :
          account.glue().getTables(get -> get.databaseName(database.name())).tableList()) {
        add(account.id(), "table", table);
        if (table.targetTable() == null) {
          tags(account, account.tableResource(database.name(), table.name()));
        }
      }
    }
  }

  private void tags(LakeAccount account, Resource resource) {
    lines.add(
        account.id()
            + " tags of "
            + text(resource)
            + text(
                account
                    .lake()
                    .getResourceLFTags(get -> get.resource(resource).showAssignedLFTags(true))));
  }

  private void contracts(LakeAccount account, Collection<String> domains) {
    GlueClient glue = account.glue();
    domains.forEach(domain -> registry(account, "mesh-" + config.meshName() + "." + domain));
    registry(account, MirrorStrangers.NAME);
    for (DataQualityRulesetListDetails ruleset :
        glue.listDataQualityRulesets(list -> {}).rulesets()) {
      add(account.id(), "ruleset", glue.getDataQualityRuleset(get -> get.name(ruleset.name())));
    }
  }

  private void registry(LakeAccount account, String name) {
    RegistryId registry = RegistryId.builder().registryName(name).build();
    try {
      GetRegistryResponse found = account.glue().getRegistry(get -> get.registryId(registry));
      if (found.status() == RegistryStatus.DELETING) {
        return;
      }
      add(account.id(), "registry", found);
    } catch (EntityNotFoundException e) {
      return;
    }
    for (SchemaListItem schema :
        account.glue().listSchemas(list -> list.registryId(registry)).schemas()) {
      if (schema.schemaStatus() != SchemaStatus.DELETING) {
        schema(
            account, SchemaId.builder().registryName(name).schemaName(schema.schemaName()).build());
      }
    }
  }

  private void schema(LakeAccount account, SchemaId id) {
    add(account.id(), "schema", account.glue().getSchema(get -> get.schemaId(id)));
    for (SchemaVersionListItem version :
        account.glue().listSchemaVersions(list -> list.schemaId(id)).schemas()) {
      long number = version.versionNumber();
      add(
          account.id(),
          "version of " + id.schemaName(),
          account
              .glue()
              .getSchemaVersion(
                  get -> get.schemaId(id).schemaVersionNumber(of -> of.versionNumber(number))));
      lines.add(
          account.id()
              + " metadata of "
              + id.schemaName()
              + " "
              + number
              + " "
              + text(
                  account
                      .glue()
                      .querySchemaVersionMetadata(
                          query ->
                              query
                                  .schemaId(id)
                                  .schemaVersionNumber(of -> of.versionNumber(number)))));
    }
  }

  private void rights(LakeAccount account) {
    add(account.id(), "settings", account.lake().getDataLakeSettings(get -> {}));
    account
        .lake()
        .listResources(list -> {})
        .resourceInfoList()
        .forEach(location -> add(account.id(), "location", location));
    account
        .lake()
        .listLFTags(list -> {})
        .lfTags()
        .forEach(
            tag ->
                tag.tagValues()
                    .forEach(
                        value -> lines.add(account.id() + " tag " + tag.tagKey() + " " + value)));
    account.lake().listDataCellsFilterPaginator(list -> {}).stream()
        .flatMap(page -> page.dataCellsFilters().stream())
        .forEach(filter -> add(account.id(), "filter", filter.toBuilder().versionId(null).build()));
    account.lake().listPermissionsPaginator(list -> {}).stream()
        .flatMap(page -> page.principalResourcePermissions().stream())
        .forEach(row -> add(account.id(), "permissions", row));
  }

  private void shares(LakeAccount account) {
    account
        .ram()
        .getResourceShareInvitations(get -> {})
        .resourceShareInvitations()
        .forEach(invitation -> add(account.id(), "invitation", invitation));
    account
        .ram()
        .listResources(list -> list.resourceOwner(ResourceOwner.OTHER_ACCOUNTS))
        .resources()
        .forEach(resource -> add(account.id(), "shared", resource));
  }

  /** The text of a policy is that of others, too: each character of it counts. */
  private void policy(String account) {
    try (S3Client s3 = EmulatedClients.administrator(AwsLocal.emulator(), account).s3()) {
      lines.add(
          account
              + POLICY
              + s3.getBucketPolicy(get -> get.bucket(config.bucketIn(account))).policy());
    } catch (S3Exception e) {
      lines.add(account + POLICY + e.awsErrorDetails().errorCode());
    }
  }

  private void statement(MirrorAccounts accounts) {
    String theirs = new MirrorStrangers(accounts).statement();
    if (lines.stream().anyMatch(line -> line.contains(POLICY) && line.contains(theirs))) {
      lines.add(accounts.commerce + " statement " + theirs);
    }
  }

  /** Returns an object without its times; the order of names does not count. */
  private static String text(Object value) {
    if (value instanceof SdkPojo object) {
      return object.sdkFields().stream()
          .filter(field -> isShown(field, object))
          .map(field -> field.memberName() + "=" + text(field.getValueOrDefault(object)))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Collection<?> all) {
      List<String> texts = all.stream().map(MirrorState::text).collect(Collectors.toList());
      if (all.stream().allMatch(String.class::isInstance)) {
        texts.sort(Comparator.naturalOrder());
      }
      return texts.toString();
    }
    return String.valueOf(value);
  }

  private static boolean isShown(SdkField<?> field, SdkPojo object) {
    Object value = field.getValueOrDefault(object);
    return value != null && !(value instanceof Instant) && !LEFT_OUT.contains(field.memberName());
  }
}
