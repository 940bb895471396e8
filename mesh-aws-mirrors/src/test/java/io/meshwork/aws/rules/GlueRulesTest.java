package io.meshwork.aws.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.Policies;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AccessDeniedException;
import software.amazon.awssdk.services.glue.model.ConcurrentModificationException;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.GetTablesResponse;
import software.amazon.awssdk.services.glue.model.GlueException;
import software.amazon.awssdk.services.glue.model.InvalidInputException;
import software.amazon.awssdk.services.glue.model.PrincipalPermissions;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.lakeformation.model.Permission;

/** Glue's Data Catalog on the emulator: catalogs, links, versions, policies, and visibility. */
class GlueRulesTest {
  private static final String OPEN = "610000000001";
  private static final String PRODUCER = "610000000002";
  private static final String CONSUMER = "610000000003";

  private static AwsEmulator aws;
  private static LakeAccount open;
  private static LakeAccount producer;
  private static LakeAccount consumer;

  private final String id = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  private final String sales = "sales_" + id;
  private final String links = "links_" + id;
  private final String analyst = "analyst-" + id;

  @BeforeAll
  static void start() {
    aws = AwsEmulator.start();
    aws.organization(PRODUCER, CONSUMER);
    open = LakeAccount.open(aws, OPEN);
    producer = LakeAccount.governed(aws, PRODUCER);
    consumer = LakeAccount.governed(aws, CONSUMER);
  }

  @AfterAll
  static void close() {
    if (aws != null) {
      open.close();
      producer.close();
      consumer.close();
      aws.close();
    }
  }

  @BeforeEach
  void createTables() {
    aws.reset();
    producer.createDatabase(sales);
    producer.createTable(sales, "orders", "id", "email", "total");
    producer.createTable(sales, "returns", "id");
    consumer.createDatabase(links);
  }

  @Test
  void aTableWhoseVersionIsStaleIsNotUpdated() {
    GlueClient glue = producer.glue();
    String first = orders(glue).versionId();
    glue.updateTable(
        r -> r.databaseName(sales).versionId(first).tableInput(producer.input("orders", "id")));

    assertThatThrownBy(
            () ->
                glue.updateTable(
                    r ->
                        r.databaseName(sales)
                            .versionId(first)
                            .tableInput(producer.input("orders", "lost"))))
        .isInstanceOf(ConcurrentModificationException.class);

    assertThat(LakeAccount.columnsOf(orders(glue))).containsExactly("id");
    assertThat(orders(glue).versionId()).isNotEqualTo(first);
  }

  @Test
  void aVersionIsArchivedUnlessTheUpdateSkipsIt() {
    GlueClient glue = producer.glue();
    glue.updateTable(r -> r.databaseName(sales).tableInput(producer.input("orders", "id")));
    assertThat(versions(glue)).hasSize(2);

    glue.updateTable(
        r -> r.databaseName(sales).skipArchive(true).tableInput(producer.input("orders", "no")));

    assertThat(versions(glue)).hasSize(2);
    assertThat(versions(glue)).first().isEqualTo(orders(glue).versionId());
  }

  @Test
  void tablesAreListedInPages() {
    List<String> names = new ArrayList<>();
    String token = null;
    do {
      String next = token;
      GetTablesResponse page =
          producer.glue().getTables(r -> r.databaseName(sales).maxResults(1).nextToken(next));
      assertThat(page.tableList()).hasSize(1);
      page.tableList().forEach(table -> names.add(table.name()));
      token = page.nextToken();
    } while (token != null);

    assertThat(names).containsExactly("orders", "returns");
    assertThatThrownBy(
            () -> producer.glue().getTables(r -> r.databaseName(sales).nextToken("none")))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> producer.glue().getTables(r -> r.databaseName(sales).maxResults(101)))
        .isInstanceOf(GlueException.class);
  }

  @Test
  void newTablesOfANewAccountAreOpenToIam() {
    String database = "open_" + id;
    open.createDatabase(database);
    open.createTable(database, "notes", "text");

    try (GlueClient anyone = open.as("anyone-" + id).glue()) {
      Table table = anyone.getTable(r -> r.databaseName(database).name("notes")).table();
      assertThat(LakeAccount.columnsOf(table)).containsExactly("text");
      anyone.deleteTable(r -> r.databaseName(database).name("notes"));
      Database described = anyone.getDatabase(r -> r.name(database)).database();
      assertThat(described.createTableDefaultPermissions())
          .singleElement()
          .extracting(PrincipalPermissions::permissionsAsStrings)
          .isEqualTo(List.of("ALL"));
    }
  }

  @Test
  void aTableWithoutDefaultsIsVisibleToItsCreatorAndAdministratorOnly() {
    try (GlueClient other = producer.as(analyst).glue()) {
      assertThatThrownBy(() -> orders(other)).isInstanceOf(AccessDeniedException.class);
      assertThat(other.getTables(r -> r.databaseName(sales)).tableList()).isEmpty();
      assertThat(other.getDatabases(r -> {}).databaseList())
          .extracting(Database::name)
          .doesNotContain(sales);
      assertThatThrownBy(() -> other.getTable(r -> r.databaseName(sales).name("missing")))
          .isInstanceOf(EntityNotFoundException.class);
    }
    assertThat(orders(producer.glue()).createdBy()).isEqualTo(producer.administrator());
  }

  @Test
  void aGrantShowsATableWithTheColumnsThatItNames() {
    producer.grant(
        producer.role(analyst),
        producer.columnsResource(sales, "orders", "id", "total"),
        Permission.SELECT);

    try (GlueClient glue = producer.as(analyst).glue()) {
      assertThat(LakeAccount.columnsOf(orders(glue))).containsExactly("id", "total");
      assertThat(glue.getTables(r -> r.databaseName(sales)).tableList())
          .extracting(Table::name)
          .containsExactly("orders");
      assertThatThrownBy(() -> glue.getDatabase(r -> r.name(sales)))
          .isInstanceOf(AccessDeniedException.class);
      assertThatThrownBy(() -> glue.deleteTable(r -> r.databaseName(sales).name("orders")))
          .isInstanceOf(AccessDeniedException.class);
    }
  }

  @Test
  void anAdministratorDescribesTablesOfOthersAndDoesNotDropThem() {
    producer.grant(
        producer.role(analyst), producer.databaseResource(sales), Permission.CREATE_TABLE);
    try (GlueClient glue = producer.as(analyst).glue()) {
      glue.createTable(r -> r.databaseName(sales).tableInput(producer.input("notes", "text")));
    }
    GlueClient administrator = producer.glue();

    assertThat(administrator.getTable(r -> r.databaseName(sales).name("notes")).table().createdBy())
        .isEqualTo(producer.role(analyst));
    assertThatThrownBy(() -> administrator.deleteTable(r -> r.databaseName(sales).name("notes")))
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aForeignCatalogIsReadOnlyAsLakeFormationPermits() {
    GlueClient glue = consumer.glue();
    assertThatThrownBy(() -> foreignOrders(glue)).isInstanceOf(AccessDeniedException.class);

    producer.grantWithOption(
        CONSUMER, producer.tableResource(sales, "orders"), Permission.SELECT, Permission.DESCRIBE);

    assertThat(foreignOrders(glue).catalogId()).isEqualTo(PRODUCER);
    assertThatThrownBy(
            () -> glue.getTable(r -> r.catalogId(PRODUCER).databaseName(sales).name("returns")))
        .isInstanceOf(AccessDeniedException.class);
    try (GlueClient role = consumer.as(analyst).glue()) {
      assertThatThrownBy(() -> foreignOrders(role)).isInstanceOf(AccessDeniedException.class);
      consumer.grant(
          consumer.role(analyst),
          producer.columnsResource(sales, "orders", "total"),
          Permission.SELECT);
      assertThat(LakeAccount.columnsOf(foreignOrders(role))).containsExactly("total");
    }
  }

  @Test
  void aDatabaseLinkIsFollowedToTheTablesOfItsTarget() {
    share();
    link();

    Database database = consumer.glue().getDatabase(r -> r.name("link_" + id)).database();
    assertThat(database.targetDatabase().catalogId()).isEqualTo(PRODUCER);
    assertThat(database.targetDatabase().databaseName()).isEqualTo(sales);
    Table table =
        consumer.glue().getTable(r -> r.databaseName("link_" + id).name("orders")).table();
    assertThat(table.catalogId()).isEqualTo(PRODUCER);
    assertThat(table.databaseName()).isEqualTo(sales);
    assertThat(consumer.glue().getTables(r -> r.databaseName("link_" + id)).tableList())
        .extracting(Table::name)
        .containsExactly("orders", "returns");
  }

  @Test
  void aLinkNeedsDescribeOnItselfAndItsTarget() {
    share();
    link();
    try (GlueClient glue = consumer.as(analyst).glue()) {
      consumer.grant(consumer.role(analyst), producer.allTables(sales), Permission.SELECT);
      assertThatThrownBy(() -> glue.getTable(r -> r.databaseName("link_" + id).name("orders")))
          .isInstanceOf(AccessDeniedException.class);

      consumer.grant(
          consumer.role(analyst), consumer.databaseResource("link_" + id), Permission.DESCRIBE);

      assertThat(glue.getTable(r -> r.databaseName("link_" + id).name("orders")).table().name())
          .isEqualTo("orders");
    }
  }

  @Test
  void aTableLinkIsReturnedAsALinkWithTheColumnsOfItsTarget() {
    share();
    consumer
        .glue()
        .createTable(
            r ->
                r.databaseName(links)
                    .tableInput(
                        t ->
                            t.name("their_orders")
                                .targetTable(
                                    x ->
                                        x.catalogId(PRODUCER).databaseName(sales).name("orders"))));

    Table table = consumer.glue().getTable(r -> r.databaseName(links).name("their_orders")).table();

    assertThat(table.name()).isEqualTo("their_orders");
    assertThat(table.catalogId()).isEqualTo(CONSUMER);
    assertThat(table.targetTable().name()).isEqualTo("orders");
    assertThat(LakeAccount.columnsOf(table)).containsExactly("id", "email", "total");
    consumer.glue().deleteTable(r -> r.databaseName(links).name("their_orders"));
    assertThat(orders(producer.glue()).name()).isEqualTo("orders");
  }

  @Test
  void aLinkToWhatItsCreatorCannotSeeIsNotCreated() {
    assertThatThrownBy(this::link).isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aPolicyPermitsOnlyTheTablesThatItNames() {
    String arn = "arn:aws:glue:" + aws.region() + ":" + OPEN + ":";
    String database = "open_" + id;
    open.createDatabase(database);
    open.createTable(database, "notes", "text");
    open.createTable(database, "secrets", "text");
    EmulatedClients administrator = EmulatedClients.administrator(aws, OPEN);
    administrator.createRole(analyst, Policies.trust(OPEN));
    administrator.putRolePolicy(
        analyst,
        Policies.policy(
            """
            {"Effect":"Allow","Action":"glue:GetTable",
             "Resource":["%scatalog","%sdatabase/%s","%stable/%s/notes"]}\
            """
                .formatted(arn, arn, database, arn, database)));

    try (GlueClient glue = open.as(analyst).glue()) {
      assertThat(glue.getTable(r -> r.databaseName(database).name("notes")).table().name())
          .isEqualTo("notes");
      assertThatThrownBy(() -> glue.getTable(r -> r.databaseName(database).name("secrets")))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContainingAll("glue:GetTable", "table/" + database + "/secrets");
      assertThatThrownBy(() -> glue.deleteTable(r -> r.databaseName(database).name("notes")))
          .isInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("glue:DeleteTable");
    }
  }

  @Test
  void namesAreStoredInLowerCase() {
    producer.createTable(sales, "MixedCase", "Id");

    assertThat(
            producer.glue().getTable(r -> r.databaseName(sales).name("mixedcase")).table().name())
        .isEqualTo("mixedcase");
  }

  @Test
  void aFaultOfOneUpdateLeavesTheOthers() {
    aws.on("glue", "UpdateTable").nth(2).throttle();
    aws.on("glue", "UpdateTable").nth(3).loseReply();
    update("one");

    assertThatThrownBy(() -> update("two"))
        .isInstanceOfSatisfying(
            GlueException.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ThrottlingException"));
    assertThat(LakeAccount.columnsOf(orders(producer.glue()))).containsExactly("one");
    assertThatThrownBy(() -> update("three")).isInstanceOf(SdkClientException.class);
    assertThat(LakeAccount.columnsOf(orders(producer.glue()))).containsExactly("three");
    assertThat(aws.calls()).filteredOn("glue:UpdateTable"::equals).hasSize(3);
  }

  private void update(String column) {
    producer
        .glue()
        .updateTable(r -> r.databaseName(sales).tableInput(producer.input("orders", column)));
  }

  private void share() {
    producer.grantWithOption(CONSUMER, producer.databaseResource(sales), Permission.DESCRIBE);
    producer.grantWithOption(
        CONSUMER, producer.allTables(sales), Permission.SELECT, Permission.DESCRIBE);
  }

  private void link() {
    consumer
        .glue()
        .createDatabase(
            r ->
                r.databaseInput(
                    d ->
                        d.name("link_" + id)
                            .targetDatabase(t -> t.catalogId(PRODUCER).databaseName(sales))));
  }

  private Table orders(GlueClient glue) {
    return glue.getTable(r -> r.databaseName(sales).name("orders")).table();
  }

  private Table foreignOrders(GlueClient glue) {
    return glue.getTable(r -> r.catalogId(PRODUCER).databaseName(sales).name("orders")).table();
  }

  private List<String> versions(GlueClient glue) {
    return glue
        .getTableVersions(r -> r.databaseName(sales).tableName("orders"))
        .tableVersions()
        .stream()
        .map(version -> version.versionId())
        .toList();
  }
}
