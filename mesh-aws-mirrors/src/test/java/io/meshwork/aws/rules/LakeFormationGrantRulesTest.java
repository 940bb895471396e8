package io.meshwork.aws.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.BatchPermissionsRequestEntry;
import software.amazon.awssdk.services.lakeformation.model.DataLakeResourceType;
import software.amazon.awssdk.services.lakeformation.model.EntityNotFoundException;
import software.amazon.awssdk.services.lakeformation.model.GrantPermissionsRequest;
import software.amazon.awssdk.services.lakeformation.model.ListPermissionsResponse;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;
import software.amazon.awssdk.services.lakeformation.model.Resource;

/** Grants of Lake Formation on the emulator: what they add up to, their options, and batches. */
class LakeFormationGrantRulesTest extends LakeRulesFixture {
  @Test
  void grantsAddUpAndKeepTheGrantOption() {
    lake.grantWithOption(role, orders, Permission.SELECT);
    lake.grant(role, orders, Permission.SELECT, Permission.INSERT);

    List<PrincipalResourcePermissions> listed = permissions(role, orders);

    assertThat(listed).hasSize(2);
    assertThat(listed.get(0).permissions()).containsExactly(Permission.SELECT);
    assertThat(listed.get(0).permissionsWithGrantOption()).containsExactly(Permission.SELECT);
    assertThat(listed.get(0).resource().tableWithColumns().columnWildcard()).isNotNull();
    assertThat(listed.get(1).permissions()).containsExactly(Permission.INSERT);
    assertThat(listed.get(1).permissionsWithGrantOption()).isEmpty();
  }

  @Test
  void revokingAPermissionRevokesItsGrantOption() {
    lake.grantWithOption(role, orders, Permission.SELECT, Permission.DESCRIBE);

    revoke(role, orders, Permission.SELECT);

    assertThat(permissions(role, orders))
        .singleElement()
        .satisfies(
            row -> {
              assertThat(row.permissions()).containsExactly(Permission.DESCRIBE);
              assertThat(row.permissionsWithGrantOption()).containsExactly(Permission.DESCRIBE);
            });
    assertInvalid(() -> revoke(role, orders, Permission.SELECT), "No permissions revoked");
    revoke(role, orders, Permission.DESCRIBE);
    assertThat(permissions(role, orders)).isEmpty();
  }

  @Test
  void onlyAdministratorsAndHoldersOfTheGrantOptionGrant() {
    lake.grant(role, orders, Permission.SELECT);
    try (LakeFormationClient client = lake.as(analyst).lakeFormation()) {
      assertDenied(() -> client.grantPermissions(toNext(Permission.SELECT)));

      lake.grantWithOption(role, orders, Permission.SELECT);

      client.grantPermissions(toNext(Permission.SELECT));
      assertDenied(() -> client.grantPermissions(toNext(Permission.INSERT)));
    }
    assertThat(permissions(lake.role("next"), orders)).hasSize(1);
  }

  @Test
  void aGrantOptionOnColumnsCoversOnlyThese() {
    lake.grantWithOption(
        role, lake.columnsResource(sales, "orders", "id", "total"), Permission.SELECT);
    try (LakeFormationClient client = lake.as(analyst).lakeFormation()) {
      client.grantPermissions(
          lake.request(
                  lake.role("next"), lake.columnsResource(sales, "orders", "id"), Permission.SELECT)
              .build());
      assertDenied(
          () ->
              client.grantPermissions(
                  lake.request(
                          lake.role("next"),
                          lake.columnsResource(sales, "orders", "id", "email"),
                          Permission.SELECT)
                      .build()));
      assertDenied(() -> client.grantPermissions(toNext(Permission.SELECT)));
    }
  }

  @Test
  void combinationsThatDoNotExistAreInvalid() {
    Resource database = lake.databaseResource(sales);
    assertInvalid(() -> lake.grant(role, database, Permission.SELECT), "invalid");
    assertInvalid(() -> lake.grant(role, orders, Permission.CREATE_TABLE), "invalid");
    assertInvalid(() -> lake.grant("someone", orders, Permission.SELECT), "principal");
    assertInvalid(() -> lake.grant(ACCOUNT, orders, Permission.SELECT), "own account");
    assertInvalid(() -> lake.grant(role, orders), "empty");
    assertInvalid(
        () ->
            lake.lake()
                .grantPermissions(
                    lake.request(role, orders, Permission.SELECT)
                        .permissionsWithGrantOption(Permission.INSERT)
                        .build()),
        "grant option");
    assertThatThrownBy(
            () -> lake.grant(role, lake.tableResource(sales, "missing"), Permission.SELECT))
        .isInstanceOf(EntityNotFoundException.class);
    assertThatThrownBy(
            () ->
                lake.grant(
                    role, lake.columnsResource(sales, "orders", "missing"), Permission.SELECT))
        .isInstanceOf(EntityNotFoundException.class);
  }

  @Test
  void selectOnColumnsExcludesOtherPermissionsOnTheTable() {
    lake.grant(role, lake.columnsResource(sales, "orders", "id"), Permission.SELECT);

    assertInvalid(() -> lake.grant(role, orders, Permission.INSERT), "exclude each other");
    lake.grant(role, orders, Permission.SELECT);
  }

  @Test
  void aBatchReportsTheEntriesThatFail() {
    List<BatchPermissionsRequestEntry> entries = new ArrayList<>();
    entries.add(entry("1", orders, Permission.SELECT));
    entries.add(entry("2", lake.tableResource(sales, "missing"), Permission.SELECT));
    entries.add(entry("3", lake.databaseResource(sales), Permission.DESCRIBE));

    assertThat(lake.lake().batchGrantPermissions(r -> r.entries(entries)).failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.requestEntry().id()).isEqualTo("2");
              assertThat(failure.error().errorCode()).isEqualTo("EntityNotFoundException");
            });
    assertThat(permissions(role, orders))
        .singleElement()
        .satisfies(
            row -> assertThat(row.permissionsWithGrantOption()).containsExactly(Permission.SELECT));
    assertThat(lake.lake().batchRevokePermissions(r -> r.entries(entries)).failures()).hasSize(1);
    assertThat(permissions(role, orders)).isEmpty();
  }

  @Test
  void aBatchHasAtMostTwentyEntries() {
    List<BatchPermissionsRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i <= 20; i++) {
      entries.add(entry("e" + i, orders, Permission.SELECT));
    }

    assertInvalid(() -> lake.lake().batchGrantPermissions(r -> r.entries(entries)), "20 entries");
    assertThat(permissions(role, orders)).isEmpty();
    lake.lake().batchGrantPermissions(r -> r.entries(entries.subList(0, 20)));
  }

  @Test
  void permissionsAreListedInPagesByType() {
    lake.grant(role, orders, Permission.SELECT, Permission.INSERT);
    lake.grant(role, lake.databaseResource(sales), Permission.DESCRIBE);
    List<PrincipalResourcePermissions> found = new ArrayList<>();
    String token = null;
    do {
      String next = token;
      ListPermissionsResponse page =
          lake.lake()
              .listPermissions(
                  r -> r.resourceType(DataLakeResourceType.DATABASE).maxResults(1).nextToken(next));
      found.addAll(page.principalResourcePermissions());
      token = page.nextToken();
    } while (token != null);

    assertThat(found)
        .filteredOn(row -> row.principal().dataLakePrincipalIdentifier().equals(role))
        .singleElement()
        .satisfies(row -> assertThat(row.resource().database().name()).isEqualTo(sales));
    assertInvalid(
        () -> lake.lake().listPermissions(r -> r.principal(LakeAccount.principal(role))),
        "Resource is mandatory");
    try (LakeFormationClient client = lake.as(analyst).lakeFormation()) {
      assertThat(client.listPermissions(r -> {}).principalResourcePermissions()).hasSize(3);
    }
  }

  private GrantPermissionsRequest toNext(Permission permission) {
    return lake.request(lake.role("next"), orders, permission).build();
  }

  private BatchPermissionsRequestEntry entry(
      String name, Resource resource, Permission permission) {
    return BatchPermissionsRequestEntry.builder()
        .id(name)
        .principal(LakeAccount.principal(role))
        .resource(resource)
        .permissions(permission)
        .permissionsWithGrantOption(permission)
        .build();
  }
}
