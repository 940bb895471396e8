package io.meshwork.aws.rules;

import io.meshwork.aws.EmulatedClients;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Column;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableInput;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;
import software.amazon.awssdk.services.lakeformation.model.GrantPermissionsRequest;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.Resource;
import software.amazon.awssdk.services.ram.RamClient;

/**
 * A data lake of one account on the emulator, used as its administrator. Close it after use.
 *
 * @param aws the emulator
 * @param id the account
 * @param glue the client of the administrator
 * @param lake the client of the administrator
 * @param ram the client of the administrator
 */
public record LakeAccount(
    AwsEmulator aws, String id, GlueClient glue, LakeFormationClient lake, RamClient ram)
    implements AutoCloseable {
  /** Opens an account as it is, with the permissions of a new account if no test changed them. */
  public static LakeAccount open(AwsEmulator aws, String id) {
    EmulatedClients clients = EmulatedClients.administrator(aws, id);
    return new LakeAccount(aws, id, clients.glue(), clients.lakeFormation(), clients.ram());
  }

  /** Opens an account whose user is data lake administrator, without default permissions. */
  public static LakeAccount governed(AwsEmulator aws, String id) {
    LakeAccount account = open(aws, id);
    account.put(account.settings().build());
    return account;
  }

  DataLakeSettings.Builder settings() {
    return DataLakeSettings.builder()
        .dataLakeAdmins(principal(administrator()))
        .createDatabaseDefaultPermissions(List.of())
        .createTableDefaultPermissions(List.of())
        .allowFullTableExternalDataAccess(true)
        .parameters(Map.of("CROSS_ACCOUNT_VERSION", "4"));
  }

  public void put(DataLakeSettings settings) {
    lake.putDataLakeSettings(r -> r.dataLakeSettings(settings));
  }

  public String administrator() {
    return "arn:aws:iam::" + id + ":user/administrator";
  }

  public String role(String name) {
    return "arn:aws:iam::" + id + ":role/" + name;
  }

  /** Returns the clients of a role that IAM permits everything, unless a test gave it policies. */
  public EmulatedClients as(String role) {
    return EmulatedClients.administrator(aws, id).assuming(role(role));
  }

  public void createDatabase(String name) {
    glue.createDatabase(r -> r.databaseInput(d -> d.name(name)));
  }

  public void createTable(String database, String name, String... columns) {
    glue.createTable(r -> r.databaseName(database).tableInput(input(name, columns)));
  }

  /** Returns a table at a location of its name in the bucket {@code lake-ACCOUNT}. */
  TableInput input(String name, String... columns) {
    return TableInput.builder()
        .name(name)
        .tableType("EXTERNAL_TABLE")
        .storageDescriptor(
            d -> d.location("s3://lake-" + id + "/" + name).columns(columns(columns)))
        .build();
  }

  public void grant(String principal, Resource resource, Permission... permissions) {
    lake.grantPermissions(request(principal, resource, permissions).build());
  }

  void grantWithOption(String principal, Resource resource, Permission... permissions) {
    lake.grantPermissions(
        request(principal, resource, permissions).permissionsWithGrantOption(permissions).build());
  }

  public GrantPermissionsRequest.Builder request(
      String principal, Resource resource, Permission... permissions) {
    return GrantPermissionsRequest.builder()
        .principal(principal(principal))
        .resource(resource)
        .permissions(permissions);
  }

  public Resource databaseResource(String name) {
    return Resource.builder().database(d -> d.catalogId(id).name(name)).build();
  }

  public Resource tableResource(String database, String name) {
    return Resource.builder().table(t -> t.catalogId(id).databaseName(database).name(name)).build();
  }

  Resource allTables(String database) {
    return Resource.builder()
        .table(t -> t.catalogId(id).databaseName(database).tableWildcard(w -> {}))
        .build();
  }

  Resource columnsResource(String database, String name, String... columns) {
    return Resource.builder()
        .tableWithColumns(
            t -> t.catalogId(id).databaseName(database).name(name).columnNames(columns))
        .build();
  }

  public static DataLakePrincipal principal(String identifier) {
    return DataLakePrincipal.builder().dataLakePrincipalIdentifier(identifier).build();
  }

  public static List<String> columnsOf(Table table) {
    return table.storageDescriptor().columns().stream().map(Column::name).toList();
  }

  private static List<Column> columns(String... names) {
    return Arrays.stream(names)
        .map(name -> Column.builder().name(name).type("string").build())
        .toList();
  }

  @Override
  public void close() {
    glue.close();
    lake.close();
    ram.close();
  }
}
